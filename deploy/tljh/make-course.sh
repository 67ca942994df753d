#!/bin/sh
# Makes the course's account, folders and exchange. Run it as root; running it again changes nothing that is there.
#
#   make-course.sh [GROUP]
#
# GROUP is the system group whose members may fetch and hand in. The default is the one that The Littlest JupyterHub
# puts everybody into who logs in.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
learners=${1:-jupyterhub-users}
account=impact-course
course=impact-in-practice
place=/srv/impact
python=/opt/impact/environment/bin/python

[ "$(id -u)" = 0 ] || { echo "Run this with sudo: it makes an account." >&2; exit 1; }
[ -x "$python" ] || { echo "There is no $python. Run install.sh first." >&2; exit 1; }

groupadd --force "$learners"
install -d -m 0755 "$place"
id "$account" >/dev/null 2>&1 ||
    useradd --system --user-group --home-dir "$place/account" --shell /bin/bash "$account"
usermod --append --groups "$learners" "$account"
install -d -m 0700 -o "$account" -g "$account" "$place/account"

runuser -u "$account" -- test -r "$here/../../src/coursekit/cli.py" || {
    echo "Other accounts cannot read the course in $here. Clone it to /opt/impact/course." >&2
    exit 1
}

for role in learner facilitator; do
    rm -rf "${place:?}/$role"
    cp -R "$here/$role" "$place/$role"
    chmod -R u=rwX,go=rX "$place/$role"
done

# Every account made from now on sees the lessons in its home, to run and to save copies of.
rm -rf "${place:?}/lessons"
for notebooks in "$here"/../../modules/*/notebooks; do
    module=$(basename "$(dirname "$notebooks")")
    install -d "$place/lessons/$module"
    install -m 0644 "$notebooks"/*.ipynb "$place/lessons/$module"
done
ln -sfn "$place/lessons" /etc/skel/lessons

# The outer folder keeps everybody else on this machine out. nbgrader wants its own to be open to all who get in; the
# sticky bit keeps them from moving or removing what is not theirs.
exchange=$place/exchange
install -d -m 0710 -o root -g "$learners" "$exchange"
install -d -m 1777 -o "$account" -g "$account" "$exchange/nbgrader"
own="install -d -o $account -g $account -m"
$own 0755 "$exchange/nbgrader/$course"
$own 0755 "$exchange/nbgrader/$course/outbound"
$own 0711 "$exchange/nbgrader/$course/feedback"
$own 3733 "$exchange/nbgrader/$course/inbound" # to put into, not to look into

runuser -u "$account" -- env HOME="$place/account" "$python" - "$place/account/course" <<'PYTHON'
import sys
from pathlib import Path

from coursekit.grade.folder import open_folder
from coursekit.grade.release import exercises

for assignment in exercises():
    open_folder(Path(sys.argv[1]), assignment)
PYTHON
echo "Ready: $place. Reload the hub, then add facilitators to the group formgrade-$course on its admin page."
