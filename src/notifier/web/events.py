"""Where a provider posts its events: read up to a limit, recorded, and only then answered.

An answer of 2xx tells the provider to forget the events, so it is given after the commit and for nothing else. Any
other answer makes it try again, for a day.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from notifier.errors import LedgerError, Unreadable, Unsigned
from notifier.structured_log import tell
from notifier.web.bodies import LONGEST_UPLOAD_S, read_body

if TYPE_CHECKING:
    from notifier.ledger.types import EventCounts

MOST_BYTES = 2 * 1024 * 1024
"""Of one request; SendGrid sends at most 768 KB."""
AT_ONCE = 4
"""Requests being parsed and recorded; the others wait, so that a burst costs time and not memory."""


class Record(Protocol):
    """Records one request's events, whole or not at all. Raises `Unsigned`, `Unreadable` or `LedgerError`."""

    def __call__(self, headers: Mapping[str, str], raw: bytes) -> EventCounts:
        """`headers` by lower-case name, `raw` the body's bytes as they came."""
        ...


class EventsEndpoint:
    """`POST /events/sendgrid`."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def post(self, request: Request) -> Response:
        """Answer 204 once the events are committed."""
        try:
            async with asyncio.timeout(LONGEST_UPLOAD_S):
                raw = await read_body(request, MOST_BYTES)
        except (ClientDisconnect, TimeoutError):
            return PlainTextResponse("the body did not arrive\n", status_code=408)
        if raw is None:
            return PlainTextResponse("too large\n", status_code=413, headers={"Connection": "close"})
        async with self._turns:
            return await run_in_threadpool(self._answer, dict(request.headers), raw)

    def _answer(self, headers: Mapping[str, str], raw: bytes) -> Response:
        try:
            counts = self._record(headers, raw)
        except Unsigned as error:
            tell("events.unsigned", f"refused a request to the event webhook: {error}", level="warning")
            return PlainTextResponse("not signed by a key of ours\n", status_code=401)
        except Unreadable as error:
            tell("events.unreadable", f"refused a signed request to the event webhook: {error}", level="warning")
            return PlainTextResponse("not a list of events\n", status_code=400)
        except LedgerError as error:
            text = f"the ledger did not take a provider's events, it will send them again: {error}"
            tell("events.not_taken", text, level="error")
            return PlainTextResponse("try again later\n", status_code=503, headers={"Retry-After": "60"})
        tell(
            "events.taken",
            f"events: {counts.new} new, {counts.repeated} repeated, {counts.unknown} of no delivery of ours",
            new=counts.new, repeated=counts.repeated, unknown=counts.unknown,
        )  # fmt: skip
        return Response(status_code=204)
