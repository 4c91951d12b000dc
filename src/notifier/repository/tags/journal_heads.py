"""Git as a witness of the ledger's journal: how far it went, with its hash, in every stamp commit and tag of ours.

Whoever has a clone can hold a journal against it: what was rewritten or cut off since does not fit any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from notifier.repository.git import Git

JOURNAL = "Notifier-Journal"
BORNE = re.compile(rf"^{JOURNAL}: (\d{{1,12}}) ([0-9a-f]{{64}})$", re.M)
RESTORED = "restored/"
"""Tags below which git bears witness that an older copy of the ledger was brought back."""
OURS = re.compile(r"^Notifier-(?:Posting|Notice|Restored): ", re.M)
_TAGS = ("refs/tags/posted/", "refs/tags/told/", f"refs/tags/{RESTORED}")


class HeadSeen(NamedTuple):
    """A commit or tag, and the entry of the journal that it names."""

    where: str
    number: int
    hash: str


def head_trailer(head: str) -> dict[str, str]:
    """The trailer that bears the journal's head; none where there is no journal."""
    return {JOURNAL: head} if head else {}


def read_heads_seen(git: Git, tip: str) -> Iterator[HeadSeen]:
    """Every one: on the branch in the stamp commits, and in the tags of postings and notices."""
    if not tip:
        return
    commits = git.run("log", "-z", f"--grep=^{JOURNAL}: ", "--format=%H%n%B", tip).split("\0")
    tags = git.run("for-each-ref", "--format=%(refname:strip=2)%0a%(contents)%00", *_TAGS).split("\0")
    for said in (*commits, *tags):
        where, _, body = said.strip("\n").partition("\n")
        name = where[:12] if len(where) == 40 and " " not in where else where
        if OURS.search(body):
            yield from (HeadSeen(name, int(number), proof) for number, proof in BORNE.findall(body))


def tag_objects(git: Git) -> dict[str, str]:
    """Each tag of ours by name, and the object that it is."""
    lines = git.run("for-each-ref", "--format=%(refname:strip=2) %(objectname)", *_TAGS).splitlines()
    return {line.partition(" ")[0]: line.partition(" ")[2] for line in lines}
