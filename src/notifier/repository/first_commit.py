"""The first commit of a new installation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from notifier.errors import RepositoryError
from notifier.policy.persons.mailbox import split_person
from notifier.repository.git import Git, GitFailed
from notifier.repository.open import find

BRANCH = "main"
"""Of a repository that is made here."""


def check_place(root: Path) -> None:
    """Raises RepositoryError where `root` lies in a repository that cannot be used; one that is not there will do."""
    place = next(folder for folder in (root, *root.parents) if folder.exists())
    git = Git(place if place.is_dir() else place.parent)
    try:
        if git.answer("rev-parse", "--git-dir") is not None:
            find(git.folder)
    finally:
        git.close()


def found(root: Path, paths: Sequence[str], *, subject: str, author: str) -> str | None:
    """Make `root` a git repository whose first commit holds `paths`; its id, or None where commits are there already.

    The commit bears the identity that git knows, else `author`. Run again after a kill, it finishes what was begun.
    """
    git = Git(root)
    try:
        if git.answer("rev-parse", "--verify", "--quiet", "HEAD"):
            return None
        if git.answer("rev-parse", "--is-inside-work-tree") is None:
            git.run("init", "--quiet", f"--initial-branch={BRANCH}", "--object-format=sha1")
        plain = git.without_filters()
        git.run("add", "--", *paths, environment=plain)
        git.run("commit", "--quiet", "--message", subject, environment=plain | dict(_identity(git, author)))
        return git.run("rev-parse", "HEAD")
    except GitFailed as error:
        raise RepositoryError(f"{root}: no first commit: {error.said}") from error
    finally:
        git.close()


def _identity(git: Git, author: str) -> Mapping[str, str]:
    if git.answer("config", "user.email") and git.answer("config", "user.name"):
        return {}
    name, address = split_person(author)
    return {
        f"GIT_{role}_{part}": value
        for role in ("AUTHOR", "COMMITTER")
        for part, value in (("NAME", name), ("EMAIL", address))
    }
