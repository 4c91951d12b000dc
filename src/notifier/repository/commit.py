"""Making the stamp commit: only the stamped paths, under git's own locks, and never over an editor's work.

Where the branch is checked out, the file is written there and committed alone; a run that dies between the two
leaves a file that the next run knows for its own. Where it is not, the commit is made without any working tree and
the branch moved only if nobody moved it meanwhile. Both end in one commit, however often they are begun.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from hashlib import sha1
from pathlib import Path
from typing import TypeVar

from notifier.errors import Busy, RepositoryError
from notifier.repository.git import Git, GitFailed

LOCK_WAIT_S = 10.0
"""How long a run waits for another git command to let go of a lock."""
_LOCKED = re.compile(r"(?:Unable to create|cannot lock ref|unable to lock)[^\n]*?(?P<lock>[^\s']+\.lock)")
_MOVED = re.compile(r"cannot lock ref '[^']+': is at [0-9a-f]+ but expected|reference already exists")
_UNDER_WAY = {
    "MERGE_HEAD": "a merge is under way; finish it, or run: git merge --abort",
    "CHERRY_PICK_HEAD": "a cherry-pick is under way; finish it, or run: git cherry-pick --abort",
    "REVERT_HEAD": "a revert is under way; finish it, or run: git revert --abort",
}
Answer = TypeVar("Answer")


class Moved(Exception):
    """The branch moved while a commit was made for it: look again and redo. Never leaves this room."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What one stamp commit is to hold: texts by path from the repository's top."""

    branch: str
    tip: str
    texts: Mapping[str, str]
    message: str
    author: str


def blob_id(content: bytes) -> str:
    """The id that git gives to this content."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def blob_id_of(text: str) -> str:
    """The id that git gives to this text."""
    return blob_id(text.encode("utf-8", "surrogateescape"))


def people(author: str) -> dict[str, str]:
    """Environment that makes `Name <address>` author and committer. Raises RepositoryError where it is neither."""
    name, address = parseaddr(author)
    if not name or "@" not in address or not author.isprintable():
        raise RepositoryError(f'posting.author: expected "Name <address>", got {author!r}')
    return {
        f"GIT_{role}_{part}": value
        for role in ("AUTHOR", "COMMITTER")
        for part, value in (("NAME", name), ("EMAIL", address))
    }


def worktree_of(git: Git, branch: str) -> Path | None:
    """Where the branch is checked out, if anywhere. Raises Busy while it is being rebased."""
    common = Path(git.run("rev-parse", "--path-format=absolute", "--git-common-dir"))
    for state in (*common.glob("rebase-*/head-name"), *common.glob("worktrees/*/rebase-*/head-name")):
        if state.read_text().strip() == f"refs/heads/{branch}":
            raise Busy(f"{branch} is being rebased; finish it, or run: git rebase --abort")
    folder: str | None = None
    for line in git.run("worktree", "list", "--porcelain").split("\n"):
        word, _, rest = line.partition(" ")
        folder = rest if word == "worktree" else folder
        if word == "branch" and rest == f"refs/heads/{branch}" and folder and Path(folder).is_dir():
            return Path(folder)
    return None


def check_idle(folder: Path) -> None:
    """Raises Busy while a merge or the like is under way there: git then commits no single paths."""
    git = Git(folder)
    for name, why in _UNDER_WAY.items():
        if Path(folder, git.run("rev-parse", "--git-path", name)).exists():
            raise Busy(f"{folder}: {why}")


def commit_in(folder: Path, stamp: Stamp) -> None:
    """Writes the texts into the checkout and commits these paths alone, whatever else is staged or dirty there.

    Raises Moved where an editor committed at the same moment.
    """
    git = Git(folder)
    try:
        for path, text in stamp.texts.items():
            write_over(folder / path, text.encode("utf-8", "surrogateescape"))
        patiently(
            lambda: git.run(
                "commit", "--quiet", "--no-verify", "--allow-empty", "--cleanup=whitespace", "-F", "-",
                "--only", "--", *(f":(top,literal){path}" for path in stamp.texts),
                stdin=stamp.message, environment=people(stamp.author),
            )
        )  # fmt: skip
    except GitFailed as error:
        if _MOVED.search(error.said):
            raise Moved from error
        raise RepositoryError(f"{folder}: cannot commit the posted date: {error.brief}") from error
    finally:
        git.close()


def write_over(path: Path, content: bytes) -> None:
    """Replaces a file whole or not at all, with the line endings that its checkout has.

    Raises RepositoryError where a sparse checkout leaves the file out.
    """
    if not path.exists():
        raise RepositoryError(f"{path}: is not checked out here; run: git sparse-checkout disable")
    present = path.read_bytes()
    if b"\r\n" in present and b"\r\n" not in content:
        content = content.replace(b"\n", b"\r\n")
    if present == content:
        return
    fresh = path.with_name(f".{path.name}.notifier")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    shutil.copymode(path, fresh)
    fresh.replace(path)


def commit_apart(git: Git, stamp: Stamp) -> str:
    """Makes the commit without a working tree and moves the branch to it. Raises Moved where it moved meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        apart = {"GIT_INDEX_FILE": str(Path(folder, "index")), **people(stamp.author)}
        try:
            git.run("read-tree", stamp.tip, environment=apart)
            for path, text in stamp.texts.items():
                mode = git.run("ls-files", "--stage", "--", f":(top,literal){path}", environment=apart).split(" ")[0]
                new = git.run("hash-object", "-w", "--stdin", stdin=text)
                git.run("update-index", "--cacheinfo", f"{mode},{new},{path}", environment=apart)
            tree = git.run("write-tree", environment=apart)
            signed = ["-S"] if git.answer("config", "--type=bool", "commit.gpgsign") == "true" else []
            made = git.run(
                "commit-tree", *signed, "-p", stamp.tip, "-F", "-", tree, stdin=stamp.message, environment=apart
            )
        except GitFailed as error:
            raise RepositoryError(f"cannot commit the posted date: {error.brief}") from error
    _move(git, stamp, made)
    return made


def _move(git: Git, stamp: Stamp, made: str) -> None:
    """Moves the branch from the tip that was looked at; git compares and sets under its lock."""
    try:
        patiently(lambda: git.run("update-ref", "-m", "posted", f"refs/heads/{stamp.branch}", made, stamp.tip))
    except GitFailed as error:
        if _MOVED.search(error.said):
            raise Moved from error
        raise RepositoryError(f"cannot move {stamp.branch}: {error.brief}") from error


def patiently(act: Callable[[], Answer]) -> Answer:
    """Does what needs a git lock, waiting a bounded time for it. Raises Busy, naming the lock and its age."""
    until = time.monotonic() + LOCK_WAIT_S
    while True:
        try:
            return act()
        except GitFailed as error:
            held = None if _MOVED.search(error.said) else _LOCKED.search(error.said)
            if held is None:
                raise
            if time.monotonic() > until:
                raise Busy(_holder(Path(held["lock"]))) from error
            time.sleep(0.2)


def _holder(lock: Path) -> str:
    try:
        since = datetime.fromtimestamp(lock.stat().st_mtime, UTC).strftime(" since %Y-%m-%d %H:%M:%S UTC")
    except OSError:
        since = ""
    return f"another git command holds {lock}{since}; if none is running, remove that file"
