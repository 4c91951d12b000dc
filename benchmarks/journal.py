"""What the journal costs: the same notice frozen and sent with it and without, by turns.

First the ledger's own work alone, in one process without a provider, whose CPU hangs little on what else the machine
does; then whole sendings over HTTP, each in a fresh process. Without: nothing is noted, no entry is written, no tree
grows and no batch is held to one; the recipients' salts are there in both.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from benchmarks.delivery import BATCH, MANY, NOTICE, ROOT, Sent, prepare, provider_apart, send_and_report
from benchmarks.table import Table
from notifier.ledger import Ledger, database
from notifier.ledger.evidence.claimed_people import FrozenPeople, FrozenTree
from notifier.ledger.journal.recipient_trees import BatchInOne, RecipientTrees
from notifier.ledger.sending import batches

PAIRS = int(os.environ.get("NOTIFIER_BENCH_PAIRS", "4"))
ROUNDS, BATCHES = 5, 40
GOAL = "5 %"
UNHELD = "unheld"


def run() -> Sequence[Table]:
    """`NOTIFIER_BENCH_RECIPIENTS` makes it smaller, `NOTIFIER_BENCH_PAIRS` longer, or leaves whole sendings out (0)."""
    tables = [_alone()]
    return [*tables, _whole()] if PAIRS else tables


def _alone() -> Table:
    found: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.db"
        prepare(f"sqlite:///{prepared}", BATCHES * BATCH)
        for turn in range(ROUNDS * 2):
            path = shutil.copy(prepared, Path(folder) / f"{turn}.db")
            with _journal(on=turn % 2 == 0):
                found[turn % 2 == 0].append(_ledger_work(path))
    on, off = (tuple(map(min, zip(*found[side], strict=True))) for side in (True, False))
    rows = [
        ("freezing, CPU us a recipient (the trees in a second thread)", *_side(on[0], off[0])),
        (f"claim and outcome, CPU ms a batch of {BATCH:,}", *_side(on[1], off[1])),
    ]
    notes = (
        f"The least of {ROUNDS} rounds of {BATCHES} batches, each claimed and settled alone; a whole sending does that "
        "with some four at once, and spends some 9 ms of CPU on each.",
    )
    return Table("The ledger's work alone", ("", "with", "without", "more"), rows, notes)


def _side(on: float, off: float) -> tuple[str, str, str]:
    return f"{on:.2f}", f"{off:.2f}", f"{on - off:.2f}"


def _ledger_work(path: str | Path) -> tuple[float, float]:
    with Ledger.open(f"sqlite:///{path}") as ledger:
        ledger.notices.start(NOTICE, datetime.now(UTC))
        began = time.process_time()
        ledger.recipients.freeze(NOTICE, datetime.now(UTC), batch_size=BATCH)
        frozen = time.process_time()
        while claims := ledger.batches.claim(NOTICE, datetime.now(UTC), mailer="none", limit=1):
            for one in claims:
                ledger.attempts.record_accepted(one, datetime.now(UTC), "r")
        return (frozen - began) / (BATCHES * BATCH) * 1e6, (time.process_time() - frozen) / BATCHES * 1e3


def _whole() -> Table:
    turns = [(side, _sent(side)) for turn in range(PAIRS) for side in (("on", "off"), ("off", "on"))[turn % 2]]
    sides = [[sent for which, sent in turns if which == side] for side in ("on", "off")]
    pairs = list(zip(*sides, strict=True))
    rows = [
        _row("freezing and sending, s", [(_whole_s(on), _whole_s(off)) for on, off in pairs], GOAL),
        _row("freezing, s", [(MANY / on.frozen_per_s, MANY / off.frozen_per_s) for on, off in pairs]),
        _row("sending, s", [(MANY / on.sent_per_s, MANY / off.sent_per_s) for on, off in pairs]),
        _row("CPU of both, s", [(on.cpu_s, off.cpu_s) for on, off in pairs]),
    ]
    notes = (
        f"The least of {PAIRS} each, by turns: what disk and machine add comes and goes by a fifth. A second thread "
        "hashes the trees while the database freezes.",
        f"Load average of the machine at the end: {os.getloadavg()[0]:.1f} (its own is about 2).",
    )
    return Table(
        f"Whole sendings, {MANY:,} recipients", ("", "with", "without", "cost", "pair by pair", "goal"), rows, notes
    )


def _whole_s(sent: Sent) -> float:
    return MANY / sent.frozen_per_s + MANY / sent.sent_per_s


def _row(name: str, pairs: Sequence[tuple[float, float]], goal: str = "") -> Sequence[str]:
    on, off = map(min, zip(*pairs, strict=True))
    costs = sorted(with_it / without - 1 for with_it, without in pairs)
    spread = f"{costs[0]:+.1%} to {costs[-1]:+.1%}"
    return (name, f"{on:.2f}", f"{off:.2f}", f"{on / off - 1:+.1%}", spread, goal)


def _sent(journal: str) -> Sent:
    with tempfile.TemporaryDirectory() as folder, provider_apart() as provider:
        path = Path(folder) / "ledger.db"
        prepare(f"sqlite:///{path}", MANY)
        program = "import sys; from benchmarks.journal import send; send(*sys.argv[1:])"
        command = [sys.executable, "-c", program, str(path), provider.url, journal]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        return Sent(*json.loads(done.stdout.splitlines()[-1]))


def send(path: str, url: str, journal: str) -> None:
    """In a process of its own."""
    with _journal(on=journal == "on"):
        send_and_report(path, url)


class UnseenTree(FrozenTree):
    """Of which nothing is known, so that every batch is taken to be as it was cut."""

    def digest_of(self, *_: int) -> str:
        return UNHELD


@contextmanager
def _journal(*, on: bool) -> Iterator[None]:
    if on:
        yield
        return
    quiet = patch.multiple(database, watch=_nothing, end_journaling=_nothing)
    trees = patch.multiple(RecipientTrees, catch_up=lambda trees: trees, facts=lambda *_: {})
    unheld = patch.multiple(BatchInOne, digest=UNHELD)
    tree = UnseenTree(0, 1, 0, (), 0)
    of_any = patch.multiple(FrozenPeople, tree_of=lambda *_: tree, later_ones=lambda *_: (), hold_batches=_nothing)
    unmoved = patch.object(batches, "somebody_moved", lambda *_: False)  # as the seal of the roster says at once
    with quiet, trees, unheld, of_any, unmoved:
        yield


def _nothing(*_: object) -> None:
    """In place of what is measured."""
