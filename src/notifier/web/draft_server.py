"""Drafts in a browser while somebody writes: built anew at each save, shown without a click. Loopback only."""

from __future__ import annotations

import threading
import time
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from notifier.errors import NotifierError

if TYPE_CHECKING:
    from notifier.usecases.preview_site import DraftSite

LOOK_EVERY_S = 0.3
WAIT_S = 20.0
"""How long a browser's question for news is kept open; it asks again."""
NEWS = "/.news"
_SCRIPT = (
    "<script>(async()=>{{for(;;)try{{const r=await fetch('{news}?{version}');"
    "if(r.status===200){{location.reload();return}}}}"
    "catch(e){{await new Promise(d=>setTimeout(d,1000))}}}})()</script>"
)


class Drafts:
    """What is built now, and how often that was. Written by one thread, read by many."""

    def __init__(self, build: Callable[[], DraftSite], watched: Sequence[Path]) -> None:
        self._build, self._watched = build, watched
        self._changed = threading.Condition()
        self._seen: frozenset[tuple[str, int, int]] = frozenset()
        self.version = 0
        self.fault = ""
        self.folder: Path | None = None
        self.start = ""

    def rebuild(self) -> None:
        """Build; what is wrong with a text is shown in place of the pages until it is mended."""
        self._seen = self.looked_at()  # before it is read: what is saved meanwhile is built again
        try:
            site, fault = self._build(), ""
            self.folder, self.start = site.start.parent, site.start.name
        except NotifierError as error:
            fault = str(error)
        with self._changed:
            self.version, self.fault = self.version + 1, fault
            self._changed.notify_all()

    def watch(self, is_over: threading.Event) -> None:
        """Build anew whenever a watched file is saved, until told that it is over."""
        while not is_over.wait(LOOK_EVERY_S):
            if self.looked_at() != self._seen:
                self.rebuild()

    def looked_at(self) -> frozenset[tuple[str, int, int]]:
        return frozenset(_states(self._watched))

    def wait_for_news(self, since: int) -> bool:
        """Whether something newer than version `since` came within a while."""
        until = time.monotonic() + WAIT_S
        with self._changed:
            while self.version == since and (left := until - time.monotonic()) > 0:
                self._changed.wait(left)
            return self.version != since


def _states(watched: Sequence[Path]) -> Iterator[tuple[str, int, int]]:
    for place in watched:
        for path in (place, *place.rglob("*")) if place.is_dir() else (place,):
            if not any(part.startswith(".") for part in path.relative_to(place).parts):
                try:
                    state = path.stat()
                except OSError:
                    continue
                yield str(path), state.st_mtime_ns, state.st_size


class _Handler(SimpleHTTPRequestHandler):
    """Pages with a line that reloads them, and the question for news."""

    def __init__(self, *arguments: object, drafts: Drafts) -> None:
        self._drafts = drafts
        super().__init__(*arguments, directory=str(drafts.folder))  # type: ignore[arg-type]  # as the server hands them on

    def do_GET(self) -> None:
        """What asks by another name is a page elsewhere that had that name lead here, to read drafts."""
        if self.headers.get("Host", "").partition(":")[0] not in ("127.0.0.1", "localhost"):
            return self._answer(403, b"drafts are shown on this machine alone\n", "text/plain")
        path, _, asked = self.path.partition("?")
        if path == NEWS:
            is_new = self._drafts.wait_for_news(int(asked) if asked.isdigit() else -1)
            return self._answer(200 if is_new else 204, b"", "text/plain")
        if self._drafts.fault:
            words = f"<!doctype html><title>Not yet</title><h1>Not yet</h1><pre>{escape(self._drafts.fault)}</pre>"
            return self._answer(200, self._with_script(words), "text/html; charset=utf-8")
        if path == "/":
            self.path = f"/{self._drafts.start}"
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() and self.path.endswith("/") else file
        if file.suffix == ".html" and file.is_file():
            return self._answer(200, self._with_script(file.read_text(encoding="utf-8")), "text/html; charset=utf-8")
        return super().do_GET()

    def _with_script(self, html: str) -> bytes:
        """Pages forbid every script that is not theirs; here, on the editor's own machine, one more may run."""
        html = html.replace('http-equiv="Content-Security-Policy"', 'name="as-published"', 1)
        return (html + _SCRIPT.format(news=NEWS, version=self._drafts.version)).encode()

    def _answer(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Who looks at drafts needs no log of it."""


def listen(drafts: Drafts) -> ThreadingHTTPServer:
    """A server on a free port of this machine alone."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, drafts=drafts))
    server.daemon_threads = True
    return server


def serve_drafts(
    build: Callable[[], DraftSite], watched: Sequence[Path], *, tell: Callable[[str], None], is_opened: bool
) -> None:
    """Build, serve and build anew until interrupted."""
    drafts = Drafts(build, watched)
    drafts.rebuild()
    with listen(drafts) as server:
        address, is_over = f"http://127.0.0.1:{server.server_port}/", threading.Event()
        tell(f"drafts on {address}, built anew at each save; stop with Ctrl-C")
        threading.Thread(target=drafts.watch, args=(is_over,), daemon=True).start()
        if is_opened and not webbrowser.open(address):
            tell(f"no browser could be opened; open {address} yourself")
        try:
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            tell("stopped")
        finally:
            is_over.set()
