"""Commits → what they did to policies: which commit changed which policy's text, under the id it has today.

History is walked from the tip back, undoing each commit on a table of files, so that every change comes with all its
languages as they stood before and after, whenever the policy changed last. A policy whose file was renamed keeps its
history and takes its new id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from notifier.errors import PolicyError
from notifier.policy.layout import Layout, read_as
from notifier.policy.posting import LANGUAGE, LAYOUT, Posting, read_posting
from notifier.policy.revision import Commit, Revision
from notifier.policy.trailers import message_of, read_trailers, sayings
from notifier.repository.git import Git
from notifier.repository.git_log import (
    CommitDiff,
    FileChange,
    commits_that_say,
    commits_that_speak,
    commits_that_touch,
    walk,
)
from notifier.repository.objects import Objects, TreeEntry
from notifier.repository.policy_files import Files, PolicyFiles, decode, is_stamped_form, language_of, read_texts
from notifier.text.front_matter import read_front_matter


class PolicyChange(NamedTuple):
    """What one commit did to one policy's text. The files' contents are not read yet."""

    policy_id: str
    commit: Commit
    after: Files
    before: Files
    """As the commit found them; as they were removed, where the policy comes back; empty where it is new."""
    layout: Layout
    """How files were read then."""


class PolicyRename(NamedTuple):
    """A policy's controlling text took a new path, and the policy a new id."""

    commit_id: str
    old_id: str
    new_id: str


_MOVES = "--diff-filter=ADR"
"""Files that came, went or took another name."""


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
        self._git, self._objects, self._layout, self.tip = git, objects, layout, tip

    def changes(self, since: str | None = None) -> Iterator[PolicyChange]:
        """What every commit after `since` did, newest first; stamps, pure renames and removals are no change."""
        at = PolicyFiles.among(self._objects.files(self.tip, self._layout.folder), self._layout)
        names = _Names()
        for diff in walk(self._git, f"{since}..{self.tip}" if since else self.tip, self._layout.folder):
            renames, is_stamp = self._renames(diff), self._is_stamp(diff)
            at = at.read_by(self._layout_at(diff, at.layout)) if is_stamp else at
            touched = {} if is_stamp else {name: at.of(name) for name in self._touched(diff)}
            _undo(diff, at)
            old_names = {rename.new_id: rename.old_id for rename in renames}
            for name, after in touched.items():
                today = names.of(name)
                if today and None in after:
                    before = at.of(old_names.get(name, name))
                    before = before if None in before else self._removed(name, diff)
                    yield PolicyChange(today, diff.commit, after, before, at.layout)
            names.undo(renames)

    def revision(self, change: PolicyChange) -> Revision:
        """The policy as a commit left it; old mistakes are read past."""
        return self.revision_of(change.policy_id, change.after, change.commit, change.layout)

    def head(self, change: PolicyChange) -> Revision:
        """The same where nothing changed it since; whatever was posted meanwhile, it is read as files are today."""
        placed = {self._layout.place(path): (path, entry) for path, entry in change.after.values()}
        files = {place[1]: one for place, one in placed.items() if place}
        return self.revision_of(change.policy_id, files, change.commit, self._layout)

    def revision_of(self, policy_id: str, files: Files, commit: Commit, layout: Layout) -> Revision:
        """The policy as it stands in these files, the controlling text among them."""
        return read_files(policy_id, files, commit, self._objects.blob, layout)

    def renames(self, since: str | None = None) -> list[PolicyRename]:
        """Every rename of a policy (after commit `since`), newest first."""
        if since is None:
            return list(self._moves[0])
        diffs = walk(self._git, f"{since}..{self.tip}", self._layout.folder, _MOVES)
        return [rename for diff in diffs for rename in self._renames(diff)]

    def with_merged(self, revision: Revision) -> Revision:
        """The revision with the commits that its commit merged, where it is a merge."""
        commit = revision.commit
        parents = self._objects.parents(commit.commit_id)
        if len(parents) < 2:
            return revision
        paths = [text.path for text in revision.texts.values()]
        merged = commits_that_touch(self._git, f"{parents[0]}..{commit.commit_id}", paths)
        files = self._objects.files(parents[1], self._layout.folder)
        is_mere = all(
            text.path in files and files[text.path].object_id == text.blob_id for text in revision.texts.values()
        )
        return revision._replace(commit=commit._replace(merged=tuple(merged), is_mere_merge=bool(merged) and is_mere))

    def asides(self, since: str) -> Iterator[Commit]:
        """The commits after `since`, merged ones among them, that say a word on significance and change no policy."""
        for diff in commits_that_speak(self._git, f"{since}..{self.tip}"):
            paths = (path for change in diff.changes for path in (change.path, change.old_path))
            if not any(map(self._layout.place, paths)) and next(sayings(message_of(diff.commit)), None):
                yield diff.commit

    def stamp_of(self, tag: str, commit_id: str, blobs: Mapping[str, str] | None = None) -> tuple[str, Posting] | None:
        """The stamp commit of a posting, and what it says of it; its changes must not belie its trailers.

        With `blobs` (path → id) it has one parent and changes these files to these contents, and nothing else: as
        Notifier would have made it.
        """
        for diff, posting in self._said(f"{commit_id}..{self.tip}", tag):
            is_stamp = self._is_stamp(diff) or self._brings_back(diff, commit_id)
            is_named = (posting.tag, posting.commit_id) == (tag, commit_id)
            if is_named and is_stamp and (blobs is None or _makes(diff, blobs)):
                return diff.commit.commit_id, posting
        return None

    def stamps(self, span: str) -> Iterator[tuple[Posting, str]]:
        """What the stamps in a span tell, each with its commit, whatever tags there are."""
        return (
            (posting, diff.commit.commit_id) for diff, posting in self._said(span, "posted/") if self._is_stamp(diff)
        )

    def _said(self, span: str, tag: str) -> Iterator[tuple[CommitDiff, Posting]]:
        """Commits that tell of postings whose tags begin so."""
        for diff in commits_that_say(self._git, span, f"Notifier-Posting: {tag}"):
            trailers = read_trailers(message_of(diff.commit))
            name = dict(trailers).get("Notifier-Posting", "").removeprefix("posted/").rpartition("/")[0]
            posting = read_posting(name, trailers)
            if posting:
                yield diff, posting

    def _touched(self, diff: CommitDiff) -> Iterator[str]:
        """Policies whose words changed, or came to be a policy's, or another language's, by a new name."""
        for change in diff.changes:
            placed, before = self._layout.place(change.path), self._layout.place(change.old_path)
            if placed and (change.is_textual or before is None or before[1] != placed[1]):
                yield placed[0]

    def _renames(self, diff: CommitDiff) -> list[PolicyRename]:
        """Renames that git sees, and one policy that goes in the commit in which one other comes."""
        pairs = [(change.old_path, change.path) for change in diff.changes if change.is_rename and change.old]
        gone = [change.path for change in diff.changes if change.new is None and self._is_controlling(change.path)]
        come = [change.path for change in diff.changes if change.old is None and self._is_controlling(change.path)]
        said = self._said_renames(diff)
        pairs += zip(gone, come, strict=True) if len(gone) == len(come) == 1 and not said else ()
        renames = []
        for old_path, path in pairs:
            old, new = self._layout.place(old_path), self._layout.place(path)
            if old and new and old[1] is new[1] is None and old[0] != new[0] and new[0] not in said:
                renames.append(PolicyRename(diff.commit.commit_id, old[0], new[0]))
        return [*renames, *(PolicyRename(diff.commit.commit_id, old, new) for new, old in said.items())]

    def _said_renames(self, diff: CommitDiff) -> dict[str, str]:
        """By new id the old one, where the file that came says so and that policy is not there any more."""
        said = {}
        for change in diff.changes:
            if (change.old is None or change.is_rename) and change.new and self._is_controlling(change.path):
                old_id = self._renamed_from(change.new.object_id)
                placed = self._layout.place(change.path)
                files = self._objects.files(diff.commit.commit_id, self._layout.folder) if old_id else {}
                is_gone = old_id and old_id not in PolicyFiles.among(files, self._layout).controlled()
                if placed and is_gone and placed[0] != old_id:
                    said[placed[0]] = old_id
        return said

    def _renamed_from(self, object_id: str) -> str:
        content = self._objects.blob(object_id)
        if b"renamed_from" not in content[:4096]:
            return ""
        try:
            return read_front_matter(decode(content, "", None)).renamed_from or ""
        except PolicyError:
            return ""

    def removal_of(self, policy_id: str) -> str | None:
        """The commit that removed a policy; None where it is there, or its going is not committed yet."""
        events = self._came_and_went.get(policy_id, ())
        return events[0][0] if events and None in events[0][1] else None

    def absences(self, policy_id: str) -> Iterator[tuple[str, str]]:
        """The commits that removed a policy which came back, each with the one that brought it, the latest first."""
        renamed = {one.commit_id for one in self.renames() if one.old_id == policy_id}
        for (back, _), (gone, files) in pairwise(self._came_and_went.get(policy_id, ())):
            if None in files and gone not in renamed:
                yield gone, back

    def commit(self, commit_id: str) -> Commit:
        """A commit by itself: who made it, when, and what it says."""
        return self._objects.commit(commit_id)

    def retirements(self, policies: Iterable[str]) -> dict[str, datetime | date]:
        """Which of these apply no longer, and since when: their file was removed, or its front matter says so.

        None where the whole folder is gone: it was moved, and says nothing about any of them.
        """
        files = self._objects.files(self.tip, self._layout.folder)
        if not files:
            return {}
        at = PolicyFiles.among(files, self._layout)
        there = set(at.controlled())
        found: dict[str, datetime | date] = {}
        for policy_id in policies:
            removal = None if policy_id in there else self.removal_of(policy_id)
            if removal:
                found[policy_id] = self._objects.commit(removal).landed_at
            retired = self._retired(*at.of(policy_id)[None]) if policy_id in there else None
            if retired:
                found[policy_id] = retired
        return found

    def _retired(self, path: str, entry: TreeEntry) -> date | None:
        text = decode(self._objects.content(entry), path, None)
        try:
            return read_front_matter(text, path).retired if "retired" in text else None
        except PolicyError:
            return None

    def _is_controlling(self, path: str) -> bool:
        return (self._layout.place(path) or ("", ""))[1] is None

    def _removed(self, policy_id: str, diff: CommitDiff) -> Files:
        """The policy's files as they were removed before `diff` brought it back; empty where they never were."""
        events = iter(self._came_and_went.get(policy_id, ()))
        for commit_id, _ in events:
            if commit_id == diff.commit.commit_id:
                return next((files for _, files in events if None in files), {})
        return {}

    @property
    def _came_and_went(self) -> dict[str, list[tuple[str, Files]]]:
        """For each policy the commits that brought or removed files of it, newest first, with what was removed."""
        return self._moves[1]

    @cached_property
    def _moves(self) -> tuple[list[PolicyRename], dict[str, list[tuple[str, Files]]]]:
        """Every rename, and all that came and went: one walk of the history, made for whoever asks first."""
        renames: list[PolicyRename] = []
        events: dict[str, list[tuple[str, Files]]] = {}
        for diff in walk(self._git, self.tip, self._layout.folder, _MOVES):
            renames += self._renames(diff)
            diff = diff._replace(changes=tuple(one for one in diff.changes if not (one.old and one.new)))
            removed = PolicyFiles.among({one.path: one.old for one in diff.changes if one.old}, self._layout)
            for policy_id in dict.fromkeys(self._touched(diff)):
                events.setdefault(policy_id, []).append((diff.commit.commit_id, removed.of(policy_id)))
        return renames, events

    def _is_stamp(self, diff: CommitDiff) -> bool:
        """Whether this is Notifier's own: by its trailer, and by changing nothing but date and summary.

        The trailer alone would let anyone hide a revision behind it.
        """
        trailers = dict(read_trailers(message_of(diff.commit)))
        layout = self._layout_at(diff, self._layout)
        return "Notifier-Posting" in trailers and all(self._is_mere_stamp(one, layout) for one in diff.changes)

    def _brings_back(self, diff: CommitDiff, commit_id: str) -> bool:
        """Does it bring back what that commit removed, to say until when it applies? That is a revision, too."""
        return all(one.old is None and self._objects.entry(commit_id, one.path) is None for one in diff.changes)

    def _layout_at(self, stamp: CommitDiff, later: Layout) -> Layout:
        """How files were read when a stamp was made, as it says itself; where it does not, as they were later."""
        said = dict(read_trailers(message_of(stamp.commit)))
        return read_as(later, said.get(LANGUAGE, ""), said.get(LAYOUT, ""))

    def _is_mere_stamp(self, change: FileChange, layout: Layout) -> bool:
        if self._layout.place(change.path) is None:
            return True
        if change.is_rename or not change.old or not change.new:
            return False
        before, after = (decode(self._objects.content(one), "", None) for one in (change.old, change.new))
        language = language_of(change.path, after, layout)
        return language is not None and is_stamped_form(before, after, language)


def read_files(policy_id: str, files: Files, commit: Commit, read: Callable[[str], bytes], layout: Layout) -> Revision:
    """A policy as it stands in these files; old mistakes are read past."""
    language, texts = read_texts(policy_id, files, read, layout)
    return Revision(policy_id, language, commit, texts)


def with_paths_of(revision: Revision, at: PolicyFiles) -> Revision:
    """The revision with its texts where they stand now: a file may have been renamed since it landed."""
    paths = {suffix or revision.language: path for suffix, (path, _) in at.of(revision.policy_id).items()}
    texts = {language: text._replace(path=paths.get(language, text.path)) for language, text in revision.texts.items()}
    return revision._replace(texts=texts)


def _makes(diff: CommitDiff, blobs: Mapping[str, str]) -> bool:
    made = {change.path: change.new.object_id for change in diff.changes if change.new and not change.is_rename}
    return len(diff.parents) == 1 and len(made) == len(diff.changes) and made.items() <= blobs.items()


def _undo(diff: CommitDiff, at: PolicyFiles) -> None:
    for change in diff.changes:
        if change.new:
            at.take(change.path)
    for change in diff.changes:
        if change.old:
            at.put(change.old_path, change.old)
