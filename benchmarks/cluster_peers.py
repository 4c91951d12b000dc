"""What the cluster is measured beside: a procrastinate job for each recipient, as its own documentation has it.

Each job reads one row, makes one message, makes one request and writes the row. Finished jobs are deleted, connections
are kept, and there are as many workers and requests at once as Notifier has.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import psycopg
from tests.standins.sendgrid import API_KEY, SEND_PATH, SendGridProcess

from benchmarks.delivery import CONNECTIONS, LETTER, RULES
from notifier.mail import Addressee, Envelope
from notifier.mail.sendgrid.request import request_body

JOBS = int(os.environ.get("NOTIFIER_BENCH_JOBS", "5000"))
WORKERS = 2
CHUNK = 1_000


class JobRates(NamedTuple):
    """Recipients a second."""

    deferred_per_s: float
    sent_per_s: float


def one_job_a_recipient(url: str, provider: SendGridProcess, count: int = JOBS) -> JobRates:
    """Defer a job for each of `count` recipients, then let two workers work them off. `url` names an empty database."""
    dsn = url.replace("+psycopg", "")
    _prepare(dsn, count)
    started = time.perf_counter()
    _defer(dsn, count)
    deferred, before = time.perf_counter(), provider.counts()["accepted"]
    with _workers(dsn, provider.url):
        _until(lambda: provider.last()[0] > before)
        began = time.perf_counter()
        _until(lambda: provider.counts()["accepted"] >= before + count)
        ended = time.perf_counter()
    with psycopg.connect(dsn) as connection:
        [(left,)] = connection.execute("SELECT count(*) FROM recipient WHERE status <> 'accepted'").fetchall()
    assert left <= WORKERS * CONNECTIONS, left
    return JobRates(count / (deferred - started), count / (ended - began))


def _prepare(dsn: str, count: int) -> None:
    from procrastinate import App, SyncPsycopgConnector

    with psycopg.connect(dsn) as connection:
        connection.execute(
            "CREATE TABLE recipient (number int PRIMARY KEY, email text NOT NULL, name text NOT NULL,"
            " delivery_key text NOT NULL, status text NOT NULL DEFAULT 'queued')"
        )
        connection.execute(
            "INSERT INTO recipient SELECT n, 'person' || n || '@example.com', 'Person ' || n, lpad(to_hex(n), 22, '0')"
            " FROM generate_series(1, %s) n",
            [count],
        )
    with App(connector=SyncPsycopgConnector(conninfo=dsn)).open() as app:
        app.schema_manager.apply_schema()


def _defer(dsn: str, count: int) -> None:
    from procrastinate import App, SyncPsycopgConnector

    with App(connector=SyncPsycopgConnector(conninfo=dsn)).open() as app:
        for first in range(1, count + 1, CHUNK):
            jobs: list[dict[str, Any]] = [{"number": n} for n in range(first, min(first + CHUNK, count + 1))]
            app.configure_task("tell").batch_defer(*jobs)


@contextmanager
def _workers(dsn: str, provider: str) -> Iterator[None]:
    program = f"from benchmarks.cluster_peers import work; work({dsn!r}, {provider!r})"
    started = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(WORKERS)]
    try:
        yield
    finally:
        for one in started:
            one.terminate()
            one.wait(30)


def work(dsn: str, provider: str) -> None:
    """In a process of its own: a worker with as many threads as Notifier has connections."""
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    from procrastinate import App, PsycopgConnector

    async def run() -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(CONNECTIONS))
        app = App(connector=PsycopgConnector(conninfo=dsn))
        app.task(name="tell")(_teller(dsn, provider))
        async with app.open_async():
            await app.run_worker_async(concurrency=CONNECTIONS, delete_jobs="always", fetch_job_polling_interval=1)

    asyncio.run(run())


def _teller(dsn: str, provider: str) -> Callable[[int], None]:
    import urllib3
    from psycopg_pool import ConnectionPool

    rows = ConnectionPool(dsn, min_size=CONNECTIONS, max_size=CONNECTIONS, kwargs={"autocommit": True}, open=True)
    http = urllib3.PoolManager(maxsize=CONNECTIONS)
    headers = {"Authorization": f"Bearer {API_KEY}", "Content-Type": "application/json"}

    def tell(number: int) -> None:
        with rows.connection() as connection:
            row = connection.execute("SELECT delivery_key, email, name FROM recipient WHERE number = %s", [number])
            person = Addressee(*_only(row.fetchall()))
            answer = http.request("POST", f"{provider}{SEND_PATH}", body=_body(person), headers=headers)
            assert answer.status == 202, answer.status
            connection.execute("UPDATE recipient SET status = 'accepted' WHERE number = %s", [number])

    return tell


def _only(rows: list[Any]) -> Any:
    [row] = rows
    return row


def _body(person: Addressee) -> bytes:
    envelope = Envelope("2026-11-01-privacy", "a" * 22, RULES.sender, None, LETTER, (person,))
    return request_body(envelope, sandbox=False)


def _until(is_so: Callable[[], bool]) -> None:
    while not is_so():
        time.sleep(0.02)
