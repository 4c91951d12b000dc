"""Finding the repository and seeing that it can be trusted to be whole: each refusal says the command that mends it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from notifier.errors import RepositoryError
from notifier.repository.git import Git, GitFailed


@dataclass(frozen=True, slots=True)
class Checkout:
    """Where the editors work: the repository's top, the installation below it, and the branch that is checked out."""

    top: Path
    below: str
    """The installation's folder from the top; empty where they are one."""
    checked_out: str | None


def find(root: Path) -> Checkout:
    """The checkout that `root` lies in. Raises RepositoryError: none, bare, shallow, or another user's."""
    if not root.is_dir():
        raise RepositoryError(f"{root}: there is no such folder")
    git = Git(root)
    try:
        said = git.run("rev-parse", "--is-bare-repository", "--is-shallow-repository", "--show-object-format")
        bare, shallow, hashes = said.split("\n")
        if bare == "true":
            raise RepositoryError(f"{root}: a bare repository holds no policies to edit; run: git clone {root}")
        if shallow == "true":
            raise RepositoryError(f"{root}: a shallow clone lacks history; run: git fetch --unshallow")
        if hashes != "sha1":
            raise RepositoryError(
                f"{root}: {hashes} repositories are not supported; run: git init --object-format=sha1"
            )
        top = Path(git.run("rev-parse", "--show-toplevel"))
        below = git.run("rev-parse", "--show-prefix").rstrip("/")
        return Checkout(top, below, git.answer("symbolic-ref", "--quiet", "--short", "HEAD"))
    except GitFailed as error:
        raise _unusable(root, error) from error
    finally:
        git.close()


def _unusable(root: Path, error: GitFailed) -> RepositoryError:
    if "dubious ownership" in error.said:
        folder = error.said.split("at '", 1)[-1].split("'", 1)[0]
        return RepositoryError(
            f"{root}: git refuses a repository of another user; if you trust it, run: "
            f"git config --global --add safe.directory {shlex.quote(folder)}"
        )
    if "not a git repository" in error.said:
        return RepositoryError(f"{root}: not a git repository; run: git init {shlex.quote(str(root))}")
    return RepositoryError(f"{root}: {error.brief}")


def published_branch(checkout: Checkout, named: str | None) -> str:
    """The configured branch, else the one checked out. Raises RepositoryError where HEAD is detached."""
    branch = named or checkout.checked_out
    if not branch:
        raise RepositoryError(
            f"{checkout.top}: no branch is checked out; run: git switch main, or set repository.branch"
        )
    return branch


def tip_of(git: Git, branch: str) -> str:
    """The commit at the branch's tip. Raises RepositoryError where there is no such branch or no commit yet."""
    tip = git.answer("rev-parse", "--verify", "--quiet", "--end-of-options", f"refs/heads/{branch}^{{commit}}")
    if tip:
        return tip
    others = (git.answer("for-each-ref", "--format=%(refname:short)", "refs/heads") or "").split()
    if not others:
        raise RepositoryError(f'{git.folder}: no commits yet; run: git add . && git commit -m "Add policies"')
    raise RepositoryError(f"{git.folder}: there is no branch {branch!r}; there is {', '.join(others[:8])}")
