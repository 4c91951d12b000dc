"""The story of a long history: `notifier log` over a repository that never used Notifier."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.startup import policy
from benchmarks.table import Table

COMMITS = (2_000, 10_000)
POLICIES = 8
SECONDS_BETWEEN = 3600


def run() -> Sequence[Table]:
    rows = [_measure(count) for count in COMMITS]
    columns = ["commits", "revisions", "wall s", "revisions a second", "peak MB"]
    notes = [
        f"`notifier log --json` over {POLICIES} policies of 3 KB, one sentence changed by each commit",
        "a commit after which a policy reads as before is no revision",
        "peak of the process that streams; git and the processes that judge are beside it",
    ]
    return [Table("History with verdicts", columns, rows, notes)]


def _measure(count: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        _write_history(Path(folder), count)
        started = time.perf_counter()
        program = [sys.executable, "-c", PROGRAM]
        told = subprocess.run(program, cwd=folder, check=True, capture_output=True, text=True).stderr
        wall = time.perf_counter() - started
    revisions, peak_kb = map(int, told.split()[-2:])
    return [f"{count:,}", f"{revisions:,}", f"{wall:.0f}", f"{revisions / wall:,.0f}", f"{peak_kb / 1024:.0f}"]


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
    assert exit_code(["log", "--json", "--policies", "policies"]) == 0
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
