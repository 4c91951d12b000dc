"""The web application of one installation behind uvicorn, until SIGTERM or SIGINT."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from notifier.bootstrap import open_ledger, utc_now
from notifier.errors import Refused
from notifier.mail.sendgrid.webhook import load_keys
from notifier.usecases.provider_events import EventRecorder
from notifier.web.app import make_app
from notifier.web.connections import MOST_SILENT, Share, impatient

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.types import ASGIApp

    from notifier.config import Config
    from notifier.ledger import Ledger

STOP_WITHIN_S = 4
PAGES_AT_ONCE = 150
EVENTS_AT_ONCE = 100
"""A provider's share, which no crowd of readers can take."""
CONNECTIONS = MOST_SILENT + PAGES_AT_ONCE + EVENTS_AT_ONCE
"""Further ones are answered 503, so that no burst eats the machine."""


def serve(config: Config, *, pages: ASGIApp | None, tell: Callable[[str], None]) -> None:
    """Serve until stopped, then finish the requests under way. `tell` gets a line for people.

    Raises `Refused` where the address cannot be listened on, `ConfigError` for a webhook key that is none.
    """
    with open_ledger(config) as ledger, _listening(config.web.host, config.web.port) as listener:
        app = _application(config, ledger, pages)
        host, port = listener.getsockname()[:2]
        tell(f"serving on http://{f'[{host}]' if ':' in host else host}:{port}/{_note_on_events(config)}")
        _Server(_settings(app)).run(sockets=[listener])


def _application(config: Config, ledger: Ledger, pages: ASGIApp | None) -> Starlette:
    keys = load_keys(config.secrets.sendgrid_webhook_keys)
    record = EventRecorder(ledger, keys, utc_now) if keys else None
    readers = Share(pages, PAGES_AT_ONCE) if pages is not None else None
    return make_app(ledger, now=utc_now, record=record, pages=readers)


def _note_on_events(config: Config) -> str:
    if config.mail.transport == "sendgrid" and not config.secrets.sendgrid_webhook_keys:
        return "; no events are taken in: SENDGRID_WEBHOOK_KEY is not in the environment"
    return ""


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        raise Refused(f"config.toml: web.host, web.port: cannot listen on {host}:{port}: {error.strerror}") from error
    with listener:
        yield listener


def _settings(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,  # it would keep readers' addresses
        server_header=False,
        lifespan="off",
        limit_concurrency=CONNECTIONS,
        http=impatient(),
        timeout_graceful_shutdown=STOP_WITHIN_S,
    )


class _Server(uvicorn.Server):
    """Stops on a signal and then returns; uvicorn's own way raises the signal again, past every `with`."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {each: signal.signal(each, self._stop) for each in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def _stop(self, *_: object) -> None:
        self.should_exit = True
