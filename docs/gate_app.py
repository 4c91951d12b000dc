"""An application that asks for a yes: its own pages, its own session, and a server that alone holds the key.

`python -m docs.gate_app build/demo` shows it by hand after `make demo`. Its three requests are those of
`docs/acceptance.md`: where a person stands, what they said, what they said so far.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

CHECKOUT = Path(__file__).resolve().parents[1]
GATE = CHECKOUT / "embed" / "gate.js"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'"
"""As strict as an application may be: the gate needs no more."""
STYLE = """:root { color-scheme: light dark } body { font: 1.05rem/1.6 system-ui, sans-serif; max-width: 46rem;
margin: 0 auto; padding: 1.5rem } button { font: inherit; padding: .5rem 1rem }"""
PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Harbour Chat</title><link rel="stylesheet" href="app.css">
<script src="gate.js" data-endpoint="consent" defer></script></head>
<body><main><h1>Harbour Chat</h1><p>You are signed in. The page works behind the question, once it is answered.</p>
<button type="button" autofocus>Write a message</button></main></body></html>"""


@dataclass(frozen=True)
class Twin:
    """What the application's server asks of Notifier, with the key that no browser sees."""

    url: str
    key: str

    def standing(self, person: str, language: str) -> tuple[int, bytes]:
        return self.ask("GET", f"/v1/people/{quote(person, safe='')}/standing?language={quote(language)}")

    def accept(self, person: str, said: Mapping[str, object], once: str) -> tuple[int, bytes]:
        """`said` comes from the browser: who it is, the session alone says."""
        body = json.dumps({**said, "person": person}).encode()
        return self.ask("POST", "/v1/acceptances", body, {"Idempotency-Key": f"{person}:{once}"})

    def history(self, person: str) -> tuple[int, bytes]:
        return self.ask("GET", f"/v1/people/{quote(person, safe='')}/history")

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        place = urlsplit(self.url)
        connection = HTTPConnection(place.hostname or "", place.port, timeout=30)
        try:
            named = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **(headers or {})}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


class _Handler(BaseHTTPRequestHandler):
    twin: Twin
    person = ""
    """Whom the session is of; a real application reads it from its own cookie."""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        asked = parse_qs(query)
        if path == "/consent":
            self._answer(*self.twin.standing(self.person, asked.get("language", ["en"])[0]), "application/json")
        elif path == "/":
            page = PAGE.format(language="de" if asked.get("language") == ["de"] else "en")
            self._answer(200, page.encode(), "text/html; charset=utf-8")
        elif path == "/gate.js":
            self._answer(200, GATE.read_bytes(), "text/javascript")
        elif path == "/app.css":
            self._answer(200, STYLE.encode(), "text/css")
        else:
            self._answer(404, b"nothing here", "text/plain")

    def do_POST(self) -> None:
        """Only from pages of its own: another site cannot say yes for somebody."""
        length = int(self.headers.get("Content-Length") or 0)
        if self.path != "/consent" or self.headers.get("Sec-Fetch-Site") != "same-origin" or length > 8192:
            return self._answer(403, b"not from here", "text/plain")
        said = json.loads(self.rfile.read(length))
        once = self.headers.get("Idempotency-Key") or ""
        return self._answer(*self.twin.accept(self.person, said, once), "application/json")

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def application(twin: Twin, person: str) -> Iterator[str]:
    """The application's address, with this person signed in."""
    handler = type("Handler", (_Handler,), {"twin": twin, "person": person})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def notifier_serving(root: Path) -> Iterator[Twin]:
    """`notifier serve` of an installation on a free port, its pages' address its own, and a key to it."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url, config = f"http://127.0.0.1:{port}", root / "gate.toml"
    lines = [
        line for line in (root / "config.toml").read_text().splitlines() if not line.startswith(("url = ", "port = "))
    ]
    text = "\n".join(lines).replace("[page]", f'[page]\nurl = "{url}/"').replace("[web]", f"[web]\nport = {port}")
    config.write_text(text)
    command = [sys.executable, "-m", "notifier"]
    made = subprocess.run(
        [*command, "keys", "create", "--config", str(config)], check=True, capture_output=True, text=True
    )
    server = subprocess.Popen([*command, "serve", "--config", str(config)], stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None  # noqa: S101 - it is a pipe
        server.stderr.readline()
        yield Twin(url, made.stdout.strip())
    finally:
        server.terminate()
        server.communicate(timeout=20)


def main(root: Path, person: str) -> None:
    with notifier_serving(root) as twin, application(twin, person) as url:
        print(f"customer {person} is signed in at {url} (in German: {url}?language=de); stop with Ctrl-C")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/demo"), sys.argv[2] if len(sys.argv) > 2 else "1002")
