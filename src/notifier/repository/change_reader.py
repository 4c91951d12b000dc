"""Changes of one repository, read in whatever process they are sent to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from notifier.policy.layout import Layout
from notifier.policy.revision import Revision
from notifier.repository.git import MOST_AT_ONCE, Git
from notifier.repository.history import PolicyChange, read_files


@dataclass(frozen=True, slots=True)
class ChangeReader:
    """Reads changes of one repository in whatever process it is sent to, by a git of its own there."""

    folder: Path
    layout: Layout
    """As it is today; each change knows how files were read then."""

    @property
    def kept_in(self) -> Path:
        """Git's own folder of the repository, where what was worked out of its history may be kept."""
        return (self.folder / _git_in(self.folder).run("rev-parse", "--git-common-dir").strip()).resolve()

    def read(self, changes: Sequence[PolicyChange]) -> Iterator[tuple[Revision | None, Revision]]:
        """Each change's policy before (None where it is new) and after; old mistakes are read past."""
        blobs = _contents_in(self.folder, [entry.object_id for one in changes for files in (one.before, one.after)
                                           for _, entry in files.values()])  # fmt: skip
        for change in changes:
            before, after = (
                read_files(change.policy_id, files, change.commit, blobs.__getitem__, change.layout) if files else None
                for files in (change.before, change.after)
            )
            if after:
                yield before, after


def _contents_in(folder: Path, object_ids: Sequence[str]) -> dict[str, bytes]:
    git, wanted = _git_in(folder), list(dict.fromkeys(object_ids))
    found: dict[str, bytes] = {}
    for at in range(0, len(wanted), MOST_AT_ONCE):
        some = wanted[at : at + MOST_AT_ONCE]
        found |= {object_id: content for object_id, (_, content) in zip(some, git.read_all(some), strict=True)}
    return found


@lru_cache(maxsize=1)
def _git_in(folder: Path) -> Git:
    """A process's own git, which ends with it."""
    return Git(folder)
