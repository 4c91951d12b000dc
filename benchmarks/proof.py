"""Evidence of one person among many: how long the command takes, how large the folder is, how long a check takes.

Everybody was told by SendGrid's stand-in, and the provider reported on as many as `EVENTS` of them in signed requests
of a thousand events each, this person among them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from tests.acceptance.stage import CONFIG, Stage
from tests.standins.events import Signer, as_body, event
from tests.standins.sendgrid import API_KEY, SendGridProcess, Taken

from benchmarks.table import Table
from notifier.bootstrap import utc_now
from notifier.ledger import Ledger
from notifier.ledger.schema import attempt, delivery
from notifier.mail.sendgrid.webhook import load_keys
from notifier.notice.delivery import Customer
from notifier.usecases.provider_events import EventRecorder

MANY = int(os.environ.get("NOTIFIER_BENCH_RECIPIENTS", "1000000"))
EVENTS = MANY // 10
AT_ONCE = 1_000
TIMES = 5


def run() -> Sequence[Table]:
    """`NOTIFIER_BENCH_RECIPIENTS` makes it smaller."""
    with tempfile.TemporaryDirectory() as folder:
        stage = _told(Path(folder) / "chat")
        customer = _report(stage, Signer.new())
        made = [_timed(stage, "evidence", "customer", customer, "--out", f"e{n}") for n in range(TIMES)]
        checked = [_timed(stage, "verify", f"e{n}") for n in range(TIMES)]
        zipped = stage.root / "e.zip"
        _timed(stage, "evidence", "customer", customer, "--zip", "--out", str(zipped))
        size = sum(file.stat().st_size for file in (stage.root / "e0").rglob("*") if file.is_file())
        packed = zipped.stat().st_size
    return [
        Table(
            f"Evidence of one person, {MANY:,} deliveries, {EVENTS:,} events",
            ("", "goal", "measured"),
            (
                ("`notifier evidence customer ID`, the whole command", "1 s", _seconds(made)),
                ("the folder", "1 MB", f"{size / 1e6:.2f} MB"),
                ("the same as one .zip", "", f"{packed / 1e6:.2f} MB"),
                ("`notifier verify FOLDER`, the whole command", "", _seconds(checked)),
            ),
            notes=(f"The fastest of {TIMES}; load average of the machine at the end: {os.getloadavg()[0]:.1f}.",),
        )
    ]


def _told(root: Path) -> Stage:
    stage = Stage(root).set_up(roster="id,email\n")
    _run(stage)
    with Ledger.open(f"sqlite:///{stage.root}/.notifier/ledger.db") as ledger:
        people = (Customer(f"c{n}", f"person{n}@example.com", f"Person {n}", "en") for n in range(MANY))
        ledger.roster.import_customers(people)
    stage.change("privacy.md", "work for us.", "work for us and with advertising partners that measure our campaigns.")
    stage.commit("Measure our campaigns", "Significance: significant")
    with SendGridProcess(lean=True) as provider:
        mail = CONFIG.replace("[mail]\n", '[mail]\ntransport = "sendgrid"\n')
        (stage.root / "config.toml").write_text(f'{mail}\n[mail.sendgrid]\nhost = "{provider.url}"\n')
        _run(stage)
    return stage


def _run(stage: Stage) -> None:
    program = [sys.executable, "-m", "notifier", "run"]
    environment = {**os.environ, "SENDGRID_API_KEY": API_KEY}
    subprocess.run(program, cwd=stage.root, check=True, capture_output=True, env=environment)


def _report(stage: Stage, signer: Signer) -> str:
    """Some events of everybody's; the id of one whom they are about."""
    with Ledger.open(f"sqlite:///{stage.root}/.notifier/ledger.db") as ledger:
        within = sa.and_(delivery.c.seq.between(attempt.c.first_seq, attempt.c.last_seq))
        query = sa.select(delivery.c.delivery_key, attempt.c.attempt_id, delivery.c.email, delivery.c.customer_id)
        with ledger.database.read() as connection:
            last = query.select_from(delivery.join(attempt, within)).order_by(delivery.c.seq.desc()).limit(EVENTS)
            rows = connection.execute(last).all()
        record = EventRecorder(ledger, load_keys([signer.public_key]), utc_now)
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            body = as_body(event("delivered", Taken(row[0], row[1], row[2], "request")) for row in some)
            record({name.lower(): value for name, value in signer.headers(body).items()}, body)
    return str(rows[len(rows) // 2].customer_id)


def _timed(stage: Stage, *arguments: str) -> tuple[float, float]:
    """Seconds by the clock, and of CPU, git's own included."""
    started, before = time.perf_counter(), os.times()
    subprocess.run([sys.executable, "-m", "notifier", *arguments], cwd=stage.root, check=True, capture_output=True)
    after = os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return time.perf_counter() - started, cpu


def _seconds(timed: Sequence[tuple[float, float]]) -> str:
    return f"{min(by_clock for by_clock, _ in timed):.2f} s (CPU {min(cpu for _, cpu in timed):.2f} s)"
