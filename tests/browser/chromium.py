"""A page in a real browser, spoken to by the Chrome DevTools Protocol."""

import json
import urllib.request
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import websocket

# Nothing that a browser does by itself, so that what happens is the page's doing.
CHROMIUM = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-quic"),
    *("--disable-extensions", "--remote-debugging-port=0", "--remote-allow-origins=*"),
]
SECONDS = 60
ERRORS = {
    "Runtime.exceptionThrown",
    "Runtime.consoleAPICalled",
    "Log.entryAdded",
    "Page.javascriptDialogOpening",
}
OWN = {"file", "data", "about", "blob"}


class Tab:
    """One page.

    Parameters
    ----------
    folder : pathlib.Path
        The browser's folder, with the file that says where it listens.
    """

    def __init__(self, folder: Path):
        port = (folder / "DevToolsActivePort").read_text().split()[0]
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/json/new", method="PUT")
        with urllib.request.urlopen(asked) as answer:
            place = json.load(answer)["webSocketDebuggerUrl"]
        self._socket = websocket.create_connection(place, timeout=SECONDS)
        self._numbers, self.events = count(1), []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def call(self, method: str, **parameters):
        """Send a command; what happens until its answer comes is kept in `events`."""
        number = next(self._numbers)
        command = {"id": number, "method": method, "params": parameters}
        self._socket.send(json.dumps(command))
        while (told := json.loads(self._socket.recv())).get("id") != number:
            self.events.append(told)
        assert "error" not in told, (method, told)
        return told["result"]

    def open(self, path: Path) -> None:
        """Load a file and wait until all of it is there."""
        self.call("Page.navigate", url=path.resolve().as_uri())
        loaded = """new Promise(done => document.readyState == "complete"
            ? done() : addEventListener("load", done))"""
        self.run(loaded)

    def run(self, script: str):
        """Value of a JavaScript expression in the page."""
        told = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in told, (script, told)
        return told["result"].get("value")

    def complaints(self) -> list[str]:
        """What went wrong or ran, and what was asked for from elsewhere."""
        self.run("1")
        wrong = [str(event) for event in self.events if event["method"] in ERRORS]
        asked = [
            event["params"]["request"]["url"]
            for event in self.events
            if event["method"] == "Network.requestWillBeSent"
        ]
        return wrong + [url for url in asked if urlsplit(url).scheme not in OWN]
