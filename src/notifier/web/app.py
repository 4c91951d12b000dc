"""The web application: a provider's events in, health and figures out, and the posted pages for everything else.

Handlers are handed in; nothing here reads a config or opens a ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from notifier.errors import LedgerError
from notifier.web.api import make_api
from notifier.web.connections import Share
from notifier.web.events import EventsEndpoint, Record
from notifier.web.metrics import metrics_text
from notifier.web.problems import problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from notifier.alarms import Alarm
    from notifier.ledger import Ledger
    from notifier.web.api import Interface

API_AT_ONCE = 200
"""An application's share, beside readers and a provider's events."""
EVENTS_PATH = "/events/sendgrid"
Alarms = Callable[[], Iterable["Alarm"]]
"""What stands now."""
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def make_app(
    ledger: Ledger,
    *,
    now: Callable[[], datetime],
    record: Record | None = None,
    pages: ASGIApp | None = None,
    alarms: Alarms = lambda: (),
    interface: Interface | None = None,
) -> Starlette:
    """The application. Without `record` events are put off; without `pages` none are served, and no `interface`."""
    take_in = EventsEndpoint(record).post if record is not None else _without_key
    routes: list[BaseRoute] = [
        Route(EVENTS_PATH, take_in, methods=["POST"]),
        Route("/healthz", Health(ledger, alarms).get, methods=["GET"]),
        Route("/metrics", Metrics(ledger, now, alarms).get, methods=["GET"]),
    ]
    if interface is not None:
        api = Share(make_api(interface), API_AT_ONCE, lambda: problem("too-many", headers={"Retry-After": "1"}))
        routes += [Mount("/v1", api), Route("/v1", api), *interface.receipts.routes()]
    if pages is not None:
        routes.append(Mount("/", pages))
    return Starlette(routes=routes, exception_handlers={HTTPException: _nothing_here})


async def _nothing_here(request: Request, error: Exception) -> Response:
    """An address with a line break in it leads to none of the above, wherever it begins."""
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is of these alone
    if f"{request.scope['path']}/".startswith("/v1/"):
        return problem("wrong-method" if error.status_code == 405 else "not-here", headers=error.headers)
    return PlainTextResponse(f"{error.detail}\n", error.status_code, error.headers)


async def _without_key(_request: Request) -> Response:
    """The provider tries again for a day; until then somebody may have set the key."""
    return PlainTextResponse("no key to verify events with is set\n", status_code=503, headers={"Retry-After": "600"})


class Health:
    """`GET /healthz`: 200 while the ledger can be read, 503 otherwise; when Notifier last ran, and which alarms stand.

    An alarm is for a person, and no reason to start the server anew: the answer stays 200.
    """

    def __init__(self, ledger: Ledger, alarms: Alarms) -> None:
        self._ledger, self._alarms = ledger, alarms

    async def get(self, _request: Request) -> Response:
        """Answer."""
        try:
            return JSONResponse(await run_in_threadpool(self._look))
        except LedgerError:
            return JSONResponse({"status": "the ledger cannot be read"}, status_code=503)

    def _look(self) -> dict[str, object]:
        last = self._ledger.runs.last()
        return {
            "status": "ok",
            "last_run_at": last.started_at.isoformat() if last else None,
            "alarms": sorted({alarm.code for alarm in self._alarms()}),
        }


class Metrics:
    """`GET /metrics`."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime], alarms: Alarms) -> None:
        self._ledger, self._now, self._alarms = ledger, now, alarms

    async def get(self, _request: Request) -> Response:
        """Answer."""
        try:
            text = await run_in_threadpool(lambda: metrics_text(self._ledger, self._now(), self._alarms()))
        except LedgerError:
            return PlainTextResponse("the ledger cannot be read\n", status_code=503)
        return PlainTextResponse(text, media_type=PROMETHEUS)
