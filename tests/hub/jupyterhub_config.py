"""A hub for the test: what The Littlest JupyterHub does by itself, done here in small, then the shipped file on top."""

import os
import pwd
import subprocess
from pathlib import Path

from jupyterhub.spawner import LocalProcessSpawner

c = get_config()  # noqa: F821  JupyterHub puts it here


class AccountSpawner(LocalProcessSpawner):
    """Runs each user's server under an account made on their first visit, as TLJH's UserCreatingSpawner does."""

    @property
    def account(self):
        return f"jupyter-{self.user.name}"

    async def start(self):
        try:
            pwd.getpwnam(self.account)
        except KeyError:
            subprocess.run(["useradd", "--create-home", self.account], check=True)
            subprocess.run(["chmod", "o-rwx", f"/home/{self.account}"], check=True)
            subprocess.run(["gpasswd", "--add", self.account, "jupyterhub-users"], check=True)
        return await super().start()

    def make_preexec_fn(self, name):
        return super().make_preexec_fn(self.account)

    def user_env(self, env):
        found = pwd.getpwnam(self.account)
        return {**env, "USER": found.pw_name, "HOME": found.pw_dir, "SHELL": found.pw_shell}


c.JupyterHub.bind_url = os.environ["TEST_HUB_URL"]
c.JupyterHub.hub_port = int(os.environ["TEST_HUB_PORT"])
c.JupyterHub.db_url = "sqlite:////srv/hub.sqlite"
c.JupyterHub.cookie_secret_file = "/srv/hub-cookie-secret"
c.ConfigurableHTTPProxy.pid_file = "/srv/hub-proxy.pid"
c.ConfigurableHTTPProxy.command = os.environ["TEST_HUB_PROXY"].split()
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{os.environ['TEST_HUB_PROXY_PORT']}"
c.JupyterHub.log_level = "WARN"

c.JupyterHub.spawner_class = AccountSpawner
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = os.environ["TEST_HUB_PASSWORD"]
c.Authenticator.allow_all = True
c.JupyterHub.services = [{"name": "test", "api_token": os.environ["TEST_HUB_TOKEN"]}]
c.JupyterHub.load_roles = [{"name": "test", "services": ["test"], "scopes": ["admin:users", "admin:groups"]}]

shipped = Path(__file__).parents[2] / "deploy" / "tljh" / "impact.py"
load_subconfig(str(shipped))  # noqa: F821  JupyterHub puts it here
for service in c.JupyterHub.services:
    if "url" in service:
        service["url"] = f"http://127.0.0.1:{os.environ['TEST_HUB_SERVICE_PORT']}"
