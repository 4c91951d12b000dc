"""Finding the repository and seeing that it can be trusted to be whole: each refusal says the command that mends it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

from notifier.errors import Finding, FindingCode, RepositoryError
from notifier.repository.git import Git, GitFailed
from notifier.repository.objects import LINK, SUBMODULE, Objects


class Checkout(NamedTuple):
    """Where the editors work: the repository's top, the installation below it, and the branch that is checked out."""

    top: Path
    below: str
    """The installation's folder from the top; empty where they are one."""
    checked_out: str | None
    common: Path
    """What all checkouts of the repository share."""

    def git(self) -> Git:
        """Git at the top, which need not ask where that is."""
        git = Git(self.top)
        git.common = self.common
        return git

    def path_of(self, folder: str) -> str:
        """A folder of the installation, from the repository's top; empty where they are one."""
        return "/".join(part for part in (self.below, folder.strip("/")) if part not in ("", "."))


def _as_sha1(git: Git) -> str:
    """The line that makes the same repository with SHA-1, beside the one that is there; in place of an empty one."""
    top = Path(git.run("rev-parse", "--show-toplevel"))
    if git.answer("rev-parse", "--verify", "--quiet", "HEAD") is None:
        return (
            f"rm -r {shlex.quote(str(top / '.git'))} && git init -b main --object-format=sha1 {shlex.quote(str(top))}"
        )
    there, new = shlex.quote(str(top)), shlex.quote(f"{top}-sha1")
    branch = shlex.quote((git.answer("symbolic-ref", "--short", "HEAD") or "main").strip())
    return (
        f"git init -b {branch} --object-format=sha1 {new} && git -C {there} fast-export --all --signed-tags=strip "
        f"| git -C {new} fast-import --quiet && git -C {new} checkout {branch}"
    )


def find(root: Path) -> Checkout:
    """The checkout that `root` lies in. Raises RepositoryError: none, bare, shallow, or another user's."""
    if not root.is_dir():
        raise RepositoryError(f"{root}: there is no such folder")
    git = Git(root)
    try:
        said = git.run(
            "rev-parse", "--is-shallow-repository", "--show-object-format", "--path-format=absolute",
            "--git-common-dir", "--show-toplevel", "--show-prefix",
        )  # fmt: skip
        shallow, hashes, common, top, *below = said.split("\n", 4)
        if shallow == "true":
            raise RepositoryError(f"{root}: a shallow clone lacks history; run: git fetch --unshallow")
        if hashes != "sha1":
            raise RepositoryError(f"{root}: {hashes} repositories are not supported; run: {_as_sha1(git)}")
        if not root.resolve().is_relative_to(top):
            raise RepositoryError(f"{root}: git looks for its files in {top}; run: git config --unset core.worktree")
        head = git.answer("symbolic-ref", "--quiet", "HEAD") or ""  # not --short: a tag of that name would prefix it
        branch = head.removeprefix("refs/heads/") or None
        return Checkout(Path(top), "".join(below).rstrip("/"), branch, Path(common))
    except GitFailed as error:
        if git.answer("rev-parse", "--is-bare-repository") == "true":
            bare = f"{root}: a bare repository holds no policies to edit; run: git clone {root}"
            raise RepositoryError(bare) from error
        raise _unusable(root, error) from error
    finally:
        git.close()


def unwritable(common: Path) -> str:
    """Which folder of git's cannot be written, and why: tried, since a mode tells nothing of a disk; else empty."""
    folders = (common, common / "objects", common / "refs" / "heads", common / "refs" / "tags")
    for folder in filter(Path.is_dir, folders):
        try:
            TemporaryFile(dir=folder).close()
        except OSError as error:
            return f"{folder}: {(error.strerror or str(error)).lower()}"
    return ""


def checked_out(root: Path) -> str | None:
    """The branch that is checked out where `root` lies; None where that is no repository, or none is."""
    try:
        return find(root).checked_out
    except RepositoryError:
        return None


def _unusable(root: Path, error: GitFailed) -> RepositoryError:
    if "dubious ownership" in error.said:
        folder = error.said.split("at '", 1)[-1].split("'", 1)[0]
        return RepositoryError(
            f"{root}: git refuses a repository of another user; if you trust it, run: "
            f"git config --global --add safe.directory {shlex.quote(folder)}"
        )
    if "not a git repository" in error.said and (root / ".git").is_symlink() | (root / ".git").exists():
        why = "git cannot read it: it is cut off, or leads to what is gone"
        return RepositoryError(f"{root}/.git: {why}; bring it back from a copy or a clone, and make no new one")
    if "not a git repository" in error.said:
        return RepositoryError(f"{root}: not a git repository; run: git init {shlex.quote(str(root))}")
    return RepositoryError(f"{root}: {error.brief}")


def check_config(git: Git) -> None:
    """Raises RepositoryError where the repository's config takes in a file that git tracks.

    Whoever gets a change to that file merged could have git run any command here.
    """
    said = git.answer("config", "--local", "--includes", "--list", "--show-origin", "--name-only", "--null") or ""
    top = git.folder.resolve()
    for origin in dict.fromkeys(said.split("\0")[:-1:2]):
        path = Path(top, origin.removeprefix("file:")).resolve()
        is_inside = path.is_relative_to(top) and ".git" not in path.parts
        if is_inside and _tracked(git, [path.relative_to(top).as_posix()]):
            raise RepositoryError(
                f"{path}: git's own config is taken from a file that is part of the repository, so whoever changes "
                "that file could run commands here; run: git config --unset-all include.path"
            )


def check_untracked(git: Git, private: Sequence[Path]) -> None:
    """Raises RepositoryError where git tracks something that is Notifier's alone to write.

    A merged change could otherwise replace the ledger, or put a page on the company's site.
    """
    inside = inside_of(git.folder, private)
    tracked = _tracked(git, inside) if inside else []
    if tracked:
        raise RepositoryError(
            f"{tracked[0]}: git tracks a file where Notifier keeps its own; run: "
            f"git rm -r --cached {shlex.quote(tracked[0])}, and leave it out by .gitignore"
        )


def inside_of(top: Path, places: Sequence[Path]) -> tuple[str, ...]:
    """Those of the places that lie in a folder, from there."""
    top = top.resolve()
    return tuple(os.path.relpath(path.absolute(), top) for path in places if path.absolute().is_relative_to(top))


def _tracked(git: Git, paths: Sequence[str]) -> list[str]:
    said = git.run("ls-files", "-z", "--", *(f":(top,literal,icase){path}" for path in paths))
    return [path for path in said.split("\0") if path]


def published_branch(git: Git, checkout: Checkout, named: str | None) -> str:
    """The configured branch, else the only one there can be meant: never whatever is checked out just now.

    Raises RepositoryError where several could be meant, or HEAD is detached.
    """
    if named:
        return named
    if not checkout.checked_out:
        raise RepositoryError(
            f"{checkout.top}: no branch is checked out; run: git switch main, or set repository.branch"
        )
    branches = _branches(git)
    if len(branches) < 2:
        return checkout.checked_out
    remote_head = git.answer("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD") or ""
    if remote_head.removeprefix("refs/remotes/origin/") == checkout.checked_out:
        return checkout.checked_out
    listed = ", ".join(branches[:8])
    raise RepositoryError(f"{checkout.top}: which branch is published? there is {listed}; set repository.branch")


def tip_of(git: Git, branch: str) -> str:
    """The commit at the branch's tip. Raises RepositoryError where there is no such branch or no commit yet."""
    tip = git.named(f"refs/heads/{branch}^{{commit}}")
    if tip:
        return tip
    others = _branches(git)
    if not others:
        raise RepositoryError(f'{git.folder}: no commits yet; run: git add . && git commit -m "Add policies"')
    raise RepositoryError(f"{git.folder}: there is no branch {branch!r}; there is {', '.join(others[:8])}")


def folder_mistake(objects: Objects, tip: str, folder: str, branch: str) -> Finding | None:
    """Where the policies are not there any more: an empty answer would look like no change."""
    entry = objects.entry(tip, folder)
    if entry is not None and entry.is_tree:
        return None
    became = {LINK: "is a symbolic link", SUBMODULE: "is a submodule"}.get(entry.mode if entry else "", "is no folder")
    why = f"{became if entry else f'is not on {branch}'}, so no policy can be read"
    return Finding(
        FindingCode.UNREADABLE,
        folder,
        0,
        why,
        "put it back: policies are read where they were posted from (policies.path)",
    )


def identity(git: Git) -> tuple[str, str]:
    """Name and address that a commit made here now would bear as its author; the user's name where git knows none."""
    from getpass import getuser

    said = git.answer("var", "GIT_AUTHOR_IDENT") or ""
    name, _, rest = said.partition(" <")
    return name or (git.answer("config", "user.name") or "").strip() or getuser(), rest.partition(">")[0]


def _branches(git: Git) -> list[str]:
    return (git.answer("for-each-ref", "--format=%(refname:strip=2)", "refs/heads") or "").split()


def commit_named(git: Git, revision: str) -> str:
    """The commit that a name from outside means, a branch before a tag. Raises RepositoryError."""
    for name in (f"refs/heads/{revision}", revision):
        found = git.answer("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if found and found.isalnum():
            return found
    raise RepositoryError(f"{revision!r} names no commit here")
