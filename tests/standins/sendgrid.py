"""A stand-in for SendGrid: a real HTTP server on loopback that keeps the list of truly accepted recipients.

In a thread (`with SendGrid() as provider`) or in a process of its own (`with SendGridProcess() as provider`, or
`python -m tests.standins.sendgrid`); both have `url`, `script`, `accepted`, `counts`.
"""

from __future__ import annotations

import argparse
import json
import secrets
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, cast
from urllib.request import Request, urlopen

from tests.standins.faults import NONE, Do, Fault, errors
from tests.standins.rules import MOST_BYTES, Refusal, refusals

API_KEY = "SG.stand-in.0123456789abcdef"
SEND_PATH = "/v3/mail/send"
CONTROL = "/stand-in"


class Taken(NamedTuple):
    """One recipient that was truly accepted."""

    delivery_key: str
    attempt_id: str
    email: str
    request_id: str


@dataclass
class Desk:
    """What the stand-in was told and what it saw; guarded by `lock`."""

    latency_s: float = 0.0
    lean: bool = False
    """Keeps how often each delivery was accepted, and nothing else; for millions."""
    refused: frozenset[str] = frozenset()
    names_refused: bool = True
    api_key: str = API_KEY
    script: deque[Fault] = field(default_factory=deque)
    taken: list[Taken] = field(default_factory=list)
    times: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    too_early: int = 0
    connections: int = 0
    limited_until: float = 0.0
    last_byte_at: float = 0.0
    """When the last body had come in whole, by this process's clock."""
    bodies: deque[tuple[dict[str, str], bytes]] = field(default_factory=lambda: deque(maxlen=20))
    """The last requests, headers and raw body."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_fault(self) -> Fault:
        with self.lock:
            self.requests += 1
            if time.monotonic() < self.limited_until:
                self.too_early += 1
                return Fault(status=429, body=errors("too many requests"))
            fault = self.script.popleft() if self.script else NONE
            if fault.limits_for_s:
                self.limited_until = time.monotonic() + fault.limits_for_s
            return fault

    def take(self, body: dict[str, Any], request_id: str) -> None:
        people = [(each["to"][0]["email"], each.get("custom_args", {})) for each in body["personalizations"]]
        with self.lock:
            self.times.update(args.get("pn_d", email) for email, args in people)
            if not self.lean:
                self.taken.extend(Taken(args.get("pn_d", ""), args.get("pn_a", ""), email, request_id)
                                  for email, args in people)  # fmt: skip

    def forget(self) -> None:
        """All that it was told and saw since its start."""
        with self.lock:
            for kept in (self.script, self.taken, self.times, self.bodies):
                kept.clear()
            self.refused, self.limited_until = frozenset(), 0.0
            self.requests = self.too_early = self.connections = 0

    def counts(self) -> dict[str, int]:
        with self.lock:
            repeated = sum(1 for times in self.times.values() if times > 1)
            return {"requests": self.requests, "accepted": self.times.total(), "deliveries": len(self.times),
                    "repeated": repeated, "too_early": self.too_early, "connections": self.connections}  # fmt: skip


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, desk: Desk, host: str, port: int) -> None:
        super().__init__((host, port), _Answers)
        self.desk = desk

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is part of the tests; anything else is a fault of the stand-in."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def setup(self) -> None:
        super().setup()
        self.desk = cast(_Server, self.server).desk
        with self.desk.lock:
            self.desk.connections += 1

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        if self.path == f"{CONTROL}/accepted":
            return self._reply(200, json.dumps(self.desk.taken))
        if self.path == f"{CONTROL}/counts":
            return self._reply(200, json.dumps(self.desk.counts()))
        if self.path == f"{CONTROL}/last":
            return self._reply(200, json.dumps([self.desk.requests, time.monotonic() - self.desk.last_byte_at]))
        return self._reply(404 if self.path != SEND_PATH else 405, errors("not found"))

    def do_POST(self) -> None:
        if self.path.startswith(CONTROL):
            return self._control()
        if self.path != SEND_PATH:
            return self._reply(404, errors("not found"))
        fault = self.desk.next_fault()
        if fault.do is Do.RESET_UNREAD:
            return self._reset()
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.desk.last_byte_at = time.monotonic()
        return self._send_mail(raw, fault)

    def _send_mail(self, raw: bytes, fault: Fault) -> None:
        started = time.monotonic()
        if not self.desk.lean:
            self.desk.bodies.append((dict(self.headers), raw))
        if not fault.accepts:
            return self._act(fault, fault.status, fault.body, dict(fault.headers))
        status, body, headers = self._judge(raw)
        time.sleep(max(0.0, self.desk.latency_s - (time.monotonic() - started)))
        if status not in (200, 202) or fault.status == 202:
            return self._act(fault, status, body, headers)
        return self._act(fault, fault.status, fault.body, dict(fault.headers))

    def _judge(self, raw: bytes) -> tuple[int, str, dict[str, str]]:
        """Take the mail or refuse it, as SendGrid would."""
        if self.headers.get("Authorization") != f"Bearer {self.desk.api_key}":
            return 401, errors("The provided authorization grant is invalid, expired, or revoked"), {}
        if len(raw) > MOST_BYTES:
            return 413, errors("Payload too large"), {}
        if self.headers.get_content_type() != "application/json":
            return 415, errors("Content-Type should be application/json."), {}
        try:
            body = json.loads(raw)
        except ValueError:
            return 400, errors("Bad Request"), {}
        found = refusals(body, refused_addresses=self.desk.refused, names_refused=self.desk.names_refused)
        return self._verdict(body, found)

    def _verdict(self, body: dict[str, Any], found: list[Refusal]) -> tuple[int, str, dict[str, str]]:
        if found:
            return 400, json.dumps({"errors": found}), {}
        if (body.get("mail_settings") or {}).get("sandbox_mode", {}).get("enable"):
            return 200, "", {}
        request_id = secrets.token_urlsafe(16)
        self.desk.take(body, request_id)
        return 202, "", {"X-Message-Id": request_id}

    def _act(self, fault: Fault, status: int, body: str, headers: dict[str, str]) -> None:
        self.close_connection = fault.do is not Do.ANSWER
        if fault.do in (Do.ANSWER, Do.HANG):
            time.sleep(fault.seconds)
        if fault.do is Do.ANSWER:
            self._reply(status, body, headers)
        if fault.do is Do.RESET:
            self._reset()
        if fault.do is Do.GARBAGE:
            self.wfile.write(b"\x16\x03\x01 220 this is no HTTP server\r\n\r\n")
        if fault.do is Do.CUT:
            self.wfile.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 1000\r\n\r\n{")
        if fault.do is Do.DRIP:
            self._drip(fault.seconds)

    def _drip(self, seconds: float) -> None:
        for letter in b"HTTP/1.1 202 Accepted\r\nX-Message-Id: slow\r\nContent-Length: 0\r\n\r\n":
            self.wfile.write(bytes([letter]))
            self.wfile.flush()
            time.sleep(seconds)

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _reply(self, status: int, body: str, headers: dict[str, str] | None = None) -> None:
        content = body.encode()
        lines = {"Content-Type": "application/json", "Content-Length": str(len(content)), **(headers or {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.wfile.write(f"HTTP/1.1 {status} {responses.get(status, '-')}\r\n{head}\r\n".encode() + content)

    def _control(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if told.get("forget"):
            self.desk.forget()
        with self.desk.lock:
            self.desk.script.extend(Fault.from_json(each) for each in told.get("script", ()))
            self.desk.refused |= frozenset(told.get("refused", ()))
        return self._reply(200, "{}")


class SendGrid:
    """The stand-in in a thread of this process."""

    def __init__(self, *, latency_s: float = 0.0, lean: bool = False, host: str = "127.0.0.1", port: int = 0) -> None:
        self.desk = Desk(latency_s=latency_s, lean=lean)
        self._server = _Server(self.desk, host, port)
        self.url = f"http://{host}:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve(self) -> None:
        """Answer until the process ends."""
        self._server.serve_forever()

    def script(self, *faults: Fault) -> None:
        """What to do with the next requests, one each; afterwards all is well again."""
        with self.desk.lock:
            self.desk.script.extend(faults)

    def refuse(self, addresses: Iterable[str]) -> None:
        """Refuse requests that hold one of these, from now on."""
        with self.desk.lock:
            self.desk.refused |= frozenset(addresses)

    def accepted(self) -> list[Taken]:
        with self.desk.lock:
            return list(self.desk.taken)

    def counts(self) -> dict[str, int]:
        return self.desk.counts()


class SendGridProcess:
    """The same in a process of its own; it ends with the `with` block, or when this process dies."""

    def __init__(self, *, latency_s: float = 0.0, lean: bool = False, host: str = "127.0.0.1") -> None:
        command = [sys.executable, "-m", "tests.standins.sendgrid", f"--latency-s={latency_s}", f"--host={host}"]
        command.append("--until-stdin-ends")
        self._process = subprocess.Popen(
            [*command, *(["--lean"] if lean else [])],
            cwd=Path(__file__).resolve().parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        assert self.url, "the stand-in did not start"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()  # it keeps nothing, and may be answering somebody who was stopped
        self._process.wait(10)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    def script(self, *faults: Fault) -> None:
        self._call("/script", {"script": [fault.as_json() for fault in faults]})

    def forget(self) -> None:
        """Be as new: to start one takes as long as most tests."""
        self._call("/script", {"forget": True})

    def refuse(self, addresses: Iterable[str]) -> None:
        self._call("/script", {"refused": list(addresses)})

    def accepted(self) -> list[Taken]:
        return [Taken(*each) for each in cast(list[Any], self._call("/accepted"))]

    def counts(self) -> dict[str, int]:
        return cast(dict[str, int], self._call("/counts"))

    def last(self) -> tuple[int, float]:
        """How many requests there were, and for how many seconds none has come in; costs nothing after millions."""
        requests, age_s = cast(list[Any], self._call("/last"))
        return int(requests), float(age_s)

    def _call(self, path: str, told: object = None) -> object:
        content = None if told is None else json.dumps(told).encode()
        with urlopen(Request(f"{self.url}{CONTROL}{path}", data=content), timeout=30) as answer:
            return json.load(answer)


def main() -> None:
    """`python -m tests.standins.sendgrid`: prints its address on one line, then answers."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency-s", type=float, default=0.0)
    parser.add_argument("--lean", action="store_true")
    parser.add_argument("--until-stdin-ends", action="store_true")
    options = parser.parse_args()
    provider = SendGrid(latency_s=options.latency_s, lean=options.lean, host=options.host, port=options.port)
    print(provider.url, flush=True)
    if not options.until_stdin_ends:
        return provider.serve()
    with provider:
        sys.stdin.read()
    return None


if __name__ == "__main__":
    main()
