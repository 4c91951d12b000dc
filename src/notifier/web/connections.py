"""Who may hold a place: connections that say nothing give theirs up, and pages leave room for a provider's events.

A connection is silent until the head of its request has come whole, and again between two requests. It has ten
seconds for that, and once there are too many silent ones, the longest silent makes room: a real client sends its head
at once, so only those who mean to block others are shown out.
"""

from __future__ import annotations

from asyncio import TimerHandle, Transport
from typing import TYPE_CHECKING

from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

from notifier.web.answers import try_later

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

HEAD_WITHIN_S = 10.0
MOST_SILENT = 200


def impatient() -> type[H11Protocol]:
    """A protocol for one server, with one list of who is silent, the longest first."""
    silent: dict[H11Protocol, TimerHandle] = {}

    class Impatient(H11Protocol):
        """HTTP/1.1 that waits for the head of a request only so long."""

        def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn has it
            super().connection_made(transport)
            if len(silent) >= MOST_SILENT:
                next(iter(silent)).transport.close()
            self._listen()

        def connection_lost(self, exc: Exception | None) -> None:
            self._heard()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.cycle is not None and not self.cycle.response_complete:
                self._heard()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            if not self.transport.is_closing() and (self.cycle is None or self.cycle.response_complete):
                self._listen()

        def _listen(self) -> None:
            self._heard()
            silent[self] = self.loop.call_later(HEAD_WITHIN_S, self.transport.close)

        def _heard(self) -> None:
            timer = silent.pop(self, None)
            if timer is not None:
                timer.cancel()

    return Impatient


def _too_many() -> Response:
    return try_later("Too many readers are here right now.", seconds=5)


class Share:
    """An application that answers so many requests at once, and 503 beyond: its part of the machine and no more."""

    def __init__(self, app: ASGIApp, most: int, say: Callable[[], Response] = _too_many) -> None:
        self._app, self._most, self._say, self._under_way = app, most, say, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or say that there are too many."""
        if self._under_way >= self._most:
            await self._say()(scope, receive, send)
            return
        self._under_way += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way -= 1
