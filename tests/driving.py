"""Firefox and WebKit, each by the W3C protocol it speaks itself: no driver program but the browser's own."""

import json
import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import websocket

FIREFOX = Path("/usr/bin/firefox-esr")
WEBKIT_DRIVER = Path("/usr/bin/WebKitWebDriver")
XVFB = Path("/usr/bin/Xvfb")
MINI_BROWSERS = "/usr/lib/*/webkit2gtk-4*/MiniBrowser"
QUIET = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.startup.page": 0,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#",
    "toolkit.telemetry.enabled": False,
}
SIZE = (1280, 1000)
MIDDLE = """
const at = document.querySelector({selector});
if (!at) throw new Error("nothing on the page is " + {selector});
at.scrollIntoView({{ block: "center", behavior: "instant" }});
const box = at.getBoundingClientRect();
return [Math.round(box.left + box.width / 2), Math.round(box.top + box.height / 2)];
"""
KEYS = {"ArrowRight": "\ue014", "ArrowUp": "\ue013"}


class Driven:
    """A browser that opens pages, runs script in them, and is clicked and typed at."""

    def open(self, address: str) -> None:
        raise NotImplementedError

    def run(self, script: str) -> Any:
        """Run the body of a function in the page; return what it returns."""
        raise NotImplementedError

    def act(self, actions: list[dict[str, Any]]) -> None:
        """Perform W3C input actions, as a hand on mouse and keyboard would."""
        raise NotImplementedError

    def click(self, selector: str) -> None:
        x, y = self.run(MIDDLE.format(selector=json.dumps(selector)))
        moves = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self.act([{"type": "pointer", "id": "mouse", "actions": moves}])

    def press(self, keys: list[str]) -> None:
        strokes = [{"type": way, "value": KEYS.get(key, key)} for key in keys for way in ("keyDown", "keyUp")]
        self.act([{"type": "key", "id": "keyboard", "actions": strokes}])

    def wait_for(self, script: str, seconds: float = 90) -> Any:
        """Run a script until it returns something true; return that."""
        until = time.monotonic() + seconds
        while not (found := self.run(script)):
            if time.monotonic() > until:
                raise TimeoutError(f"after {seconds} seconds still not: {script}")
            time.sleep(0.2)
        return found


class Firefox(Driven):
    """Firefox by WebDriver BiDi, its own remote protocol on a WebSocket."""

    def __init__(self, profile: Path):
        self._asked = 0
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in QUIET.items()]
        (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
        self._process = subprocess.Popen(
            [FIREFOX, "--headless", "--no-remote", "--remote-debugging-port=0", "--profile", profile,
             f"--width={SIZE[0]}", f"--height={SIZE[1]}"],
            stderr=(profile / "said.txt").open("w"),
        )  # fmt: skip
        try:
            self._socket = websocket.create_connection(
                self._address(profile / "said.txt"), timeout=120, suppress_origin=True
            )
            self._ask("session.new", capabilities={})
            self._tab = self._ask("browsingContext.getTree")["contexts"][0]["context"]
        except BaseException:
            self._process.kill()
            raise

    def open(self, address: str) -> None:
        self._ask("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def run(self, script: str) -> Any:
        expression = f"JSON.stringify((() => {{ {script} }})() ?? null)"
        answer = self._ask(
            "script.evaluate", expression=expression, target={"context": self._tab}, awaitPromise=True
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def act(self, actions: list[dict[str, Any]]) -> None:
        self._ask("input.performActions", context=self._tab, actions=actions)

    def close(self) -> None:
        try:
            self._ask("browser.close")
            self._process.wait(30)
        finally:
            self._process.kill()
            self._process.wait()

    def _address(self, said: Path) -> str:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if listening := re.search(r"listening on (ws://\S+)", said.read_text(errors="replace")):
                return f"{listening[1]}/session"
            time.sleep(0.2)
        raise TimeoutError(f"Firefox did not start: {said.read_text(errors='replace')[-500:]}")

    def _ask(self, method: str, **params: Any) -> Any:
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == self._asked:
                if answer["type"] == "error":
                    raise RuntimeError(f"{method}: {answer['message']}")
                return answer["result"]


class WebKit(Driven):
    """WebKitGTK's MiniBrowser by classic WebDriver, on a display that nobody looks at."""

    def __init__(self, folder: Path, mini_browser: Path):
        self._screen = subprocess.Popen(
            [XVFB, "-displayfd", "1", "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        display = self._screen.stdout.readline().strip()
        port = _free_port()
        home = {name: str(folder) for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
        self._driver = subprocess.Popen(
            [WEBKIT_DRIVER, f"--port={port}"],
            env={**os.environ, **home, "DISPLAY": f":{display}", "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._root = f"http://127.0.0.1:{port}/session"
        options = {"binary": str(mini_browser), "args": ["--automation"]}
        try:
            wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
            session = self._ask("POST", "", {"capabilities": wanted}, seconds=60)
            self._root += f"/{session['sessionId']}"
            self._ask("POST", "/window/rect", {"x": 0, "y": 0, "width": SIZE[0], "height": SIZE[1]})
        except BaseException:
            self._stop()
            raise

    def open(self, address: str) -> None:
        self._ask("POST", "/url", {"url": address})

    def run(self, script: str) -> Any:
        return self._ask("POST", "/execute/sync", {"script": script, "args": []})

    def act(self, actions: list[dict[str, Any]]) -> None:
        self._ask("POST", "/actions", {"actions": actions})

    def close(self) -> None:
        try:
            self._ask("DELETE", "")
        finally:
            self._stop()

    def _stop(self) -> None:
        for process in (self._driver, self._screen):
            process.terminate()
            process.wait(30)

    def _ask(self, method: str, path: str, body: Any = None, seconds: float = 0) -> Any:
        data = None if body is None else json.dumps(body).encode()
        until = time.monotonic() + seconds
        while True:
            request = urllib.request.Request(self._root + path, data=data, method=method)
            try:
                with urllib.request.urlopen(request, timeout=120) as answer:
                    return json.load(answer)["value"]
            except urllib.error.HTTPError as error:
                raise RuntimeError(f"{path}: {json.load(error)['value']['message']}") from error
            except urllib.error.URLError:  # the driver is not listening yet
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
