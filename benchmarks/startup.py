"""Start-up as a person feels it: CPU of a cold process beside `python -c pass`, medians of interleaved runs."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.table import Table

RUNS = 15
BARS = {"notifier --help": 6.0, "notifier diff, two 30 KB policies": 20.0}
"""At most so many times the CPU of `python -c pass`."""

PARAGRAPH = (
    "We keep the {noun} that you give us for {days} days after your account ends. You may ask us at any time to "
    "correct it, to hand it to you, or to erase it; we answer within a month, and we do not charge for it.\n"
)
NOUNS = ("name", "address", "chat history", "payment record", "device identifier", "language setting", "avatar")


def run() -> Sequence[Table]:
    medians = measure()
    bare = medians["python -c pass"]
    rows = [[name, f"{cpu:.0f}", f"{cpu / bare:.1f}", _bar(name)] for name, cpu in medians.items()]
    notes = [
        f"medians of {RUNS} interleaved runs, user and system time of a cold process, bytecode compiled before",
        f"load of the machine: {os.getloadavg()[0]:.1f}",
    ]
    return [Table("Start-up", ["program", "CPU ms", "times pass", "goal"], rows, notes)]


def _bar(name: str) -> str:
    return f"at most {BARS[name]:.0f}" if name in BARS else ""


def measure() -> Mapping[str, float]:
    """Median CPU in milliseconds of each program."""
    with tempfile.TemporaryDirectory() as folder:
        programs = _programs(Path(folder))
        for program in programs.values():
            _cpu_ms(program)  # bytecode and file caches are warm, as on the second call of a day
        samples: dict[str, list[float]] = {name: [] for name in programs}
        for _ in range(RUNS):
            for name, program in programs.items():
                samples[name].append(_cpu_ms(program))
    return {name: statistics.median(taken) for name, taken in samples.items()}


def policy(noun_shift: int, days: int) -> str:
    """About 30 KB of Markdown in 46 sections; two of them differ in a few words a section."""
    sections = []
    for number in range(46):
        noun = NOUNS[(number + noun_shift * (number % 5 == 0)) % len(NOUNS)]
        body = "\n".join(PARAGRAPH.format(noun=f"{noun} {row}", days=days + number) for row in range(3))
        sections.append(f"## {number + 1}. {noun.title()}\n\n{body}")
    return "# Privacy Policy\n\nLast updated: 3 March 2026\n\n" + "\n".join(sections)


def _programs(folder: Path) -> Mapping[str, Sequence[str]]:
    old, new = folder / "old.md", folder / "new.md"
    old.write_text(policy(0, 30), encoding="utf-8")
    new.write_text(policy(1, 30), encoding="utf-8")
    notifier = str(Path(sys.executable).with_name("notifier"))
    return {
        "python -c pass": [sys.executable, "-c", "pass"],
        "notifier --help": [notifier, "--help"],
        "notifier diff, two 30 KB policies": [notifier, "diff", str(old), str(new)],
    }


def _cpu_ms(program: Sequence[str]) -> float:
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(program, env=environ, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
