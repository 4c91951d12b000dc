"""Git's objects as values: trees, commits and blobs, read by id from one running process."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha1
from typing import NamedTuple

from notifier.errors import RepositoryError
from notifier.policy.revision import Commit
from notifier.repository.git import Git

TREE = "40000"
FILE = "100644"
LINK = "120000"
SUBMODULE = "160000"
_PERSON = re.compile(rb"(?P<name>.*?) ?<(?P<email>[^>]*)> (?P<at>-?\d+) [+-]\d{4}")


class TreeEntry(NamedTuple):
    """One line of a tree."""

    mode: str
    object_id: str

    @property
    def is_tree(self) -> bool:
        return self.mode == TREE


class Objects:
    """Reads objects; trees are kept, since most of them stay from commit to commit."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._tree = lru_cache(maxsize=4096)(self._read_tree)
        self._commit = lru_cache(maxsize=256)(self._read_commit)

    def blob(self, blob_id: str) -> bytes:
        """A blob's content. Raises RepositoryError where it is missing, or no blob."""
        kind, content = self._git.read(blob_id)
        if kind != "blob":
            raise RepositoryError(f"{blob_id} is a {kind}, not a file")
        return content

    def content(self, entry: TreeEntry) -> bytes:
        """Of a file in a tree; nothing of a submodule, whose commit the repository need not have."""
        return b"" if entry.mode == SUBMODULE else self.blob(entry.object_id)

    def files(self, commit_id: str, folder: str) -> dict[str, TreeEntry]:
        """Every file below `folder` (from the repository's top; empty for all) in a commit."""
        return self.files_in(self.tree(commit_id), folder)

    def files_in(self, tree_id: str, folder: str) -> dict[str, TreeEntry]:
        """The same in a tree, which need not be a commit's."""
        entry = self.entry_in(tree_id, folder)
        prefix = f"{folder}/" if folder not in ("", ".") else ""
        return dict(self._below(entry.object_id, prefix)) if entry and entry.is_tree else {}

    def files_of(self, commit_id: str, stem: str) -> dict[str, TreeEntry]:
        """The files `stem.md` and `stem.<language>.md` in a commit, without reading the rest of their folder."""
        folder, _, name = stem.rpartition("/")
        try:
            content = self._git.read(f"{commit_id}:{folder}")[1]
        except RepositoryError:
            return {}
        wanted = re.compile(
            rb"(?P<mode>\d{5,6}) (?P<name>" + re.escape(name.encode()) + rb"(?:\.[A-Za-z0-9-]+)?\.md)\0"
        )
        prefix = f"{folder}/" if folder else ""
        return {
            prefix + found["name"].decode(): TreeEntry(
                found["mode"].decode(), content[found.end() : found.end() + 20].hex()
            )
            for found in wanted.finditer(content)
        }

    def entry(self, commit_id: str, path: str) -> TreeEntry | None:
        """What stands at a path in a commit; None where nothing does."""
        return self.entry_in(self.tree(commit_id), path)

    def entry_in(self, tree_id: str, path: str) -> TreeEntry | None:
        """The same in a tree."""
        entry = TreeEntry(TREE, tree_id)
        for part in [part for part in path.split("/") if part not in ("", ".")]:
            found = self._tree(entry.object_id).get(part) if entry.is_tree else None
            if found is None:
                return None
            entry = found
        return entry

    def commit(self, commit_id: str) -> Commit:
        """A commit as a commit, without the commits it merged."""
        head, _, message = self._commit(commit_id).partition(b"\n\n")
        fields = dict(line.split(b" ", 1) for line in head.split(b"\n") if re.match(rb"(?:author|committer) ", line))
        author, committer = (_PERSON.fullmatch(fields.get(key, b"")) for key in (b"author", b"committer"))
        if author is None or committer is None:
            raise RepositoryError(f"commit {commit_id} is damaged; run: git fsck")
        subject, body = split_message(message.decode("utf-8", "replace"))
        return Commit(
            commit_id=commit_id,
            landed_at=instant(committer["at"]),
            author=author["name"].decode("utf-8", "replace"),
            author_email=author["email"].decode("utf-8", "replace"),
            committer_email=committer["email"].decode("utf-8", "replace"),
            subject=subject,
            body=body,
        )

    def tree(self, commit_id: str) -> str:
        """The id of a commit's tree."""
        return self._commit(commit_id).split(b"\n", 1)[0].removeprefix(b"tree ").decode()

    def parents(self, commit_id: str) -> list[str]:
        """The ids of a commit's parents, the published line's first."""
        head = self._commit(commit_id).partition(b"\n\n")[0]
        return [line.removeprefix(b"parent ").decode() for line in head.split(b"\n") if line.startswith(b"parent ")]

    def _read_commit(self, commit_id: str) -> bytes:
        kind, content = self._git.read(commit_id)
        if kind != "commit":
            raise RepositoryError(f"{commit_id} is a {kind}, not a commit")
        return content

    def _below(self, tree_id: str, prefix: str) -> list[tuple[str, TreeEntry]]:
        found: list[tuple[str, TreeEntry]] = []
        for name, entry in self._tree(tree_id).items():
            if entry.is_tree:
                found += self._below(entry.object_id, f"{prefix}{name}/")
            else:
                found.append((prefix + name, entry))
        return found

    def _read_tree(self, tree_id: str) -> dict[str, TreeEntry]:
        content, at = self._git.read(tree_id)[1], 0
        entries: dict[str, TreeEntry] = {}
        while at < len(content):
            name_end = content.index(b"\0", at)
            mode, _, name = content[at:name_end].partition(b" ")
            at = name_end + 21
            entries[name.decode("utf-8", "surrogateescape")] = TreeEntry(
                mode.decode(), content[name_end + 1 : at].hex()
            )
        return entries


def blob_id(content: bytes | str) -> str:
    """The id that git gives to a file of this content."""
    encoded = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    return sha1(b"blob %d\0" % len(encoded) + encoded, usedforsecurity=False).hexdigest()


def instant(seconds: str | bytes) -> datetime:
    """When, as git counts it; a date beyond the calendar is its last moment."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.max.replace(tzinfo=UTC)


def split_message(message: str) -> tuple[str, str]:
    """A commit message as its subject (folded to one line, as git does) and the rest."""
    first, _, rest = message.strip("\n").partition("\n\n")
    return " ".join(first.split("\n")), rest.strip("\n")
