"""Bringing customers in: 100,000 rows of CSV through the command itself, new and again."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.table import Table

ROWS = 100_000
BAR_S = 20
CONFIG = '[mail]\nfrom = "Harbour Chat <privacy@chat.example>"\n'


def run() -> Sequence[Table]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "config.toml").write_text(CONFIG, encoding="utf-8")
        _write_roster(root / "roster.csv")
        rows = [["into an empty ledger", *_import(root)], ["the same file again", *_import(root)]]
    notes = [f"`notifier customers import`, {ROWS:,} rows with name, language, tags and id; goal: under {BAR_S} s"]
    return [Table("Roster", ["import", "wall s", "CPU s", "rows a second"], rows, notes)]


def _write_roster(path: Path) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write("email;name;language;tags;id\n")
        for number in range(ROWS):
            language = ("en", "de", "fr", "")[number % 4]
            out.write(f"reader{number}@mail.example;Reader {number};{language};chat beta;{number}\n")


def _import(root: Path) -> list[str]:
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    program = [sys.executable, "-m", "notifier", "customers", "import", "roster.csv"]
    subprocess.run(program, cwd=root, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [f"{wall:.1f}", f"{cpu:.1f}", f"{ROWS / wall:,.0f}"]
