"""Commits → revisions: which commits changed which policy's text, under the id that the policy has today.

History is walked from the tip back, undoing each commit on a table of files, so that every revision comes with all
its languages as they stood then. A policy whose file was renamed keeps its history and takes its new id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from notifier.policy.revision import Commit, Revision
from notifier.policy.trailers import message_of, read_trailers
from notifier.repository.git import Git
from notifier.repository.log import CommitDiff, FileChange, log_of, walk, walk_renames
from notifier.repository.objects import Objects
from notifier.repository.policy_files import Layout, PolicyFiles, decode, language_of, read_texts
from notifier.text.dates.posted_date import without_posted_date
from notifier.text.front_matter import drop_summary


@dataclass(frozen=True, slots=True)
class PolicyRename:
    """A policy's controlling text took a new path, and the policy a new id."""

    commit_id: str
    old_id: str
    new_id: str


@dataclass(slots=True)
class _Names:
    """What an id of the past is called today; None for a policy that is gone and whose id another has taken."""

    today: dict[str, str | None] = field(default_factory=dict)

    def of(self, policy_id: str) -> str | None:
        return self.today.get(policy_id, policy_id)

    def undo(self, renames: list[PolicyRename]) -> None:
        known = {rename.old_id: self.of(rename.new_id) for rename in renames}
        self.today |= {rename.new_id: None for rename in renames} | known


class History:
    """The published line's revisions, up to `tip`."""

    def __init__(self, git: Git, objects: Objects, layout: Layout, tip: str) -> None:
        self._git, self._objects, self._layout, self._tip = git, objects, layout, tip

    def revisions(self, since: str | None = None) -> Iterator[Revision]:
        """Every revision after `since`, newest first; stamps, pure renames and removals are none."""
        files = PolicyFiles.of(self._objects.files(self._tip, self._layout.folder), self._layout)
        names = _Names()
        for step in walk(self._git, f"{since}..{self._tip}" if since else self._tip, self._layout.folder):
            if not self._is_stamp(step):
                yield from self._revisions(step, files, names)
            names.undo(self._renames(step))
            _undo(step, files)

    def renames(self) -> list[PolicyRename]:
        """Every rename of a policy, newest first."""
        steps = walk_renames(self._git, self._tip, self._layout.folder)
        return [rename for step in steps for rename in self._renames(step)]

    def with_merged(self, revision: Revision) -> Revision:
        """The revision with the commits that its commit merged, where it is a merge."""
        commit = revision.commit
        parents = self._objects.parents(commit.commit_id)
        if len(parents) < 2:
            return revision
        paths = [text.path for text in revision.texts.values()]
        merged = log_of(self._git, f"{parents[0]}..{commit.commit_id}", paths)
        files = self._objects.files(parents[1], self._layout.folder)
        is_mere = all(
            text.path in files and files[text.path].object_id == text.blob_id for text in revision.texts.values()
        )
        return replace(revision, commit=replace(commit, merged=tuple(merged), is_mere_merge=bool(merged) and is_mere))

    def stamp_of(self, tag: str, commit_id: str) -> str | None:
        """The stamp commit of a posting, as its trailers say and its changes do not belie."""
        for step in walk(self._git, f"{commit_id}..{self._tip}", ""):
            trailers = dict(read_trailers(message_of(step.commit)))
            is_named = trailers.get("Notifier-Posting") == tag and trailers.get("Notifier-Revision") == commit_id
            if is_named and self._is_stamp(step):
                return step.commit.commit_id
        return None

    def texts_of(self, policy_id: str, at: PolicyFiles, commit: Commit, called: str | None = None) -> Revision | None:
        """The policy as it stands in these files; None where its controlling text is not there."""
        files = at.files.get(policy_id, {})
        if None not in files:
            return None
        language, texts = read_texts(called or policy_id, files, self._objects.blob, self._layout)
        return Revision(called or policy_id, language, commit, texts)

    def _revisions(self, step: CommitDiff, at: PolicyFiles, names: _Names) -> Iterator[Revision]:
        for policy_id in dict.fromkeys(self._touched(step)):
            called = names.of(policy_id)
            revision = self.texts_of(policy_id, at, step.commit, called) if called else None
            if revision is not None:
                yield revision

    def _touched(self, step: CommitDiff) -> Iterator[str]:
        for change in step.changes:
            placed = self._layout.place(change.path)
            if placed and change.is_textual:
                yield placed[0]

    def _renames(self, step: CommitDiff) -> list[PolicyRename]:
        found = []
        for change in step.changes:
            old, new = self._layout.place(change.old_path), self._layout.place(change.path)
            if change.is_rename and change.old and old and new and old[1] is new[1] is None and old[0] != new[0]:
                found.append(PolicyRename(step.commit.commit_id, old[0], new[0]))
        return found

    def _is_stamp(self, step: CommitDiff) -> bool:
        """Whether this is Notifier's own: by its trailer, and by changing nothing but date and summary.

        The trailer alone would let anyone hide a revision behind it.
        """
        trailers = dict(read_trailers(message_of(step.commit)))
        return "Notifier-Posting" in trailers and all(self._is_mere_stamp(change) for change in step.changes)

    def _is_mere_stamp(self, change: FileChange) -> bool:
        placed = self._layout.place(change.path)
        if placed is None:
            return True
        if change.is_rename or not change.old or not change.new:
            return False
        before, after = (decode(self._objects.blob(one.object_id), "", None) for one in (change.old, change.new))
        language = language_of(change.path, after, self._layout)
        return language is not None and is_stamped_form(before, after, language)


def with_paths_of(revision: Revision, at: PolicyFiles) -> Revision:
    """The revision with its texts where they stand there now: a file may have been renamed since it landed."""
    paths = {suffix or revision.language: path for suffix, (path, _) in at.files[revision.policy_id].items()}
    texts = {language: replace(text, path=paths.get(language, text.path)) for language, text in revision.texts.items()}
    return replace(revision, texts=texts)


def is_stamped_form(before: str, after: str, language: str) -> bool:
    """Whether two texts differ at most by their posted date and a used-up summary."""
    return _but_for_stamp(before, language) == _but_for_stamp(after, language)


def _but_for_stamp(text: str, language: str) -> str:
    return without_posted_date(drop_summary(text), language=language)


def _undo(step: CommitDiff, at: PolicyFiles) -> None:
    for change in step.changes:
        if change.new:
            at.take(change.path)
    for change in step.changes:
        if change.old:
            at.put(change.old_path, change.old)
