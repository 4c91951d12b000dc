"""The story of a long history, and of a large collection: `notifier log` where nobody ever used Notifier."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import history
from benchmarks.startup import policy
from benchmarks.table import Table
from notifier.usecases.verdict_cache import FILE_NAME

COMMITS = 10_000
NEWEST = 8_000
"""Of the large collection so many revisions are judged: the whole, at the same pace, takes five times as long."""
POLICIES = 8
SECONDS_BETWEEN = 3600


def run() -> Sequence[Table]:
    columns = ["commits", "revisions", "wall s", "revisions a second", "goal", "peak MB"]
    notes = [
        f"`notifier log --json` over {POLICIES} policies of 3 KB, nothing kept yet; each commit changes one sentence",
        "a commit after which a policy reads as before is no revision",
        "peak of the process that streams; git and the processes that judge are beside it",
        _load(),
    ]
    return [Table("History with verdicts", columns, [_measure(COMMITS)], notes), _of_a_collection()]


def _of_a_collection() -> Table:
    with tempfile.TemporaryDirectory() as folder:
        history.collection(Path(folder))
        git, newest = (_seconds(["git", "log", "--raw", *some], Path(folder)) for some in ([], ["-n", str(NEWEST)]))
        first, twenty = (_seconds([*LOG, "-n", number], Path(folder)) for number in ("1", "20"))
        (Path(folder) / ".git" / FILE_NAME).unlink()
        rows = [
            ["git log --raw", f"{git:.1f}", "1.0", "", ""],
            ["notifier log -n 1", f"{first:.1f}", f"{first / git:.1f}", "", ""],
            ["notifier log -n 20", f"{twenty:.1f}", f"{twenty / git:.1f}", "git and 2 s", ""],
            [f"git log --raw -n {NEWEST}", f"{newest:.2f}", "1.0", "", ""],
            _newest("nothing kept yet", newest, Path(folder)),
            _newest("again", newest, Path(folder)),
        ]
    notes = [
        "40,000 commits, 900 policies of 5 to 15 KB; most of them change once in thousands of commits",
        "peak of the process that streams",
        _load(),
    ]
    return Table("A large collection", ["what", "wall s", "times git", "goal", "peak MB"], rows, notes)


def _newest(when: str, git: float, folder: Path) -> list[str]:
    started = time.perf_counter()
    revisions, peak_kb = _revisions_and_peak(folder, "-n", str(NEWEST))
    wall = time.perf_counter() - started
    what = f"notifier log -n {revisions}, {when}"
    return [what, f"{wall:.1f}", f"{wall / git:.1f}", "5 times", f"{peak_kb / 1024:.0f}"]


def _load() -> str:
    return f"load of the machine: {os.getloadavg()[0]:.1f}"


def _seconds(program: Sequence[str], folder: Path) -> float:
    started = time.perf_counter()
    subprocess.run(program, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def _measure(count: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        _write_history(Path(folder), count)
        started = time.perf_counter()
        revisions, peak_kb = _revisions_and_peak(Path(folder))
        wall = time.perf_counter() - started
    return [f"{count:,}", f"{revisions:,}", f"{wall:.0f}", f"{revisions / wall:,.0f}", "900", f"{peak_kb / 1024:.0f}"]


def _revisions_and_peak(folder: Path, *options: str) -> tuple[int, int]:
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, *options], cwd=folder, check=True, capture_output=True, text=True
    ).stderr
    revisions, peak_kb = map(int, told.split()[-2:])
    return revisions, peak_kb


LOG = (sys.executable, "-m", "notifier", "log", "--policies", "policies")
PROGRAM = r"""
import contextlib, io, re, sys
from pathlib import Path
from notifier.cli import exit_code
class Counter(io.TextIOBase):
    count = 0
    def write(self, text):
        Counter.count += text.count('"policy"')
        return len(text)
with contextlib.redirect_stdout(Counter()):
    assert exit_code(["log", "--json", "--policies", "policies", *sys.argv[1:]]) == 0
peak_kb = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]  # ru_maxrss would be the parent's
print(Counter.count, peak_kb, file=sys.stderr)
"""


def _write_history(root: Path, count: int) -> None:
    subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
    stream = b"".join(_commits(count))
    subprocess.run(["git", "fast-import", "--quiet"], cwd=root, input=stream, check=True)


def _commits(count: int) -> Iterator[bytes]:
    chance = random.Random(1)
    base = policy(0, 30)[:3000].split("\n")
    texts = {f"policy{number}": list(base) for number in range(POLICIES)}
    for number in range(count):
        name = chance.choice(sorted(texts))
        line = chance.randrange(len(base))
        more = f" We keep log {number} for {chance.randrange(99)} days." if chance.random() < 0.6 else ""
        texts[name][line] = base[line] + more
        content, message = "\n".join(texts[name]).encode(), f"Revise {name}".encode()
        at = 1_500_000_000 + number * SECONDS_BETWEEN
        yield b"commit refs/heads/main\ncommitter Erin <erin@chat.example> %d +0000\n" % at
        yield b"data %d\n%s\nM 644 inline policies/%s.md\n" % (len(message), message, name.encode())
        yield b"data %d\n%s\n" % (len(content), content)
