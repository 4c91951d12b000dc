"""Reading git: a long history as it streams past, and what was posted as it is read back from tags."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from benchmarks.table import Table

REVISIONS = 40_000
POLICIES, VERSIONS = 100, 50
_READ = """
import resource, sys, time
from pathlib import Path
from notifier.repository import Repository

started = time.perf_counter()
with Repository.open(Path(sys.argv[1])) as repository:
    reads = {
        "history": lambda: sum(1 for _ in repository.history()),
        "heads": lambda: len(repository.head_revisions()),
        "posted": lambda: sum(len(repository.posted(name)) for name in repository.policies_posted()),
    }
    count = reads[sys.argv[2]]()
wall = time.perf_counter() - started
own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
cpu = sum(use.ru_utime + use.ru_stime for use in (own, children))
print(f"{count:,}|{wall:.1f}|{cpu:.1f}|{own.ru_maxrss / 1024:.0f}")
"""


def run() -> Sequence[Table]:
    with tempfile.TemporaryDirectory() as folder:
        long, posted = Path(folder, "long"), Path(folder, "posted")
        _make(long, _commits(policies=20, versions=REVISIONS // 20, paragraphs=20))
        _make(posted, _commits(POLICIES, VERSIONS, paragraphs=33))
        listed = subprocess.run(["git", "-C", posted, "rev-list", "--reverse", "main"], check=True, capture_output=True)
        _import(posted, _tags(listed.stdout.decode().split(), POLICIES))
        rows = [
            ["every revision of 20 policies, 6 KB each", *_measured(long, "history")],
            ["the tip of 20 policies", *_measured(long, "heads")],
            [f"every posted version of {POLICIES} policies, 10 KB each", *_measured(posted, "posted")],
        ]
    notes = ["texts, front matter and titles of every one are read; CPU with git's own; memory of the Python process"]
    return [Table("Reading git", ["what", "read", "wall s", "CPU s", "memory MB"], rows, notes)]


def _measured(root: Path, what: str) -> list[str]:
    read = subprocess.run([sys.executable, "-c", _READ, root, what], check=True, capture_output=True, text=True)
    return read.stdout.strip().split("|")


def _make(root: Path, stream: Iterator[bytes]) -> None:
    subprocess.run(["git", "init", "--quiet", "-b", "main", root], check=True)
    _import(root, stream)


def _import(root: Path, stream: Iterator[bytes]) -> None:
    importing = subprocess.Popen(["git", "-C", root, "fast-import", "--quiet"], stdin=subprocess.PIPE)
    assert importing.stdin is not None
    for part in stream:
        importing.stdin.write(part)
    importing.stdin.close()
    assert importing.wait() == 0


def _commits(policies: int, versions: int, paragraphs: int) -> Iterator[bytes]:
    """Each policy in turn has one paragraph rewritten, an hour after the one before."""
    chance = random.Random(1)
    words = [f"word{number}" for number in range(3000)]
    texts = [[_paragraph(chance, words) for _ in range(paragraphs)] for _ in range(policies)]
    for number in range(policies * versions):
        version, policy = divmod(number, policies)
        texts[policy][chance.randrange(paragraphs)] = _paragraph(chance, words)
        text = "\n\n".join([f"# Policy {policy}", f"Updated {_day(version)}.", *texts[policy], ""]).encode()
        yield b"commit refs/heads/main\nmark :%d\n" % (number + 1)
        yield b"committer Ana <ana@chat.example> %d +0000\ndata 4\nEdit\n" % (1_400_000_000 + 3600 * number)
        yield b"M 644 inline policies/p%d.md\ndata %d\n%s\n" % (policy, len(text), text)


def _paragraph(chance: random.Random, words: list[str]) -> str:
    return " ".join(chance.choice(words) for _ in range(35))


def _day(version: int) -> date:
    return date(2010, 1, 1) + timedelta(days=version)


def _tags(commits: Sequence[str], policies: int) -> Iterator[bytes]:
    """Each commit posted as it stands."""
    for number, commit_id in enumerate(commits):
        version, policy = divmod(number, policies)
        tag = f"posted/p{policy}/{_day(version)}"
        trailers = {
            "Posting": tag, "Revision": commit_id, "Significance": "minor",
            "Posted": str(_day(version)), "Effective": str(_day(version)),
        }  # fmt: skip
        message = "Post\n\n" + "".join(f"Notifier-{key}: {value}\n" for key, value in trailers.items())
        yield f"tag {tag}\nfrom {commit_id}\ntagger Notifier <notifier@localhost> 1400000000 +0000\n".encode()
        yield f"data {len(message)}\n{message}\n".encode()
