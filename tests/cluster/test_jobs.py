"""Jobs as procrastinate keeps them: they call, they are deleted, and those of a dead worker call somebody else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
import pytest

from notifier.ledger import Ledger
from notifier.ledger.cluster import jobs
from notifier.ledger.cluster.jobs import SCHEMA
from tests.cluster.processes import until
from tests.scenes import frozen, people

LEFT = "SELECT count(*) FROM procrastinate_jobs"


@contextmanager
def at_the_jobs(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"SET search_path = {SCHEMA}, public")
        yield connection


@contextmanager
def called(ledger: Ledger) -> Iterator[threading.Semaphore]:
    """One more for each call, while the block runs."""
    calls, stopping = threading.Semaphore(0), threading.Event()
    working = threading.Thread(target=ledger.jobs.work, args=(calls.release, stopping))
    working.start()
    try:
        yield calls
    finally:
        stopping.set()
        working.join(10)
        assert not working.is_alive()


def test_a_batch_that_is_frozen_calls_a_worker_and_leaves_no_job_behind(url: str) -> None:
    with Ledger.open(url) as ledger, at_the_jobs(url) as database, called(ledger) as calls:
        frozen(ledger, people(2_500), batch_size=1_000)

        assert all(calls.acquire(timeout=10) for _ in range(3)), "one job a batch"
        until(lambda: database.execute(LEFT).fetchone() == (0,))


def test_a_freezing_that_is_undone_leaves_no_job(url: str) -> None:
    with Ledger.open(url) as ledger, at_the_jobs(url) as database:
        with suppress(ZeroDivisionError), ledger.database.write() as connection:
            jobs.defer_jobs(connection, 1, [1, 2])
            raise ZeroDivisionError
        assert database.execute(LEFT).fetchone() == (0,)


def test_a_job_whose_worker_died_calls_another(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "HEARTBEATS_LOST_S", 0.5)
    with Ledger.open(url) as ledger, at_the_jobs(url) as database:
        frozen(ledger, people(10))
        dead = database.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id").fetchone()
        database.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        database.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", dead)
        with called(ledger) as calls:
            assert calls.acquire(timeout=10)
            until(lambda: database.execute(LEFT).fetchone() == (0,))


def test_jobs_of_batches_that_were_sent_are_dropped_together(url: str) -> None:
    with Ledger.open(url) as ledger, at_the_jobs(url) as database:
        notice_id = frozen(ledger, people(2_000), batch_size=1_000)
        (claim,) = ledger.batches.claim(notice_id, ledger.now(), mailer="memory", limit=1)
        ledger.attempts.record_accepted(claim, ledger.now())

        ledger.jobs.drop_settled()

        assert database.execute("SELECT args->>'batch_no' FROM procrastinate_jobs").fetchall() == [("2",)]


def test_another_version_of_the_engine_gets_tables_of_its_own(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger.open(url) as ledger, at_the_jobs(url) as database:
        frozen(ledger, people(10))
        monkeypatch.setattr(jobs, "engine_version", lambda: "99")
        assert ledger.jobs.install()
        assert database.execute(LEFT).fetchone() == (0,), "jobs may be thrown away at any time"
        monkeypatch.undo()
        ledger.jobs.install()


def test_without_the_extra_a_notice_is_frozen_all_the_same(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "engine_version", lambda: None)
    with Ledger.open(url) as ledger, at_the_jobs(url) as database:
        frozen(ledger, people(10))
        assert not ledger.jobs.install()
        assert database.execute(LEFT).fetchone() == (0,)
