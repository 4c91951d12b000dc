"""`git log` → commits with their changes, newest first along the published line, one process for all of it.

The published line is the branch's first parents: each follows from the one before, so no date can change the order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from notifier.policy.persons.committers import aliases_of
from notifier.policy.revision import Commit
from notifier.repository.git import Git
from notifier.repository.objects import TreeEntry, instant, split_message

_FIELDS = "%H%x00%P%x00%ct%x00%an%x00%ae%x00%ce%x00%B%x00"
_LOG = (
    "log", "-z", "--raw", "--no-abbrev", "--no-color", "--no-ext-diff", "-M", f"--format={_FIELDS}",
)  # fmt: skip
_RAW = re.compile(
    r":(?P<old_mode>\d+) (?P<mode>\d+) (?P<old_id>[0-9a-f]+) (?P<id>[0-9a-f]+) (?P<status>[A-Z])(?P<likeness>\d*)"
)


class FileChange(NamedTuple):
    """What a commit did to one file; `old` and `new` are None where the file was not there."""

    old_path: str
    path: str
    old: TreeEntry | None
    new: TreeEntry | None

    @property
    def is_rename(self) -> bool:
        return self.old_path != self.path

    @property
    def is_textual(self) -> bool:
        """Whether the content changed, and not only its name or mode."""
        return (self.old and self.old.object_id) != (self.new and self.new.object_id)


class CommitDiff(NamedTuple):
    """A commit and what it changed against its first parent."""

    commit: Commit
    parents: tuple[str, ...]
    changes: tuple[FileChange, ...]


def walk(git: Git, span: str, folder: str, *options: str) -> Iterator[CommitDiff]:
    """The commits of `span` (an id, or `since..tip`) that touch `folder`, newest first, renames found."""
    yield from _logged(git, span, "--first-parent", "--diff-merges=first-parent", *options, where=_within(folder))


def commits_that_say(git: Git, span: str, words: str) -> Iterator[CommitDiff]:
    """The commits of `span`, on every line, whose message has these words."""
    yield from _logged(git, span, "--diff-merges=first-parent", "--fixed-strings", f"--grep={words}")


_SPEAKS = "signif|gnific|nifica|ficanc|ficant"
"""What is left of "significance" and "significant" in most of their misspellings."""


def commits_that_speak(git: Git, span: str) -> Iterator[CommitDiff]:
    """The commits of `span`, on every line, whose message may say something of significance."""
    how = ("--extended-regexp", "--regexp-ignore-case", f"--grep={_SPEAKS}")
    yield from _logged(git, span, "--diff-merges=first-parent", *how)


def commits_that_touch(git: Git, span: str, paths: list[str]) -> list[Commit]:
    """The commits of `span`, on every line, merges left out, that touch `paths`: what a merge brought in."""
    where = ("--", *(f":(top,literal){path}" for path in paths))
    return [diff.commit for diff in _logged(git, span, "--no-merges", where=where)]


def _logged(git: Git, span: str, *options: str, where: tuple[str, ...] = ()) -> Iterator[CommitDiff]:
    """The commits of `span`; from a commit to itself there are none, and nobody need be asked."""
    since, _, tip = span.partition("..")
    if since != tip:
        yield from parse(git.records(*_LOG, *options, "--end-of-options", span, *where))


def _within(folder: str) -> tuple[str, ...]:
    return ("--", f":(top,literal){folder}") if folder not in ("", ".") else ()


def parse(records: Iterator[str]) -> Iterator[CommitDiff]:
    """Commits from the records of `_LOG`. Only the message is free text, and it cannot hold a zero byte."""
    commit_id = next(records, None)
    while commit_id:
        parents, at, author, author_email, committer_email, message = (next(records, "") for _ in range(6))
        changes: list[FileChange] = []
        for following in records:
            if not following:
                continue
            raw = _RAW.fullmatch(following.lstrip("\n"))
            if raw is None:
                break
            changes.append(_change(raw, records))
        else:
            following = ""
        subject, body = split_message(message)
        commit = Commit(commit_id, instant(at), author, author_email, committer_email, subject, body)
        yield CommitDiff(commit, tuple(parents.split()), tuple(changes))
        commit_id = following


def _change(raw: re.Match[str], records: Iterator[str]) -> FileChange:
    old_path = next(records)
    path = next(records) if raw["status"] in "RC" else old_path
    old = TreeEntry(raw["old_mode"], raw["old_id"]) if raw["status"] not in "AC" else None
    new = TreeEntry(raw["mode"], raw["id"]) if raw["status"] != "D" else None
    return FileChange(path if raw["status"] == "C" else old_path, path, old, new)


def aliases(git: Git, tip: str) -> dict[str, str]:
    """From every author's address to one name for its owner, by names, addresses and `.mailmap`; one walk."""
    said = git.records("log", "-z", "--format=%an%x00%ae%x00%aN%x00%aE", tip)
    people = {pair for name, email, known, address in zip(said, said, said, said, strict=False)
              for pair in ((name, email), (known, address), (known, email))}  # fmt: skip
    return aliases_of(people)
