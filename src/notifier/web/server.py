"""The web application of one installation behind uvicorn, until SIGTERM or SIGINT."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import uvicorn

from notifier.alarms import AlarmCode
from notifier.bootstrap import alarm_store, make_dispatch, open_ledger, utc_now
from notifier.errors import LedgerOutgrown, Refused, in_a_line
from notifier.mail.sendgrid.webhook import load_keys
from notifier.shipped import templates_for
from notifier.state import Terminal
from notifier.structured_log import tell
from notifier.usecases.acceptance import AcceptanceDesk
from notifier.usecases.alarms import all_standing, config_alarms
from notifier.usecases.posted_texts import LatestTexts
from notifier.usecases.provider_events import EventRecorder
from notifier.usecases.receipt_key import open_signer
from notifier.web.api import Interface
from notifier.web.app import API_AT_ONCE, make_app
from notifier.web.connections import MOST_SILENT, Share, impatient
from notifier.web.pages import pages_for

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.types import ASGIApp, Receive, Scope, Send

    from notifier.config import Config
    from notifier.config.live import LiveConfig
    from notifier.ledger import Ledger
    from notifier.web.pages import Pages

STOP_WITHIN_S = 4
PAGES_AT_ONCE = 150
EVENTS_AT_ONCE = 100
"""A provider's share, which no crowd of readers can take."""
CONNECTIONS = MOST_SILENT + PAGES_AT_ONCE + EVENTS_AT_ONCE + API_AT_ONCE
"""Further ones are answered 503, so that no burst eats the machine."""


def serve(live: LiveConfig) -> None:
    """Serve until stopped, then finish the requests under way.

    Raises `Refused` where the address cannot be listened on, `ConfigError` for a webhook key that is none, and
    `LedgerOutgrown` where a newer version has changed the ledger meanwhile.
    """
    config = live.current
    with open_ledger(config, waits=True) as ledger, _listening(config.web.host, config.web.port) as listener:
        app = ReloadableApp(live, ledger)
        host, port = listener.getsockname()[:2]
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        tell("serve.began", f"serving on {url}{_note_on_events(config)}", url=url)
        if ledger.database.away:
            without = "pages alone are served until it answers"
            tell("ledger.away", f"{in_a_line(ledger.database.away)}; {without}", level="warning")
        _Server(_settings(app), on_hangup=app.reload, must_end=lambda: ledger.database.outgrown).run(sockets=[listener])
    if ledger.database.outgrown:
        raise LedgerOutgrown(ledger.database.outgrown)


class ReloadableApp:
    """The application as the config has it; a config that is read again replaces it between two requests."""

    def __init__(self, live: LiveConfig, ledger: Ledger) -> None:
        self._live, self._ledger = live, ledger
        self._first = live.current
        self._one_at_a_time = threading.Lock()
        self._app: ASGIApp = _application(self._first, ledger)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with what holds at the start of the request."""
        await self._app(scope, receive, send)

    def reload(self) -> None:
        """Read the config again; one that is broken changes nothing, and is an alarm."""
        with self._one_at_a_time:
            config = self._live.read()
            if self._live.mistake is None:
                self._app = _application(self._holding(config), self._ledger)
                tell("config.read_again", f"{config.path.name} was read again{self._note_on_restart(config)}")
            broken = tuple(config_alarms(self._live.mistake))
            dispatch = replace(make_dispatch(config), names_failures=False)
            dispatch.update(broken, frozenset({AlarmCode.CONFIG_BROKEN}))

    def _holding(self, config: Config) -> Config:
        """With the ledger and the address that were opened at the start."""
        return replace(config, ledger=self._first.ledger, web=self._first.web)

    def _note_on_restart(self, config: Config) -> str:
        changed = [key for key in ("ledger", "web") if getattr(config, key) != getattr(self._first, key)]
        return f"; [{'], ['.join(changed)}] counts from the next start" if changed else ""


def _application(config: Config, ledger: Ledger) -> Starlette:
    keys = load_keys(config.secrets.sendgrid_webhook_keys)
    record = EventRecorder(ledger, keys, utc_now) if keys else None
    pages = pages_for(config)
    memory = alarm_store(config, ledger)
    return make_app(
        ledger,
        now=utc_now,
        record=record,
        pages=Share(pages, PAGES_AT_ONCE),
        alarms=lambda: all_standing(config, ledger, memory.read(), utc_now()),
        interface=_interface(config, ledger, pages),
    )


def _interface(config: Config, ledger: Ledger, pages: Pages) -> Interface:
    texts = LatestTexts(pages.site, ledger.postings.taken_back)
    signer = lru_cache(maxsize=1)(lambda: open_signer(config.root, ledger, utc_now()))
    return Interface(
        ledger,
        AcceptanceDesk(ledger, texts, signer, utc_now, config.posting_zone),
        texts,
        templates_for(config.root),
        lambda: utc_now().astimezone(config.posting_zone).date(),
        config.page.url or "",
    )


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
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else an answer's body waits for an ACK: 40 ms
        yield listener


def _settings(app: ASGIApp) -> uvicorn.Config:
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

    def __init__(
        self, settings: uvicorn.Config, on_hangup: Callable[[], None], must_end: Callable[[], str] = lambda: ""
    ) -> None:
        super().__init__(settings)
        self._on_hangup = on_hangup
        self._must_end = must_end

    async def on_tick(self, counter: int) -> bool:
        """Ends by itself, too, where the ledger went on without this version."""
        return await super().on_tick(counter) or bool(self._must_end())

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {each: signal.signal(each, self._stop) for each in (signal.SIGTERM, signal.SIGINT)}
        loop = asyncio.get_running_loop()
        terminal = Terminal()

        def hang_up() -> None:
            if terminal.is_closed:
                self._stop()
            else:
                loop.run_in_executor(None, self._on_hangup)

        loop.add_signal_handler(signal.SIGHUP, hang_up)
        try:
            yield
        finally:
            loop.remove_signal_handler(signal.SIGHUP)
            for each, handler in before.items():
                signal.signal(each, handler)

    def _stop(self, *_: object) -> None:
        self.should_exit = True
