"""One ledger on PostgreSQL and one provider for each test here."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from notifier.ledger import Ledger, database
from notifier.ledger.cluster import failover, locks
from notifier.usecases import worker
from notifier.usecases.deliver import deliver
from tests import databases
from tests.cluster.processes import SHORT, event_of, the_truth
from tests.processes import sendgrid_at
from tests.scenes import announced, people
from tests.standins.sendgrid import SendGridProcess


@pytest.fixture(scope="package")
def _provider() -> Iterator[SendGridProcess]:
    with SendGridProcess(latency_s=0.1) as running:
        yield running


@pytest.fixture(autouse=True)
def _lively(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who holds a lock or rows and says nothing loses them after seconds, not after a minute."""
    monkeypatch.setattr(database, "ABANDONED_S", 4)
    monkeypatch.setattr(locks, "SILENT_S", 2)
    monkeypatch.setattr(locks, "SPEAK_EVERY_S", 0.4)
    monkeypatch.setattr(failover, "EVERYBODY_IS_BACK_AFTER", timedelta(seconds=2))
    failover.MEMORIES.clear()
    for name, seconds in (("LOOK_EVERY_S", 0.2), ("REST_S", 0.2), ("SWEEP_EVERY_S", 0.5)):
        monkeypatch.setattr(worker, name, seconds)


@pytest.fixture
def provider(_provider: SendGridProcess) -> SendGridProcess:
    """As new."""
    _provider.forget()
    return _provider


@pytest.fixture(scope="package")
def _warm(postgres_url: str, _provider: SendGridProcess) -> str:
    """Once in this process, so that the forked ones find everything imported and their statements compiled."""
    databases.empty_database(postgres_url)
    with Ledger.open(postgres_url) as ledger:
        announced(ledger, people(30))
        deliver(ledger, sendgrid_at(_provider.url), SHORT)
        ledger.events.record([event_of(one) for one in _provider.accepted()], ledger.now())
    the_truth(postgres_url, _provider.accepted())
    return postgres_url


@pytest.fixture
def url(_warm: str) -> str:
    """A fresh ledger on the session's server."""
    databases.empty_database(_warm)
    return _warm


@pytest.fixture
def mortal(_warm: str) -> Iterator[tuple[databases.PostgresServer, str]]:
    """A server that the test may kill and start again, and a fresh ledger on it."""
    with tempfile.TemporaryDirectory(prefix="notifier-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = databases.PostgresServer(Path(folder))
        server.start()
        yield server, databases.make_database(folder)
        server.die()
