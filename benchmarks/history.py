"""Reading git: a long history as it streams past, and what was posted as it is read back from tags.

`collection` makes a large one by `git fast-import`: many companies' policies, most of them changed now and then.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
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
        "history": lambda: sum(1 for _ in map(repository.past().revision, repository.changes())),
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


WHAT = ("your name", "your address", "the chats you write", "payment records", "device identifiers",
        "your contacts", "the pages you visit", "the files you upload", "your language", "your location",
        "support requests")  # fmt: skip
WHO = ("Our hosting provider", "Advertising partners", "Our group companies", "Courts and authorities",
       "Fraud checkers", "Analysts we hire", "The shops you order from")  # fmt: skip
WHY = ("to run the service", "to bill you", "to keep accounts safe", "to answer you", "to measure what is used",
       "to show fitting offers", "to meet the law", "to train our models")  # fmt: skip
SENTENCES = (
    "We collect {what} {why}.", "We keep {what} for {days} days after your account ends.",
    "{who} receive {what} only {why}.", "You may ask us to erase {what}, and we answer within {days} days.",
    "You can object when we use {what} {why}.", "If you do not agree, close your account before the change applies.",
    "We do not sell {what} {why}.", "Fees of {days} euros apply when a payment is refused.",
    "We may end the service with {days} days' notice.", "See our help pages for how to manage {what}.",
    "Where the law asks for it, we obtain your consent before we use {what}.",
)  # fmt: skip
LONGEST = 15_000


def collection(root: Path, commits: int = 40_000, policies: int = 900) -> None:
    """A repository in which a few policies change often and most once in thousands of commits; texts of 5-15 KB."""
    _make(root, _collected(random.Random(1), commits, policies))


def _collected(chance: random.Random, commits: int, policies: int) -> Iterator[bytes]:
    names = [
        f"policies/company{number // 3}/{('privacy', 'terms', 'cookies')[number % 3]}.md" for number in range(policies)
    ]
    chance.shuffle(names)
    weights = list(accumulate((1 + number) ** -0.7 for number in range(policies)))
    texts: dict[str, list[str]] = {}
    for number in range(commits):
        at = chance.choices(range(policies), cum_weights=weights)[0]
        name, removal = names[at], b""
        if name not in texts:
            texts[name] = _policy(chance)
        else:
            _edit(texts[name], chance)
        if chance.random() < 0.005:
            names[at] = name.replace(".md", "-policy.md") if "-policy" not in name else name.replace("-policy", "")
            texts[names[at]], removal = texts.pop(name), f"D {name}\n".encode()
        day = date(2020, 1, 1) + timedelta(hours=number)
        content = "\n\n".join(["# Policy", f"Last updated: {day}", *texts[names[at]], ""]).encode()
        message = f"Record {names[at]}".encode()
        yield b"commit refs/heads/main\ncommitter Ana <ana@chat.example> %d +0000\n" % (1_577_836_800 + number * 3600)
        yield b"data %d\n%s\n%sM 644 inline %s\n" % (len(message), message, removal, names[at].encode())
        yield b"data %d\n%s\n" % (len(content), content)


def _sentence(chance: random.Random) -> str:
    words = {"what": chance.choice(WHAT), "who": chance.choice(WHO), "why": chance.choice(WHY)}
    return chance.choice(SENTENCES).format(**words, days=chance.randrange(7, 400))


def _policy(chance: random.Random) -> list[str]:
    blocks: list[str] = []
    length = chance.randrange(5_000, LONGEST)
    while sum(map(len, blocks)) < length:
        blocks.append(f"## About {chance.choice(WHAT)}")
        blocks += [
            " ".join(_sentence(chance) for _ in range(chance.randint(2, 6))) for _ in range(chance.randint(1, 4))
        ]
    return blocks


def _edit(blocks: list[str], chance: random.Random) -> None:
    """A sentence or a few reworded; now and then a paragraph comes or goes."""
    for _ in range(1 if chance.random() < 0.7 else chance.randint(2, 5)):
        at = chance.randrange(1, len(blocks))
        kind = chance.random()
        if kind < 0.1 and sum(map(len, blocks)) < LONGEST:
            blocks.insert(at, _sentence(chance))
        elif kind < 0.2 and len(blocks) > 20:
            del blocks[at]
        else:
            sentences = blocks[at].split(". ")
            sentences[chance.randrange(len(sentences))] = _sentence(chance).rstrip(".")
            blocks[at] = ". ".join(sentences).rstrip(".") + "."
