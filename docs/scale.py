"""`python -m docs.scale [RECIPIENTS [EVENTS_AN_HOUR]]`: write `docs/scale.md` from what `make bench-cluster` measured.

With numbers of your own it prints the page for them, and writes nothing. CPU scales here, and nothing else is believed:
what two cores did together says little of eight machines, but a million recipients cost a worker and the database so
many seconds of CPU wherever they run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PAGE = CHECKOUT / "docs" / "scale.md"
RESULTS = CHECKOUT / "benchmarks" / "results" / "cluster.json"

RECIPIENTS, EVENTS_AN_HOUR = 100_000_000, 50_000_000
BATCH = 1_000
BUSY = 0.7
"""How much of a core is counted on: the rest is for vacuum, checkpoints and whoever looks at a page."""
MAX_CONNECTIONS, RESERVED = 100, 10
"""PostgreSQL's default, and what operators, replicas and backups need of it."""
POOL = 15
"""The most that one process of Notifier opens to the database: `serve` and `schedule` in a crowd."""
SCHEDULERS = 2
EVENTS_A_RECIPIENT = 2
"""processed and delivered; opens and clicks are neither asked for nor kept."""
GB = 1e9
HOUR_S = 3_600


@dataclass(frozen=True)
class Figures:
    """What was measured, by name."""

    values: dict[str, float]

    def __getitem__(self, name: str) -> float:
        return self.values[name]

    def bounds(self, workers: int, cores: int) -> dict[str, float]:
        """Recipients a second that so many workers (a core each) can send, a database of so many cores, the journal."""
        return {
            "workers": workers * BUSY * 1e6 / self["worker_cpu_s_per_million"],
            "database": cores * BUSY * 1e6 / self["database_cpu_s_per_million"],
            "journal": BATCH * self["writes_per_s"] / self["writes_per_batch"],
        }

    def send_rate(self, workers: int, cores: int) -> tuple[float, str]:
        """The least of these, and which that is."""
        bounds = self.bounds(workers, cores)
        binds = min(bounds, key=lambda name: bounds[name])
        return bounds[binds], binds

    def takers(self, events_an_hour: float) -> int:
        """Processes of `notifier serve` (a core each) for so many events."""
        return ceil(events_an_hour / HOUR_S * self["taker_cpu_s_per_million"] / 1e6 / BUSY)

    def event_cores(self, events_an_hour: float) -> int:
        """Cores of the database for so many events."""
        return ceil(events_an_hour / HOUR_S * self["event_database_cpu_s_per_million"] / 1e6 / BUSY)

    @property
    def most_workers(self) -> int:
        """For how many a database with default settings has connections, beside two schedulers and two takers."""
        left = MAX_CONNECTIONS - RESERVED - POOL * (SCHEDULERS + 2)
        return int(left / self["connections_per_worker"])


def read_figures(results: Path = RESULTS) -> Figures:
    """Of every part of the benchmark, and how much else the machine had to do at the most."""
    parts = json.loads(results.read_text(encoding="utf-8"))
    values = {name: float(value) for part in parts.values() for name, value in part["figures"].items()}
    return Figures({**values, "load": max(part["load"] for part in parts.values())})


def page(figures: Figures, recipients: int = RECIPIENTS, events_an_hour: int = EVENTS_AN_HOUR) -> str:
    """The whole page."""
    parts = [
        _start(figures, recipients, events_an_hour),
        _sizes(figures, recipients),
        _times(figures, recipients),
        _events(figures, events_an_hour),
        _connections(figures),
        _first(figures, recipients, events_an_hour),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _start(figures: Figures, recipients: int, events_an_hour: int) -> str:
    return f"""\
# The way to {recipients / 1e6:,.0f} million recipients

<!-- Made by `python -m docs.scale` from benchmarks/results/cluster.json; edit docs/scale.py. -->

How far one installation goes, to {recipients:,} recipients of a notice and {events_an_hour:,} events an hour, and
what to turn when. Every figure follows from `make bench-cluster` on one machine of two cores that also ran
PostgreSQL, with its default settings, and the stand-in for the provider; the largest rehearsal had
{figures["recipients"]:,.0f} recipients, and the machine's load average was {figures["load"]:.0f} (of itself it is 2 to
4; a higher one makes every figure worse). For other numbers: `python -m docs.scale 20000000 10000000`.

The rule of the model: a million recipients, or events, cost the process and the database so many seconds of CPU. A
core is counted on for {BUSY:.0%} of its time; a worker is one process and uses one core. The model knows nothing of
slow disks, of a network between, or of what your provider allows: measure with `NOTIFIER_BENCH_RECIPIENTS` against
a server like yours before you promise anybody a time."""


def _sizes(figures: Figures, recipients: int) -> str:
    events = recipients * EVENTS_A_RECIPIENT
    rows = [
        ("the notice's partition, with indexes", figures["bytes_per_recipient"], recipients),
        ("the roster", figures["bytes_per_customer"], recipients),
        (f"{EVENTS_A_RECIPIENT} events of each recipient", figures["bytes_per_event"], events),
        ("its batches, attempts and share of the journal", figures["bytes_beside_per_recipient"], recipients),
        ("write-ahead log of the sending", figures["wal_bytes_per_recipient"], recipients),
    ]
    lines = [f"| {name} | {each:,.0f} | {each * count / GB:,.1f} GB |" for name, each, count in rows]
    kept = figures["bytes_per_recipient"] * recipients + figures["bytes_per_event"] * events
    return f"""\
{_table("## Sizes", ("what", "bytes each", "in all"), lines)}

A notice's recipients lie in a partition of their own: twelve notices a year are {12 * kept / GB:,.0f} GB with their
events. Those that have ended are exported (`notifier export notice`), and their partition is dropped whole, by
`retention.days_after_effect`; evidence still verifies."""


def _times(figures: Figures, recipients: int) -> str:
    before = [
        f"{name} {recipients / figures[rate] / HOUR_S:.1f} h ({figures[rate]:,.0f} rows a second)"
        for name, rate in (("importing", "import_per_s"), ("freezing", "freeze_per_s"))
    ]
    lines = []
    for workers, cores in ((2, 2), (4, 2), (8, 4), (16, 8), (32, 16)):
        rate, binds = figures.send_rate(workers, cores)
        lines.append(f"| {workers} | {cores} | {rate:,.0f} | {recipients / rate / HOUR_S:.1f} h | {binds} |")
    columns = ("workers", "cores of the database", "recipients a second", "until all are told", "what binds")
    return f"""\
{_table("## Time", columns, lines)}

Measured, with the database and the provider's stand-in on the same two cores: {figures["send_per_s"]:,.0f} a second by
two workers.

Before that, by one process: {"; ".join(before)}. Both are
set-based; a later import touches what has changed. A request holds {BATCH:,} recipients, so that even the last row
asks the provider for few requests a second, and what mailbox providers take binds long before: spread a notice over
days with `mail.rate_per_second`, which holds for all workers together."""


def _events(figures: Figures, events_an_hour: int) -> str:
    per_s, takers, cores = events_an_hour / HOUR_S, figures.takers(events_an_hour), figures.event_cores(events_an_hour)
    return f"""\
## Events

{events_an_hour:,} an hour are {per_s:,.0f} a second. Two takers on the two cores took {figures["event_per_s"]:,.0f},
the database beside them. By their CPU, {per_s:,.0f} take **{takers}** processes of `notifier serve` with a core each
and **{cores}** of the database's cores. SendGrid tries again for 24 hours, so that an hour with too few takers is
late and not lost."""


def _connections(figures: Figures) -> str:
    memory = {
        "a worker": "worker_mb",
        "whoever freezes": "freezer_mb",
        "whoever imports": "importer_mb",
        "a taker": "taker_mb",
        "a connection of PostgreSQL": "backend_mb",
    }
    each = ", ".join(f"{who} {figures[name]:.0f} MB" for who, name in memory.items())
    one, most, all_of_them = figures["connections_per_worker"], figures.most_workers, MAX_CONNECTIONS
    return f"""\
## Connections and memory

A worker holds {one:.0f} connections, `serve` and `schedule` at most {POOL} each. PostgreSQL's default of
{all_of_them}, less {RESERVED} for people and replicas, is enough for {most} workers beside two schedulers and two
takers. Past that raise `max_connections`. A pooler must pool by session: the lock of a run and the wake-up of workers
belong to one.

Memory, of its own and at its most, whatever the size of a notice: {each}. A list that is laid beside
a roster takes a byte more for each customer of it."""


def _first(figures: Figures, recipients: int, events_an_hour: int) -> str:
    bounds = figures.bounds(workers=2, cores=2)
    turns = {
        "workers": ("two workers fill their cores", "more workers, anywhere"),
        "database": (
            "the database's two cores are full",
            "more cores; leave `synchronous_commit` on, or a failover forgets who was told",
        ),
        "journal": (
            "each write waits for its turn at the journal's head",
            "a disk that syncs faster: writes bear the journal's number one after another",
        ),
    }
    rows = [
        (
            "events come faster than they are taken",
            f"{figures['event_per_s'] * HOUR_S / 1e6:,.0f} million an hour on two cores",
            f"more of `notifier serve` (to {figures.takers(events_an_hour)}), and cores for the database",
        ),
        *(
            (turns[name][0], f"{bounds[name]:,.0f} recipients a second", turns[name][1])
            for name in sorted(bounds, key=lambda name: bounds[name])
        ),
        ("no connection is left", f"{figures.most_workers} workers", "`max_connections`"),
        (
            "the disk is full",
            f"{recipients * figures['bytes_per_recipient'] / GB:,.0f} GB a notice, and its events",
            "`retention.days_after_effect`; room on the database's disk, which Notifier cannot see",
        ),
    ]
    lines = [f"| {what} | {when} | {turn} |" for what, when, turn in rows]
    return f"""\
{_table("## What breaks first, and what one turns then", ("what", "from", "turn"), lines)}

None of it loses anybody: what waits, waits in the ledger, and `notifier status` says so. A hold was felt by four
workers after {figures["hold_s"]:.1f} s."""


def _table(title: str, columns: Sequence[str], lines: Sequence[str]) -> str:
    head = f"| {' | '.join(columns)} |\n|---|{'---:|' * (len(columns) - 1)}"
    return f"{title}\n\n{head}\n" + "\n".join(lines)


def main(numbers: Sequence[str]) -> None:
    """Write the page, or print it for these numbers."""
    if numbers:
        return print(page(read_figures(), *map(int, numbers)))
    PAGE.write_text(page(read_figures()), encoding="utf-8")
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
