"""The working tree, as editors see it before they commit."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from notifier.errors import Finding, FindingCode, PolicyError
from notifier.policy.revision import PolicyText
from notifier.repository.commit import blob_id
from notifier.repository.git import Git
from notifier.repository.objects import LINK, TreeEntry
from notifier.repository.policy_files import Layout, PolicyFiles, all_mistakes, read_texts


@dataclass(frozen=True, slots=True)
class WorkingTree:
    """Policy files with their contents by the ids that git would give them."""

    layout: Layout
    files: dict[str, TreeEntry]
    contents: dict[str, bytes]

    def policies(self) -> tuple[str, ...]:
        """The ids of the policies."""
        return tuple(sorted(PolicyFiles.of(self.files, self.layout).files))

    def texts(self, policy_id: str) -> dict[str, PolicyText]:
        """A policy's texts by language. Raises PolicyError."""
        mistakes: list[Finding] = []
        files = PolicyFiles.of(self.files, self.layout).files.get(policy_id, {})
        _, texts = read_texts(policy_id, files, self.contents.__getitem__, self.layout, mistakes=mistakes)
        if not texts:
            mistakes.append(Finding(FindingCode.UNREADABLE, self.layout.folder, 0, f"there is no policy {policy_id!r}"))
        if mistakes:
            raise PolicyError(*mistakes)
        return texts

    def readable(self, policy_id: str) -> tuple[str, dict[str, PolicyText]]:
        """The controlling language and the texts as far as they can be read, mistakes and all."""
        files = PolicyFiles.of(self.files, self.layout).files.get(policy_id, {})
        return read_texts(policy_id, files, self.contents.__getitem__, self.layout)

    def mistakes(self) -> tuple[Finding, ...]:
        """What would stop a run."""
        return tuple(all_mistakes(self.files, self.contents.__getitem__, self.layout))


def working_tree(git: Git, layout: Layout) -> WorkingTree:
    """The policies below git's folder as they are on disk, with the line endings that a commit would give them."""
    has_own_endings = git.answer("config", "--get", "core.autocrlf") not in ("true", "input")
    files: dict[str, TreeEntry] = {}
    contents: dict[str, bytes] = {}
    for path in sorted(_policy_files(git.folder / layout.folder)):
        name = path.relative_to(git.folder).as_posix()
        if layout.place(name) is None:
            continue
        content = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        content = content if has_own_endings else content.replace(b"\r\n", b"\n")
        files[name] = TreeEntry(LINK if path.is_symlink() else "100644", blob_id(content))
        contents[files[name].object_id] = content
    return WorkingTree(layout, files, contents)


def _policy_files(folder: Path) -> list[Path]:
    found: list[Path] = []
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(where, name) for name in names if name.endswith(".md")]
    return found
