"""`notifier worker` at work on PostgreSQL: how fast several send, what each uses, and how soon a hold holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import psutil
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from tests.standins.sendgrid import API_KEY, SendGridProcess

from benchmarks.cluster_processes import Used, backends, watching
from benchmarks.delivery import NOTICE, ROOT, RULES, provider_apart
from notifier.bootstrap import make_mailer
from notifier.config import load
from notifier.ledger import Ledger
from notifier.ledger.schema import batch
from notifier.ledger.states import BatchState
from notifier.ledger.suppressions import add_suppressions
from notifier.notice.delivery import SuppressionReason
from notifier.usecases.deliver import Progress, SystemEnvironment, deliver
from notifier.usecases.deliver.environment import Phase
from notifier.usecases.run import sending_rules

CONFIG = """\
[company]
name = "Example"
address = "1 Sample Street"
contact = "privacy@example.com"

[ledger]
url = "{url}"

[mail]
transport = "sendgrid"
from = "{sender}"

[mail.sendgrid]
host = "{host}"

[notice]
max_bounce_rate = 1.0
canary_minutes = 0

[page]
url = "https://example.com/legal"
"""
LONGEST_S = 3_600
WAL = "SELECT CAST(pg_current_wal_lsn() - '0/0' AS bigint)"
WRITES = "SELECT count(DISTINCT CAST(xmin AS text)) FROM journal"
CONNECTIONS_OF_WORKERS = (
    "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()"  # without the one who asks
)


class Together(NamedTuple):
    """One notice, frozen by one process and sent by several workers."""

    frozen_per_s: float
    sent_per_s: float
    seconds: float
    """From the first recipient frozen to the last one told."""
    freezer: Used
    worker: Used
    database: Used
    """While the workers sent."""
    connections: int
    """Of all workers to the database."""
    wal_bytes: int
    """What PostgreSQL wrote ahead meanwhile: what a replica gets, and an archive keeps."""
    writes: int
    """Transactions meanwhile that the journal heard of: each takes its turn at the journal's head."""


def send_together(url: str, folder: Path, workers: int) -> Together:
    """The notice that `prepare` left in this ledger, from the workers' first request to the last answer on record."""
    with provider_apart() as provider:
        config, started = _installation(folder, url, provider), time.perf_counter()
        begun = _begin_apart(url, config)
        with ExitStack() as stack, Ledger.open(url) as ledger:
            running = stack.enter_context(_workers(config, workers))
            groups = {"worker": lambda: running, "database": backends(_socket(url))}
            watch = stack.enter_context(watching(groups))
            before = provider.last()[0]
            _until(lambda: provider.last()[0] > before, running)
            began, wal, writes = time.perf_counter(), _asked(ledger, WAL), _asked(ledger, WRITES)
            _until(lambda: not _is_open(ledger), running)
            ended, wal = time.perf_counter(), _asked(ledger, WAL) - wal
            connections, writes = _asked(ledger, CONNECTIONS_OF_WORKERS), _asked(ledger, WRITES) - writes
        counts = provider.counts()
        with Ledger.open(url) as ledger:
            assert ledger.deliveries.check_counts() == ()
            told = ledger.deliveries.counts(NOTICE)
        assert (counts["deliveries"], counts["repeated"]) == (told.recipients, 0), counts
    return Together(
        told.recipients / begun.freezing_s,
        (told.recipients - begun.sent) / (ended - began),
        ended - started,
        begun.used,
        watch.used("worker"),
        watch.used("database"),
        connections,
        wal,
        writes,
    )


class Held(NamedTuple):
    """Seconds from an operator's word to the last byte that reached the provider."""

    from_the_word_s: float
    """The moment it is said, in a process that has started and reached the ledger."""
    from_the_record_s: float
    """The moment it had been written."""


def hold(url: str, folder: Path, workers: int) -> Held:
    """Hold the notice in the middle of its sending by so many workers."""
    with provider_apart() as provider:
        config = _installation(folder, url, provider)
        _begin_apart(url, config)
        with _workers(config, workers) as running, Ledger.open(url) as ledger:
            before = provider.last()[0]
            _until(lambda: provider.last()[0] > before + 4 * workers, running)
            said = time.perf_counter()
            ledger.notices.hold(NOTICE, "operator", datetime.now(UTC), "wrong text")
            written = time.perf_counter()
            time.sleep(5)
            asked, (requests, age_s) = time.perf_counter(), provider.last()
            last = asked - age_s
            time.sleep(2)
            assert provider.last()[0] == requests, "it was sent on after the hold"
            assert ledger.deliveries.counts(NOTICE).queued, "everything had been sent before the hold"
    return Held(max(last - said, 0.0), max(last - written, 0.0))


def writes_per_s(url: str, count: int = 800) -> float:
    """Transactions that the journal hears of, by eight at once: each takes its turn at the journal's head."""
    with Ledger.open(url) as ledger, ThreadPoolExecutor(8) as pool:

        def write(n: int) -> None:
            with ledger.database.write() as connection:
                pairs = [(f"nobody{n}@example.com", SuppressionReason.MANUAL)]
                add_suppressions(connection, pairs, at=datetime.now(UTC), source="benchmark")

        write(-1)
        started = time.perf_counter()
        list(pool.map(write, range(count)))
        return count / (time.perf_counter() - started)


def _installation(folder: Path, url: str, provider: SendGridProcess) -> Path:
    folder.mkdir(exist_ok=True)
    config = folder / "config.toml"
    config.write_text(CONFIG.format(url=url, host=provider.url, sender=RULES.sender), encoding="utf-8")
    return config


def _env() -> dict[str, str]:
    return {**os.environ, "SENDGRID_API_KEY": API_KEY}


def import_apart(url: str, count: int) -> Used:
    """A roster of so many, and a notice that is due, by a process of its own."""
    program = f"from benchmarks.delivery import prepare; prepare({url!r}, {count})"
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT) as process:
        with watching({"importer": lambda: [psutil.Process(process.pid)]}) as watch:
            process.wait()
        assert process.returncode == 0
    return watch.used("importer")


class Sizes(NamedTuple):
    """Bytes on the disk, with indexes."""

    customer: int
    delivery: int
    rest: int
    """Batches, attempts, journal and whatever else there is."""


def sizes_of(url: str) -> Sizes:
    with Ledger.open(url) as ledger:
        customer = _asked(ledger, "SELECT pg_total_relation_size('customer')")
        parts = "SELECT CAST(sum(pg_total_relation_size(relid)) AS bigint) FROM pg_partition_tree('delivery')"
        delivery = _asked(ledger, parts)
        return Sizes(
            customer, delivery, _asked(ledger, "SELECT pg_database_size(current_database())") - customer - delivery
        )


class Begun(NamedTuple):
    """What the process used that froze the notice and sent the first batches, as a run does."""

    freezing_s: float
    sent: int
    used: Used


def _begin_apart(url: str, config: Path) -> Begun:
    program = f"from benchmarks.cluster_sending import begin; begin({url!r}, {str(config)!r})"
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=_env()) as process:
        with watching({"freezer": lambda: [psutil.Process(process.pid)]}) as watch:
            said = process.communicate()[0]
        assert process.returncode == 0, said
    freezing_s, sent = json.loads(said)
    return Begun(freezing_s, sent, watch.used("freezer"))


def begin(url: str, config_path: str) -> None:
    """In a process of its own, by the config of the workers, who leave what began otherwise alone: freeze and send
    until the first answer; prints for how long it froze, and how many."""
    frozen_at, sent = [time.perf_counter()], list[Progress]()

    def note(progress: Progress) -> None:
        if progress.phase is Phase.FREEZING:
            frozen_at.append(time.perf_counter())
        elif progress.done:
            sent.append(progress)

    environment = SystemEnvironment(should_stop=lambda: bool(sent), on_progress=note)
    config = load(Path(config_path))
    with Ledger.open(url) as ledger, closing(make_mailer(config)) as mailer:
        deliver(ledger, mailer, sending_rules(config), environment)
        print(json.dumps([frozen_at[-1] - frozen_at[0], ledger.deliveries.counts(NOTICE).accepted]))


@contextmanager
def _workers(config: Path, count: int) -> Iterator[list[psutil.Process]]:
    command = [sys.executable, "-m", "notifier", "worker", "--config", str(config)]
    started = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, env=_env()) for _ in range(count)]
    try:
        yield [psutil.Process(one.pid) for one in started]
    finally:
        for one in started:
            one.terminate()
        for one in started:
            one.wait(30)


def _is_open(ledger: Ledger) -> bool:
    """Has a batch no answer on record yet? Of batches there are a thousand times fewer than of deliveries."""
    still = sa.select(batch.c.batch_no).where(batch.c.state != BatchState.ACCEPTED).limit(1)
    with ledger.database.read() as connection:
        return connection.execute(still).first() is not None


def _asked(ledger: Ledger, query: str) -> int:
    with ledger.database.read() as connection:
        return int(connection.exec_driver_sql(query).scalar_one())


def _socket(url: str) -> str:
    return str(make_url(url).query["host"])


def _until(is_so: Callable[[], bool], running: list[psutil.Process]) -> None:
    ends_at = time.monotonic() + LONGEST_S
    while not is_so():
        assert all(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in running), "a worker has ended"
        assert time.monotonic() < ends_at, "it does not end"
        time.sleep(0.02)
