"""`git log` → commits with their changes, newest first along the published line, one process for all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain

from notifier.policy.revision import Commit
from notifier.repository.git import Git
from notifier.repository.objects import TreeEntry, split_message

_FIELDS = "%H%x00%P%x00%ct%x00%an%x00%ae%x00%ce%x00%B%x00"
_LOG = (
    "log", "-z", "--raw", "--no-abbrev", "--no-color", "--no-show-signature", "--no-ext-diff", "--encoding=UTF-8",
    "--first-parent", "--diff-merges=first-parent", f"--format={_FIELDS}",
)  # fmt: skip
_RAW = re.compile(
    r":(?P<old_mode>\d+) (?P<mode>\d+) (?P<old_id>[0-9a-f]+) (?P<id>[0-9a-f]+) (?P<status>[A-Z])(?P<likeness>\d*)"
)


@dataclass(frozen=True, slots=True)
class FileChange:
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


@dataclass(frozen=True, slots=True)
class CommitDiff:
    """A commit on the published line and what it changed against its first parent."""

    commit: Commit
    parents: tuple[str, ...]
    changes: tuple[FileChange, ...]


def walk(git: Git, span: str, folder: str) -> Iterator[CommitDiff]:
    """The commits of `span` (an id, or `since..tip`) that touch `folder`, newest first, renames found."""
    paths = ("--", f":(top,literal){folder}") if folder not in ("", ".") else ()
    yield from parse(git.records(*_LOG, "-M", "--end-of-options", span, *paths))


def walk_renames(git: Git, tip: str, folder: str) -> Iterator[CommitDiff]:
    """The commits that renamed a file of `folder`, newest first, with their renames alone."""
    paths = ("--", f":(top,literal){folder}") if folder not in ("", ".") else ()
    yield from parse(git.records(*_LOG, "-M", "--diff-filter=R", "--end-of-options", tip, *paths))


def parse(records: Iterator[str]) -> Iterator[CommitDiff]:
    """Commits from the records of `_LOG`. Only the message is free text, and it cannot hold a zero byte."""
    records = (record for record in records)
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
        landed_at = datetime.fromtimestamp(int(at), UTC)
        commit = Commit(commit_id, landed_at, author, author_email, committer_email, subject, body)
        yield CommitDiff(commit, tuple(parents.split()), tuple(changes))
        commit_id = following


def _change(raw: re.Match[str], records: Iterator[str]) -> FileChange:
    old_path = next(records)
    path = next(records) if raw["status"] in "RC" else old_path
    old = TreeEntry(raw["old_mode"], raw["old_id"]) if raw["status"] not in "AC" else None
    new = TreeEntry(raw["mode"], raw["id"]) if raw["status"] != "D" else None
    return FileChange(path if raw["status"] == "C" else old_path, path, old, new)


def log_of(git: Git, span: str, paths: list[str]) -> list[Commit]:
    """The commits of `span` on every line that touch `paths`, merges left out: what a merge brought in."""
    fields = ("log", "-z", "--raw", "--no-abbrev", "--no-color", "--no-show-signature", "--no-ext-diff", "--no-merges")
    shown = git.records(
        *fields, "--encoding=UTF-8", f"--format={_FIELDS}", "--end-of-options", span, "--",
        *(f":(top,literal){path}" for path in paths),
    )  # fmt: skip
    return [commit.commit for commit in parse(chain(shown))]
