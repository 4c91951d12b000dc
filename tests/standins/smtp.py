"""A stand-in SMTP server on loopback: takes mail as any does, and can be told to refuse, defer, drop or stall."""

from __future__ import annotations

import base64
import socketserver
import ssl
import sys
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, NamedTuple, Self, cast

DROP = "drop"
"""Instead of a reply: close the connection."""
STALL = "stall"
"""Instead of a reply: silence for three seconds."""
DRIP = "drip"
"""Instead of a reply: a reply that begins and goes on for ever."""
THE_DOT = "."
GREETING = "greeting"


class Taken(NamedTuple):
    """One message that was truly accepted."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


@dataclass
class Desk:
    """What the server was told and what it saw. `replies` are by verb, used up in order; afterwards all is well."""

    replies: dict[str, list[str]] = field(default_factory=dict)
    extensions: tuple[str, ...] = ("8BITMIME",)
    tls: ssl.SSLContext | None = None
    login: tuple[str, str] | None = None
    dead: frozenset[str] = frozenset()
    """Addresses that are refused without an enhanced code."""
    taken: list[Taken] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)
    connections: int = 0
    secured: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def reply(self, verb: str, otherwise: str) -> str:
        with self.lock:
            waiting = self.replies.get(verb)
            return waiting.pop(0) if waiting else otherwise


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False
    desk: Desk
    is_tls = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is part of the tests; anything else is a fault of the stand-in."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Gone(Exception):
    pass


class _Conversation(socketserver.StreamRequestHandler):
    def setup(self) -> None:
        self.desk = cast(_Server, self.server).desk
        with self.desk.lock:
            self.desk.connections += 1
        if cast(_Server, self.server).is_tls:
            self._secure()
        super().setup()

    def handle(self) -> None:
        self.sender, self.recipients, self.is_in = "", list[str](), self.desk.login is None
        try:
            self._say(GREETING, "220 stand-in ESMTP")
            while line := self.rfile.readline():
                self._obey(line.decode("utf-8").strip())
        except (_Gone, OSError):
            return

    def _obey(self, line: str) -> None:
        verb, _, rest = line.partition(" ")
        verb = verb.upper()
        self.desk.verbs.append(verb)
        if verb not in ("EHLO", "STARTTLS", "AUTH", "QUIT", "NOOP", "RSET") and not self.is_in:
            self._say(verb, "530 5.7.0 Authentication required")
            return
        known = {"EHLO": self._ehlo, "STARTTLS": self._starttls, "AUTH": self._auth, "MAIL": self._mail,
                 "RCPT": self._rcpt, "DATA": self._data}  # fmt: skip
        known.get(verb, self._other)(verb, rest)

    def _ehlo(self, verb: str, rest: str) -> None:
        offers = [*self.desk.extensions, *(["STARTTLS"] if self.desk.tls else []),
                  *(["AUTH PLAIN LOGIN"] if self.desk.login else [])]  # fmt: skip
        self._say(verb, "\r\n".join(["250-stand-in", *(f"250-{each}" for each in offers), "250 HELP"]))

    def _starttls(self, verb: str, rest: str) -> None:
        self._say(verb, "220 go ahead")
        self._secure()
        super().setup()

    def _secure(self) -> None:
        assert self.desk.tls is not None
        self.request = self.desk.tls.wrap_socket(self.request, server_side=True)
        with self.desk.lock:
            self.desk.secured += 1

    def _auth(self, verb: str, rest: str) -> None:
        given = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")[1:]
        self.is_in = self.desk.login == tuple(given)
        self._say(verb, "235 welcome" if self.is_in else "535 5.7.8 no such login")

    def _mail(self, verb: str, rest: str) -> None:
        self.sender, self.recipients = rest.partition("<")[2].partition(">")[0], []
        self._say(verb, "250 OK")

    def _rcpt(self, verb: str, rest: str) -> None:
        address = rest.partition("<")[2].partition(">")[0]
        reply = self._say(verb, "550 no such user" if address in self.desk.dead else "250 OK")
        if reply.startswith("25"):
            self.recipients.append(address)

    def _data(self, verb: str, rest: str) -> None:
        if not self._say(verb, "354 go on").startswith("354"):
            return
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise _Gone
            lines.append(line[1:] if line.startswith(b".") else line)
        self._take(b"".join(lines))

    def _take(self, content: bytes) -> None:
        """The mail counts as taken unless the reply to the final dot refuses it."""
        reply = self.desk.reply(THE_DOT, "250 2.0.0 Ok: queued as 4ABC")
        if not reply.startswith(("4", "5")):
            with self.desk.lock:
                self.desk.taken.append(Taken(self.sender, tuple(self.recipients), content))
        self._act(reply)

    def _other(self, verb: str, rest: str) -> None:
        known = {"QUIT": "221 bye", "RSET": "250 OK", "NOOP": "250 OK"}
        self._say(verb, known.get(verb, "502 what?"))
        if verb == "QUIT":
            raise _Gone

    def _say(self, verb: str, otherwise: str) -> str:
        reply = self.desk.reply(verb, otherwise)
        self._act(reply)
        return reply

    def _act(self, reply: str) -> None:
        if reply == DROP:
            raise _Gone
        if reply == STALL:
            time.sleep(3)
            raise _Gone
        while reply == DRIP:
            self.wfile.write(b"250-wait\r\n")
            time.sleep(0.1)
        self.wfile.write(f"{reply}\r\n".encode())
        if reply.startswith("421"):
            raise _Gone


class Smtp:
    """`with Smtp() as server`: `port`, `desk`."""

    def __init__(self, desk: Desk | None = None, *, is_tls: bool = False) -> None:
        self.desk = desk or Desk()
        self._server = _Server(("127.0.0.1", 0), _Conversation)
        self._server.desk = self.desk
        self._server.is_tls = is_tls
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
