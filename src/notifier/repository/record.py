"""The record of what was posted: tags read back as postings with their texts, under the ids policies have today."""

from __future__ import annotations

from functools import cached_property

from notifier.errors import RepositoryError
from notifier.policy.posting import Posted
from notifier.policy.revision import Revision
from notifier.repository.git import Git
from notifier.repository.history import History, PolicyRename
from notifier.repository.objects import Objects
from notifier.repository.policy_files import Files, Layout, PolicyFiles, read_texts
from notifier.repository.posted_tags import Tagged, read_tags, with_policy_id


class Record:
    """What was posted, as tags and commits say it at one moment."""

    def __init__(self, git: Git, objects: Objects, layout: Layout, tip: str, *, is_within: bool = False) -> None:
        self._git, self._objects, self._layout, self._tip = git, objects, layout, tip
        self._within = tip if is_within else None

    def policies(self) -> tuple[str, ...]:
        """The ids of all policies ever posted."""
        return tuple(sorted(self._by_policy))

    def tagged(self, policy_id: str) -> list[Tagged]:
        """The policy's postings, oldest first."""
        return self._by_policy.get(policy_id, [])

    def posted(self, tagged: Tagged) -> Posted:
        """A posting with its texts as stamped; they may stand under the name that the policy had then."""
        posting = tagged.posting
        name = posting.tag.removeprefix("posted/").rpartition("/")[0]
        files = self._files(tagged.commit_id, name)
        if None not in files:
            raise RepositoryError(f"tag {posting.tag} holds no text of {name}; run: git tag -d {posting.tag}")
        language, texts = read_texts(posting.policy_id, files, self._objects.blob, self._layout)
        commit = self._objects.commit(posting.commit_id)
        return Posted(posting, Revision(posting.policy_id, language, commit, texts))

    def _files(self, commit_id: str, name: str) -> Files:
        """A policy's files at a commit: by their names, else (spaces and the like) by going through all of them."""
        stem = f"{self._layout.folder}/{name}" if self._layout.folder else name
        files = PolicyFiles.of(self._objects.files_of(commit_id, stem), self._layout).files.get(name, {})
        if None in files:
            return files
        return PolicyFiles.of(self._objects.files(commit_id, self._layout.folder), self._layout).files.get(name, {})

    @property
    def taken(self) -> frozenset[str]:
        """Every tag name under `posted/`, ours or not."""
        return self._tags[1]

    @cached_property
    def _tags(self) -> tuple[dict[str, list[Tagged]], frozenset[str]]:
        return read_tags(self._git, self._within)

    @cached_property
    def _by_policy(self) -> dict[str, list[Tagged]]:
        by_name = self._tags[0]
        if not by_name or not self._renames:
            return by_name
        found: dict[str, list[Tagged]] = {}
        for name, postings in by_name.items():
            for tagged in postings:
                today = self._name_today(name, tagged.posting.commit_id)
                found.setdefault(today, []).append(with_policy_id(tagged, today))
        for postings in found.values():
            postings.sort(key=lambda tagged: tagged.posting.posted_on)
        return found

    @cached_property
    def _renames(self) -> list[PolicyRename]:
        """Oldest first."""
        return list(reversed(History(self._git, self._objects, self._layout, self._tip).renames()))

    def _name_today(self, name: str, commit_id: str) -> str:
        """What the policy that was called `name` when `commit_id` landed is called at the tip."""
        for rename in self._renames:
            if rename.old_id == name and self._is_before(commit_id, rename.commit_id):
                name = rename.new_id
        return name

    def _is_before(self, commit_id: str, later: str) -> bool:
        return self._git.answer("merge-base", "--is-ancestor", commit_id, later) is not None
