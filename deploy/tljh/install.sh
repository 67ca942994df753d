#!/bin/sh
# Installs the course's own Python environment, at the versions in requirements.lock. Run it again after an upgrade.
# The checkout stays in use: clone it to a place that everybody on the machine may read, such as /opt/impact/course.
set -eu
cd "$(dirname "$0")/../.."

environment=${IMPACT_ENVIRONMENT:-/opt/impact/environment}
hub=${IMPACT_HUB:-/opt/tljh/hub}
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' || {
    echo "The course needs Python 3.11 or 3.12, and $python is another. Name one with PYTHON=..., such as PYTHON=python3.12." >&2
    exit 1
}
"$python" -m venv "$environment"
"$environment/bin/pip" install --quiet --require-hashes -r requirements.lock
"$environment/bin/pip" install --quiet --no-deps --no-build-isolation -e .

# The widgets' front end, which notebooks load.
"$environment/bin/python" -c 'from coursekit.build import frontend; frontend.build()'

# A learner's server and the hub must be of one version.
version=$("$hub/bin/python" -c 'import jupyterhub; print(jupyterhub.__version__)')
"$environment/bin/pip" install --quiet --no-deps "jupyterhub==$version"
echo "Installed in $environment, for JupyterHub $version."
