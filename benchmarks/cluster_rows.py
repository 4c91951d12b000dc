"""Rows by set on PostgreSQL: importing, freezing, events and bytes a recipient, each in a process of its own."""

from __future__ import annotations

import gc
import json
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from tests.scenes import posted, significant_posting
from tests.standins.events import Signer, event
from tests.standins.sendgrid import Taken

from benchmarks.delivery import BATCH, NOTICE, REQUEST_BYTES, ROOT
from notifier.ledger import Ledger
from notifier.notice.message import Message, Notice

LANGUAGES = ("en", "de", "fr", "")
EVENTS = 100_000
SIZES = """
SELECT c.relname, pg_total_relation_size(c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'delivery'::regclass
"""


class Rate(NamedTuple):
    """What a process made of its rows: how fast, at how much CPU of its own, and how large it grew."""

    rows: int
    per_s: float
    cpu_s: float
    peak_mb: float


def import_rate(url: str, rows: int, folder: Path) -> Rate:
    """`notifier customers import` of so many, from a file that is written first."""
    path = folder / f"roster-{rows}.csv"
    if not path.exists():
        with path.open("w", encoding="utf-8") as out:
            out.write("email;name;language;tags;id\n")
            for n in range(rows):
                out.write(f"reader{n}@mail.example;Reader {n};{LANGUAGES[n % 4]};chat beta;{n}\n")
    return _apart("import_here", url, str(path))


def freeze_rate(url: str, notice_id: str = NOTICE) -> Rate:
    """Everybody on the roster, into one notice in four languages."""
    return _apart("freeze_here", url, notice_id)


def bytes_per_recipient(url: str) -> float:
    """Of what is frozen, with its indexes."""
    with Ledger.open(url) as ledger, ledger.database.read() as connection:
        size = sum(row[1] for row in connection.execute(sa.text(SIZES)))
        return float(size) / float(connection.exec_driver_sql("SELECT count(*) FROM delivery").scalar_one())


def event_rate(url: str, takers: int = 2, events: int = EVENTS) -> Rate:
    """Signed requests of 700 KB of what was frozen, by so many processes at once, of each recipient two events."""
    share = events // takers
    commands = [[str(taker * share // 2), str(share // 2)] for taker in range(takers)]
    code = "import sys; from benchmarks.cluster_rows import take_here; take_here(*sys.argv[1:])"
    with Ledger.open(url) as ledger:
        _note_attempts(ledger)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, url, *command], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )
        for command in commands
    ]  # fmt: skip
    for one in processes:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    started = time.perf_counter()
    for one in processes:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    found = [Rate(*json.loads(one.communicate()[0].splitlines()[-1])) for one in processes]
    lasted = time.perf_counter() - started
    rows = sum(one.rows for one in found)
    return Rate(rows, rows / lasted, sum(one.cpu_s for one in found), max(one.peak_mb for one in found))


def import_here(url: str, path: str) -> None:
    from notifier.usecases.customers import import_roster
    from notifier.usecases.roster_file import open_roster

    gc.set_threshold(200_000, 50, 100)  # as the command does
    with Ledger.open(url) as ledger:
        started = time.perf_counter()
        with open_roster(Path(path)) as reading:
            imported = import_roster(ledger, reading)
        _say(imported.added + imported.unchanged + imported.changed, time.perf_counter() - started)


def freeze_here(url: str, notice_id: str) -> None:
    now, policy = datetime.now(UTC), f"privacy-{notice_id}"
    letters = [Message(code, (policy,), "Changes", "What changes.", "<p>What changes.</p>") for code in LANGUAGES[:3]]
    with Ledger.open(url) as ledger:
        ledger.notices.add(
            Notice(notice_id, (posted(ledger, significant_posting(policy)),), now), letters,
            audiences={policy: frozenset()}, language="en", send_after=now, deadline=now + timedelta(days=1),
        )  # fmt: skip
        ledger.notices.start(notice_id, now)
        started = time.perf_counter()
        count = ledger.recipients.freeze(notice_id, now, batch_size=BATCH)
        _say(count, time.perf_counter() - started)


def take_here(url: str, first: str, count: str) -> None:
    from notifier.mail.sendgrid.webhook import load_keys
    from notifier.usecases.provider_events import EventRecorder

    signer = Signer.new()
    with Ledger.open(url) as ledger:
        events = [event(kind, one) for kind in ("processed", "delivered") for one in _taken(ledger, first, count)]
        size = REQUEST_BYTES // (len(json.dumps(events[0])) + 2)
        bodies = [(json.dumps(events[at : at + size]) + "\r\n").encode() for at in range(0, len(events), size)]
        posts = [({name.lower(): value for name, value in signer.headers(body).items()}, body) for body in bodies]
        recorder = EventRecorder(ledger, load_keys([signer.public_key]), lambda: datetime.now(UTC))
        print("ready", flush=True)
        sys.stdin.readline()
        started = time.perf_counter()
        for headers, body in posts:
            recorder(headers, body)
        _say(len(events), time.perf_counter() - started)


def _note_attempts(ledger: Ledger) -> None:
    """As if every batch had gone out in one request."""
    said = (
        "INSERT INTO attempt (attempt_id, notice_no, batch_no, n, message_no, first_seq, last_seq, recipients, mailer, "
        "created_at, outcome) SELECT notice_no || '-' || batch_no, notice_no, batch_no, 1, message_no, first_seq, "
        "last_seq, last_seq - first_seq + 1, 'sendgrid', now(), 'accepted' FROM batch ON CONFLICT DO NOTHING"
    )
    with ledger.database.write() as connection:
        connection.exec_driver_sql(said)
        connection.exec_driver_sql("UPDATE batch SET state = 'accepted', attempts = 1, counts_from = 1")


def _taken(ledger: Ledger, first: str, count: str) -> list[Taken]:
    query = (
        "SELECT d.delivery_key, d.notice_no || '-' || b.batch_no, d.email FROM delivery d JOIN batch b ON "
        "b.notice_no = d.notice_no AND b.message_no = d.message_no AND d.seq BETWEEN b.first_seq AND b.last_seq "
        "ORDER BY d.notice_no, d.message_no, d.seq OFFSET %s LIMIT %s"  # numbers of ours
    )
    with ledger.database.read() as connection:
        return [
            Taken(key, attempt, email, "request")
            for key, attempt, email in connection.exec_driver_sql(query, (int(first), int(count)))
        ]


def _apart(name: str, *words: str) -> Rate:
    code = f"import sys; from benchmarks.cluster_rows import {name}; {name}(*sys.argv[1:])"
    done = subprocess.run([sys.executable, "-c", code, *words], cwd=ROOT, check=True, capture_output=True, text=True)
    return Rate(*json.loads(done.stdout.splitlines()[-1]))


def _say(rows: int, lasted: float) -> None:
    usage: Any = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps([rows, rows / lasted, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]))
