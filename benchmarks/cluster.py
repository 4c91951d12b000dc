"""Many machines on one: everything that `docs/scale.md` reckons with, beside PostgreSQL with its default settings.

`make bench-cluster`; `make bench` leaves it out, since it takes most of an hour. Ratios are of one part, which measures
both sides. Smaller: `NOTIFIER_BENCH_RECIPIENTS`, `_CLAIMS`, `_HOLD`, `_REHEARSAL`, `_JOBS`.

Each part is kept when it ends: whoever is cut short goes on with those that are missing, and one can be measured anew
alone (`NOTIFIER_BENCH_PARTS="hold rehearsal"`). The table is of all that is kept.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from tests.databases import postgres_server

from benchmarks import cluster_peers, cluster_rows
from benchmarks.cluster_claims import CLAIMERS, claim_all
from benchmarks.cluster_processes import backends, watching
from benchmarks.cluster_sending import Together, hold, import_apart, send_together, sizes_of, writes_per_s
from benchmarks.delivery import BATCH, CONNECTIONS, MANY, bare_loop, prepare, provider_apart, sending
from benchmarks.table import RESULTS, Table

BY_NAME_ONLY = True
KEPT = RESULTS / "cluster.json"
"""By part: its rows for people, its figures for `docs/scale.py`, and the load of the machine when it ended."""
CLAIMS = int(os.environ.get("NOTIFIER_BENCH_CLAIMS", "2000000"))
REHEARSAL = int(os.environ.get("NOTIFIER_BENCH_REHEARSAL", "10000000"))
HOLD = int(os.environ.get("NOTIFIER_BENCH_HOLD", "1000000"))
WORKERS = TAKERS = 2
EVENTS = 400_000
HOLDING = 4
MOST_BYTES = 320

Row = tuple[str, str, str]


@dataclass
class Bench:
    """One server, a folder, and what a part has measured so far: rows for people, figures for the model."""

    socket: str
    folder: Path
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=count)

    def database(self) -> str:
        """A new one's address."""
        name = f"bench{next(self._numbers)}"
        with psycopg.connect(host=self.socket, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql+psycopg://postgres@/{name}?host={self.socket}"

    def drop(self, url: str) -> None:
        """The disk is needed again."""
        name = url.partition("@/")[2].partition("?")[0]
        with psycopg.connect(host=self.socket, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def run() -> Sequence[Table]:
    with tempfile.TemporaryDirectory(prefix="notifier-bench-") as folder, postgres_server("") as socket:
        numbers = count()
        for name in os.environ.get("NOTIFIER_BENCH_PARTS", " ".join(PARTS)).split():
            bench = Bench(socket, Path(folder), _numbers=numbers)
            PARTS[name](bench)
            _keep(name, bench)
            print(*(f"{row[0]}: {row[2]}" for row in bench.rows), sep="\n", flush=True)
    kept = kept_parts()
    loads = ", ".join(f"{name} {part['load']:.1f}" for name, part in kept.items())
    notes = (
        *(note for part in kept.values() for note in part["notes"]),
        "PostgreSQL with its default settings, on the same two cores and disk; the stand-in answers after 50 ms.",
        f"Load average of the machine at the end of each part: {loads} (its own is 2 to 4).",
    )
    return [
        Table("Many machines", ("", "goal", "measured"), [row for part in kept.values() for row in part["rows"]], notes)
    ]


def kept_parts() -> dict[str, Any]:
    """What was measured last, in the order of `PARTS`."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    return {name: kept[name] for name in PARTS if name in kept}


def _keep(name: str, bench: Bench) -> None:
    figures = {figure: float(f"{value:.6g}") for figure, value in sorted(bench.figures.items())}
    part = {"rows": bench.rows, "notes": bench.notes, "figures": figures, "load": os.getloadavg()[0]}
    KEPT.write_text(json.dumps({**kept_parts(), name: part}, indent=1) + "\n", encoding="utf-8")


def _send(bench: Bench) -> None:
    """Two workers beside one sender on SQLite, and that beside a bare loop."""
    single = sending(bench.folder / "single.db", MANY)
    bare = bare_loop(MANY)
    url = bench.database()
    prepare(url, MANY)
    together = send_together(url, bench.folder / "sending", WORKERS)
    bench.drop(url)
    what = f"sending {MANY:,} with {WORKERS} workers to the stand-in"
    bench.rows += [
        (what, f"{single.sent_per_s:,.0f}/s (SQLite, one machine)", f"{together.sent_per_s:,.0f}/s"),
        ("SQLite, one machine, beside a bare loop posting the same bytes", "0.6", f"{single.sent_per_s / bare:.2f}"),
    ]
    bench.notes.append(f"The bare loop made {bare:,.0f} recipients a second; {CONNECTIONS} connections a sender.")
    _keep_sending(bench, together)
    _jobs(bench)


def _rows(bench: Bench) -> None:
    """Importing, freezing and events, by set."""
    url = bench.database()
    imported = cluster_rows.import_rate(url, MANY, bench.folder)
    frozen = cluster_rows.freeze_rate(url)
    before = sizes_of(url)
    with watching({"database": backends(bench.socket)}) as watch:
        taken = cluster_rows.event_rate(url, TAKERS, min(MANY, EVENTS))
    after, millions = sizes_of(url), taken.rows / 1e6
    bench.drop(url)
    bench.rows += [
        (f"importing {MANY:,} recipients", "70,000/s", f"{imported.per_s:,.0f}/s"),
        (f"freezing {MANY:,} recipients", "70,000/s", f"{frozen.per_s:,.0f}/s"),
        (f"events with {TAKERS} takers", "10,000/s", f"{taken.per_s:,.0f}/s"),
    ]
    bench.figures |= {
        "import_per_s": imported.per_s,
        "freeze_per_s": frozen.per_s,
        "event_per_s": taken.per_s,
        "taker_cpu_s_per_million": taken.cpu_s / millions,
        "event_database_cpu_s_per_million": watch.used("database").cpu_s / millions,
        "bytes_per_event": (after.rest + after.delivery - before.rest - before.delivery) / taken.rows,
        "taker_mb": taken.peak_mb,
    }


def _rehearse(bench: Bench) -> None:
    """All of it with ten times as many: importing, freezing, sending, each process watched."""
    url = bench.database()
    empty = sizes_of(url)
    started = time.perf_counter()
    importer = import_apart(url, REHEARSAL)
    imported = time.perf_counter()
    together = send_together(url, bench.folder / "rehearsal", WORKERS)
    ended = time.perf_counter()
    sizes = sizes_of(url)
    bench.drop(url)
    used = {"importing": importer, "freezing": together.freezer, "a worker": together.worker,
            "PostgreSQL": together.database}  # fmt: skip
    memory = ", ".join(f"{name} {one.early_mb:.0f} → {one.late_mb:.0f} MB" for name, one in used.items())
    bench.rows.append((
        f"a rehearsal of {REHEARSAL:,} recipients",
        f"completes; memory flat; {MOST_BYTES} bytes a recipient",
        f"{(ended - started) / 60:.1f} min; {memory}; {sizes.delivery / REHEARSAL:.0f} bytes",
    ))  # fmt: skip
    bench.notes.append(
        f"The rehearsal imported {REHEARSAL / (imported - started):,.0f} rows a second, froze "
        f"{together.frozen_per_s:,.0f} and sent {together.sent_per_s:,.0f}. Memory: what is a process's own, "
        "at the most, in the second tenth of its time and in the last."
    )
    bench.figures |= {
        "recipients": REHEARSAL,
        "bytes_per_recipient": sizes.delivery / REHEARSAL,
        "bytes_per_customer": sizes.customer / REHEARSAL,
        "bytes_beside_per_recipient": (sizes.rest - empty.rest) / REHEARSAL,
        "importer_mb": importer.peak_mb,
        "freezer_mb": together.freezer.peak_mb,
    }
    _keep_sending(bench, together, REHEARSAL)


def _keep_sending(bench: Bench, together: Together, recipients: int = MANY) -> None:
    millions = recipients / 1e6
    bench.figures |= {
        "send_per_s": together.sent_per_s,
        "worker_cpu_s_per_million": together.worker.cpu_s / millions,
        "database_cpu_s_per_million": together.database.cpu_s / millions,
        "worker_mb": together.worker.peak_mb,
        "backend_mb": together.database.peak_mb,
        "connections_per_worker": together.connections / WORKERS,
        "wal_bytes_per_recipient": together.wal_bytes / recipients,
        "writes_per_batch": together.writes / (recipients / BATCH),
    }


def _jobs(bench: Bench) -> None:
    """The peer: a job for each recipient, after what we sent."""
    url = bench.database()
    with provider_apart() as provider:
        rates = cluster_peers.one_job_a_recipient(url, provider)
    bench.drop(url)
    ours = bench.figures["send_per_s"]
    bench.rows.append((
        "beside one procrastinate job a recipient (one row, one message, one request)",
        "30 times",
        f"{ours / rates.sent_per_s:,.0f} times",
    ))  # fmt: skip
    bench.notes.append(
        f"{cluster_peers.JOBS:,} jobs by {cluster_peers.WORKERS} procrastinate workers of {CONNECTIONS} threads each: "
        f"{rates.sent_per_s:,.0f} recipients a second; before that they were deferred at {rates.deferred_per_s:,.0f}/s."
    )


def _claims(bench: Bench) -> None:
    url = bench.database()
    prepare(url, CLAIMS)
    claimed = claim_all(url)
    bench.drop(url)
    bench.rows.append((f"double claims, {CLAIMERS} claimers, {claimed.recipients:,} rows", "0", f"{claimed.twice:,}"))
    bench.notes.append(
        f"The claimers took {claimed.per_s:,.0f} a second, the one with the fewest {claimed.by_the_fewest:,} of them."
    )


def _hold(bench: Bench) -> None:
    url = bench.database()
    prepare(url, HOLD)
    held = hold(url, bench.folder / "hold", HOLDING)
    bench.drop(url)
    bench.rows.append((f"hold to the last byte sent, {HOLDING} workers", "2 s", f"{held.from_the_word_s:.2f} s"))
    bench.notes.append(
        f"The hold is counted from the word said to the ledger; from its record it took {held.from_the_record_s:.2f} s."
    )
    bench.figures["writes_per_s"] = writes_per_s(bench.database())
    bench.figures["hold_s"] = held.from_the_word_s


PARTS: Mapping[str, Callable[[Bench], None]] = {
    "rows": _rows,
    "sending": _send,
    "claims": _claims,
    "hold": _hold,
    "rehearsal": _rehearse,
}
