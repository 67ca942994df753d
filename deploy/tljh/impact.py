"""The course on The Littlest JupyterHub: this file goes into /opt/tljh/config/jupyterhub_config.d.

Each learner has a server under a system account of their own. Facilitators share one more server, which runs under the
course's account and holds the gradebook. Who is a facilitator is said on the hub's admin page, under groups.
"""

COURSE = "impact-in-practice"  # as in exercises/nbgrader_config.py
FACILITATORS = f"formgrade-{COURSE}"
SERVICE = "impact"
PLACE = "/srv/impact"  # as in make-course.sh
PROGRAMS = "/opt/impact/environment/bin"  # as in install.sh

c = get_config()  # noqa: F821  JupyterHub puts it here

path = f"{PROGRAMS}:/usr/local/bin:/usr/bin:/bin"

c.Spawner.cmd = [f"{PROGRAMS}/jupyterhub-singleuser"]
c.Spawner.environment = {"PATH": path, "JUPYTER_CONFIG_PATH": f"{PLACE}/learner"}
c.Spawner.default_url = "/lab"
c.Spawner.http_timeout = c.Spawner.start_timeout = 120  # a cold disk takes a while to read JupyterLab

c.SystemdSpawner.extra_paths = [PROGRAMS]
c.SystemdSpawner.isolate_tmp = True
c.SystemdSpawner.isolate_devices = True

c.JupyterHub.load_groups = {FACILITATORS: {"users": []}}
c.JupyterHub.services.append(
    {
        "name": SERVICE,
        "url": "http://127.0.0.1:10101",  # any free port
        "command": [f"{PROGRAMS}/jupyterhub-singleuser"],
        "user": "impact-course",
        "cwd": f"{PLACE}/account/course",
        "oauth_no_confirm": True,  # it is the hub's own: no question before the first visit
        "environment": {
            "PATH": path,
            "HOME": f"{PLACE}/account",
            "JUPYTER_CONFIG_PATH": f"{PLACE}/facilitator",
            "JUPYTERHUB_DEFAULT_URL": "/formgrader",
        },
    }
)
c.JupyterHub.load_roles.append(
    {"name": FACILITATORS, "groups": [FACILITATORS], "scopes": [f"access:services!service={SERVICE}"]}
)
