"""A stand-in for whatever takes webhooks: keeps what it was sent, and can be told to answer otherwise."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

STALL = 0
"""Instead of a status: no answer."""


@dataclass
class HookReceiver:
    """`answers` are used up in order; afterwards each request is taken."""

    answers: list[int] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    @property
    def told(self) -> list[tuple[str, str]]:
        """Each event that was taken: its type, and the alarm's code."""
        return [(event["type"].removeprefix("alarm."), event["data"]["code"]) for event in self.events]

    @property
    def events(self) -> list[Any]:
        return [json.loads(body) for body in self.bodies]


@contextmanager
def hook_receiver() -> Iterator[HookReceiver]:
    """One that listens on loopback while the block runs."""
    desk = HookReceiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = desk.answers.pop(0) if desk.answers else 204
            if status == STALL:
                time.sleep(2)
                return
            if status < 300:
                desk.bodies.append(body)
                desk.headers.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", desk.url)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    desk.url = f"http://127.0.0.1:{server.server_port}/hook?token=t0k3n"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield desk
    finally:
        server.shutdown()
        server.server_close()
