"""One job for each batch, deferred in the transaction that makes the batch: procrastinate wakes whoever may send it.

Jobs only wake. What is sent stands in the batch, behind its fence, and every worker looks there by itself as well; so a
job that is lost, doubled, late or stalled changes nothing, and jobs may be thrown away at any time. Procrastinate's
tables stand in a schema of their own. Where the extra `cluster` is not installed there are no jobs.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection

from notifier.errors import LedgerError, in_a_line

if TYPE_CHECKING:
    from procrastinate import App

SCHEMA = "notifier_jobs"
QUEUE = TASK = "send"
MOST_IN_A_JOB = 1_000
"""Recipients that one job stands for: where each is a batch of their own, it is not one job each."""
INSTALL_LOCK = 0x6E6F746A
"""So that two that start together take turns ("notj")."""
HEARTBEATS_LOST_S = 30.0
"""A worker that has not been heard of for so long is dead, and its jobs are given to others."""
TRY_AGAIN_AFTER_S = 5.0
IS_THERE = sa.text(f"SELECT to_regclass('{SCHEMA}.procrastinate_jobs') IS NOT NULL")
SETTLED = sa.text(
    f"DELETE FROM {SCHEMA}.procrastinate_jobs job USING batch "  # noqa: S608  # words of ours
    "WHERE job.status = 'todo' AND job.task_name = :task AND batch.state <> 'pending' "
    "AND batch.notice_no = (job.args->>'notice_no')::int AND batch.batch_no = (job.args->>'batch_no')::int"
)


def engine_version() -> str | None:
    """Of procrastinate; None where it is not installed."""
    try:
        return version("procrastinate")
    except PackageNotFoundError:
        return None


def install_jobs(connection: Connection) -> None:
    """Procrastinate's tables, made where they are not there or are another version's; with them go the jobs."""
    installed = engine_version()
    if connection.dialect.name != "postgresql" or installed is None:
        return
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(INSTALL_LOCK)))
    described = sa.text("SELECT obj_description(to_regnamespace(:name), 'pg_namespace')")
    if connection.execute(described, {"name": SCHEMA}).scalar() == installed:
        return
    from procrastinate.schema import SchemaManager

    connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
    with _schema_first(connection):
        raw: Any = connection.connection.driver_connection
        raw.execute(SchemaManager.get_schema())
    connection.exec_driver_sql(f"COMMENT ON SCHEMA {SCHEMA} IS '{installed}'")


def defer_jobs(connection: Connection, notice_no: int, batch_nos: Iterable[int]) -> None:
    """A job for each of these batches, which stands or falls with the transaction that makes them."""
    if connection.dialect.name != "postgresql" or engine_version() is None:
        return
    if not connection.execute(IS_THERE).scalar():
        return
    from procrastinate.exceptions import ProcrastinateException

    ours = connection.connection.driver_connection
    task = _app(None, lambda: None).configure_task(TASK, queue=QUEUE, connection=ours)
    jobs: list[Any] = [{"notice_no": notice_no, "batch_no": batch_no} for batch_no in batch_nos]
    with _schema_first(connection):
        try:
            task.batch_defer(*jobs)
        except ProcrastinateException as error:
            raise LedgerError(f"no job could be written beside its batch: {in_a_line(error)}") from error


@dataclass(frozen=True)
class Jobs:
    """Those of one ledger."""

    _url: URL
    _write: Callable[[], AbstractContextManager[Connection]]

    def install(self) -> bool:
        """Make their tables; False where the extra is not installed."""
        with self._write() as connection:
            install_jobs(connection)
        return engine_version() is not None

    def drop_settled(self) -> None:
        """Jobs whose batch waits for nobody any more."""
        with self._write() as connection:
            if connection.execute(IS_THERE).scalar():
                with _schema_first(connection):
                    connection.execute(SETTLED, {"task": TASK})

    def work(self, look: Callable[[], None], stopping: threading.Event) -> None:
        """Call `look` for each job, in a thread, until told to stop; a server that is away is asked again."""
        for name in ("procrastinate", "psycopg.pool"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # whoever looks by itself tells what is wrong
        while not stopping.is_set():
            with suppress(Exception):
                asyncio.run(_work(self._conninfo, look, stopping))
            stopping.wait(TRY_AGAIN_AFTER_S)

    @property
    def _conninfo(self) -> str:
        return self._url.set(drivername="postgresql").render_as_string(hide_password=False)


def _app(conninfo: str | None, look: Callable[[], None]) -> App:
    from procrastinate import App, PsycopgConnector

    options: dict[str, Any] = {"kwargs": {"options": f"-c search_path={SCHEMA},public"}, "min_size": 1, "max_size": 4}
    app = App(connector=PsycopgConnector(conninfo=conninfo or "", **options))

    @app.task(name=TASK, queue=QUEUE)
    def send(notice_no: int, batch_no: int) -> None:  # noqa: ARG001  # whatever is to be sent now, is
        look()

    return app


async def _work(conninfo: str, look: Callable[[], None], stopping: threading.Event) -> None:
    app = _app(conninfo, look)
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(
                queues=[QUEUE], concurrency=1, delete_jobs="always", install_signal_handlers=False,
                shutdown_graceful_timeout=1.0, stalled_worker_timeout=HEARTBEATS_LOST_S,
            )
        )  # fmt: skip
        rescued_at = time.monotonic()
        while not (stopping.is_set() or worker.done()):
            await asyncio.wait([worker], timeout=0.25)
            if time.monotonic() > rescued_at + HEARTBEATS_LOST_S:
                rescued_at = time.monotonic()
                await _rescue(app)
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker


async def _rescue(app: App) -> None:
    """Jobs of workers that died with them are anybody's again."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=HEARTBEATS_LOST_S):
        await app.job_manager.retry_job(job)


@contextmanager
def _schema_first(connection: Connection) -> Iterator[None]:
    """Its functions and triggers call each other without saying where they stand."""
    before = connection.execute(sa.text("SHOW search_path")).scalar_one()
    set_path = sa.text("SELECT set_config('search_path', :path, true)")
    connection.execute(set_path, {"path": f"{SCHEMA}, {before}"})
    yield
    connection.execute(set_path, {"path": before})
