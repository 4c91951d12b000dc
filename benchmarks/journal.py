"""What the journal costs: the same notice frozen and sent with it and without, in turns, each in a fresh process.

Without: nothing is noted, no entry is written and no tree grows; the recipients' salts are there in both. What the
machine does beside changes the clock more than the journal does, so that CPU is counted too, the sender's own.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks.delivery import MANY, ROOT, Sent, prepare, provider_apart, send_and_report
from benchmarks.table import Table
from notifier.ledger import database
from notifier.ledger.journal.recipient_trees import RecipientTrees

PAIRS = int(os.environ.get("NOTIFIER_BENCH_PAIRS", "3"))
GOAL = "5 %"


def run() -> Sequence[Table]:
    """`NOTIFIER_BENCH_RECIPIENTS` makes it smaller, `NOTIFIER_BENCH_PAIRS` longer."""
    pairs = [(_sent(True), _sent(False)) for _ in range(PAIRS)]
    rows = [
        _row("CPU of freezing and sending, s", [(on.cpu_s, off.cpu_s) for on, off in pairs]),
        _row("freezing, s", [(MANY / on.frozen_per_s, MANY / off.frozen_per_s) for on, off in pairs]),
        _row("sending, s", [(MANY / on.sent_per_s, MANY / off.sent_per_s) for on, off in pairs]),
    ]
    notes = (
        f"Median of {PAIRS} pairs, by turns; the cost of the pair with the median cost, the least and the most.",
        f"Load average of the machine at the end: {os.getloadavg()[0]:.1f} (its own is about 2).",
    )
    title = f"The journal's cost, {MANY:,} recipients"
    return [Table(title, ("", "with", "without", "cost", "least to most", "goal"), rows, notes)]


def _row(name: str, pairs: Sequence[tuple[float, float]]) -> Sequence[str]:
    on, off = (statistics.median(side) for side in zip(*pairs, strict=True))
    costs = sorted(with_it / without - 1 for with_it, without in pairs)
    spread = f"{costs[0]:+.1%} to {costs[-1]:+.1%}"
    return (name, f"{on:.2f}", f"{off:.2f}", f"{statistics.median(costs):+.1%}", spread, GOAL)


def _sent(is_journaling: bool) -> Sent:
    with tempfile.TemporaryDirectory() as folder, provider_apart() as provider:
        path = Path(folder) / "ledger.db"
        prepare(f"sqlite:///{path}", MANY)
        program = "import sys; from benchmarks.journal import send; send(*sys.argv[1:])"
        command = [sys.executable, "-c", program, str(path), provider.url, "on" if is_journaling else "off"]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        return Sent(*json.loads(done.stdout.splitlines()[-1]))


def send(path: str, url: str, journal: str) -> None:
    """In a process of its own."""
    if journal == "off":
        _without_journal()
    send_and_report(path, url)


def _without_journal() -> None:
    for room, name, found in (
        (database, "watch", None),
        (database, "end_journaling", None),
        (RecipientTrees, "catch_up", None),
        (RecipientTrees, "facts", {}),
    ):
        setattr(room, name, partial(lambda found, *_: found, found))
