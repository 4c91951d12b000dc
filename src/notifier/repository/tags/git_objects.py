"""Git's objects as they are hashed: what shows, to somebody without the repository, that a text stood in a commit.

An object is kept with its header, so that the SHA-1 of the file is the object's id: `sha1sum` checks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha1
from typing import NamedTuple

from notifier.repository.git import Git
from notifier.repository.objects import Objects


class GitProof(NamedTuple):
    """A tag, the commit it names, and the trees from there down to some files."""

    tag_object: str
    """Its id; of the commit where the tag is no object of its own, or gone."""
    commit: str
    objects: Mapping[str, bytes]
    """By id, each with its header; blobs are left out, as a text is its own blob."""


def git_proof_of(
    git: Git, objects: Objects, tag: str, commit_id: str, revision_id: str, paths: tuple[str, ...]
) -> GitProof:
    """What proves these files at a posting, and who wrote its revision. Raises RepositoryError."""
    tag_object = git.named(f"refs/tags/{tag}") or commit_id
    ids = {tag_object, commit_id, revision_id, objects.tree(commit_id)}
    for path in paths:
        parts = path.split("/")
        for depth in range(1, len(parts)):
            entry = objects.entry(commit_id, "/".join(parts[:depth]))
            if entry is not None:
                ids.add(entry.object_id)
    found = dict(zip(sorted(ids), git.read_all(sorted(ids)), strict=True))
    whole = {one: f"{kind} {len(content)}\0".encode() + content for one, (kind, content) in found.items()}
    return GitProof(tag_object, commit_id, {one: content for one, content in whole.items() if sha1_id(content) == one})


def sha1_id(content: bytes) -> str:
    """The id of an object with its header."""
    return sha1(content, usedforsecurity=False).hexdigest()
