"""Posting in git: decides where and whether the stamp commit is made, and tags it. `stamps` has the single acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from notifier.errors import Busy, RepositoryError
from notifier.policy.posting import Posting
from notifier.repository import commit as stamps
from notifier.repository import posted_tags as tags
from notifier.repository import remote as remotes
from notifier.repository.git import Git
from notifier.repository.history import History, is_stamped_form
from notifier.repository.objects import Objects
from notifier.repository.open import tip_of
from notifier.repository.policy_files import Layout, decode, language_of

_TRIES = 10
"""How often a stamp is redone when others move the branch at the same time."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where postings go: the editors' checkout `home`, and the repository `git` that holds `branch`."""

    home: Git
    git: Git
    branch: str
    is_remote: bool


class Stamper:
    """Makes stamp commits and tags in one place."""

    def __init__(self, place: Place, objects: Objects, layout: Layout, author: str) -> None:
        self._place, self._git = place, place.git
        self._objects, self._layout, self._author = objects, layout, author

    def uncommitted(self, policy_id: str, ours: Mapping[str, str]) -> tuple[str, ...]:
        """Paths of the policy with uncommitted edits, but for files whose blob ids `ours` names."""
        folder = None if self._place.is_remote else stamps.worktree_of(self._place.home, self._place.branch)
        if folder is None:
            return ()
        git = Git(folder)
        try:
            where = f":(top,literal){self._layout.folder}" if self._layout.folder else "."
            said = git.run(
                "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--", where
            )  # fmt: skip
        finally:
            git.close()
        dirty = [line[3:] for line in said.split("\0") if line]
        mine = [path for path in dirty if (self._layout.place(path) or ("",))[0] == policy_id]
        return tuple(path for path in mine if not _is_ours(folder / path, ours.get(path)))

    def stamp(self, posting: Posting, texts: Mapping[str, str]) -> str:
        """The stamp commit's id, made if it is not there. Raises Busy, RepositoryError."""
        for _ in range(_TRIES):
            tip = tip_of(self._git, self._place.branch)
            present = self.present(posting, texts, tip)
            if present:
                return present
            self._check_unchanged(posting, texts, tip)
            message = tags.message(posting, f"Post {posting.policy_id}, {posting.significance}")
            try:
                self._commit(posting, stamps.Stamp(self._place.branch, tip, texts, message, self._author))
            except stamps.Moved:
                if self._place.is_remote:
                    remotes.fetch(self._git, self._place.branch)
        present = self.present(posting, texts, tip_of(self._git, self._place.branch))
        if present:
            return present
        raise Busy(f"{self._place.branch} kept moving while {posting.policy_id} was posted; run again")

    def present(self, posting: Posting, texts: Mapping[str, str], tip: str) -> str | None:
        """The commit that stamps this posting with these texts already, as a run that died left it."""
        history = History(self._git, self._objects, self._layout, tip)
        commit_id = history.stamp_of(posting.tag, posting.commit_id)
        if commit_id is None:
            return None
        files = self._objects.files(commit_id, self._layout.folder)
        is_same = all(
            path in files and files[path].object_id == stamps.blob_id_of(text) for path, text in texts.items()
        )
        return commit_id if is_same else None

    def _check_unchanged(self, posting: Posting, texts: Mapping[str, str], tip: str) -> None:
        """Raises RepositoryError where the tip holds other words than those that were judged."""
        files = self._objects.files(tip, self._layout.folder)
        for path, text in texts.items():
            before = decode(self._objects.blob(files[path].object_id), path, None) if path in files else ""
            language = language_of(path, before, self._layout)
            if language is None or not is_stamped_form(before, text, language):
                raise RepositoryError(f"{path}: changed while {posting.policy_id} was posted; run again")

    def _commit(self, posting: Posting, stamp: stamps.Stamp) -> None:
        if self._place.is_remote:
            stamps.commit_apart(self._git, stamp)
            remotes.push(self._git, f"refs/heads/{stamp.branch}")
            return
        folder = stamps.worktree_of(self._place.home, stamp.branch)
        if folder is None:
            stamps.commit_apart(self._git, stamp)
            return
        stamps.check_idle(folder)
        busy = self.uncommitted(
            posting.policy_id, {path: stamps.blob_id_of(text) for path, text in stamp.texts.items()}
        )
        if busy:
            raise Busy(f"{', '.join(busy)}: uncommitted edits; commit or stash them")
        stamps.commit_in(folder, stamp)

    def tag(self, posting: Posting, commit_id: str) -> None:
        """Tags the commit with the posting, at the remote too. Raises RepositoryError where the tag is taken."""
        signed = stamps.people(self._author)
        stamps.patiently(lambda: tags.write_tag(self._git, posting, commit_id, signed))
        if not self._place.is_remote:
            return
        try:
            remotes.push(self._git, f"refs/tags/{posting.tag}")
        except stamps.Moved as error:
            raise RepositoryError(f"the remote has another tag {posting.tag}; run again") from error


def _is_ours(path: Path, intended: str | None) -> bool:
    if intended is None or not path.is_file():
        return False
    content = path.read_bytes()
    return intended in (stamps.blob_id(content), stamps.blob_id(content.replace(b"\r\n", b"\n")))
