"""A stand-in IMAP server on loopback: as much of RFC 3501 as somebody needs who reads what is unseen."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False
    imap: Imap


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.imap = cast(_Server, self.server).imap
        self.is_in = False
        self._say("* OK stand-in")
        while line := self.rfile.readline().decode().strip():
            tag, _, command = line.partition(" ")
            verb, _, rest = command.partition(" ")
            verb, rest = (rest.partition(" ")[0], rest.partition(" ")[2]) if verb.upper() == "UID" else (verb, rest)
            known: dict[str, Callable[[str], str]] = {
                "CAPABILITY": self._capability, "LOGIN": self._login, "SELECT": self._select,
                "SEARCH": self._search, "FETCH": self._fetch, "STORE": self._store,
            }  # fmt: skip
            answer = known[verb.upper()](rest) if verb.upper() in known else "OK done"
            self._say(f"{tag} {answer}")
            if verb.upper() == "LOGOUT":
                return

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _capability(self, _rest: str) -> str:
        self._say("* CAPABILITY IMAP4rev1")
        return "OK done"

    def _login(self, rest: str) -> str:
        given = tuple(word.strip('"') for word in rest.split(" "))
        self.is_in = given == (self.imap.user, self.imap.password)
        return "OK welcome" if self.is_in else "NO [AUTHENTICATIONFAILED] no such login"

    def _select(self, rest: str) -> str:
        return "OK [READ-WRITE] selected" if self.is_in and rest.strip('"') == "INBOX" else "NO no such mailbox"

    def _search(self, _rest: str) -> str:
        numbers = [str(n) for n, name in enumerate(self.imap.names(), 1) if name not in self.imap.seen]
        self._say(f"* SEARCH {' '.join(numbers)}")
        return "OK done"

    def _fetch(self, rest: str) -> str:
        number = int(rest.split(" ")[0])
        content = (self.imap.folder / self.imap.names()[number - 1]).read_bytes()
        self.wfile.write(
            f"* {number} FETCH (UID {number} BODY[]<0> {{{len(content)}}}\r\n".encode() + content + b")\r\n"
        )
        return "OK done"

    def _store(self, rest: str) -> str:
        assert re.search(r"\+FLAGS \(\\Seen\)", rest)
        self.imap.seen.add(self.imap.names()[int(rest.split(" ")[0]) - 1])
        return "OK done"


class Imap:
    """`with Imap(user, password, folder) as server`: `port`; `seen` are the names of the files marked so."""

    def __init__(self, user: str, password: str, folder: Path) -> None:
        self.user, self.password, self.folder = user, password, folder
        self.seen: set[str] = set()
        self._server = _Server(("127.0.0.1", 0), _Conversation)
        self._server.imap = self
        self.port: int = self._server.server_address[1]

    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def handle_error(self, _request: Any, _client_address: Any) -> None:
        """A client that goes away is part of the tests."""
