"""The stamp commit: what it is to hold, whether it is there already, and making it under git's own locks.

Where the branch is checked out, the files are written there and committed alone; a run that dies between the two
leaves files that the next run knows for its own. Where it is not, the commit is made without any working tree and
the branch moved only if nobody moved it meanwhile. Both end in one commit, however often they are begun.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from notifier.errors import Busy, RepositoryError
from notifier.policy.layout import Layout
from notifier.policy.persons.mailbox import split_person
from notifier.policy.posting import Posting
from notifier.repository import remote, worktree
from notifier.repository.git import Git, GitFailed
from notifier.repository.history import History
from notifier.repository.objects import FILE, Objects, blob_id
from notifier.repository.open import tip_of
from notifier.repository.policy_files import decode, is_stamped_form, language_of
from notifier.repository.tags.posted_tags import message, write_tag

TRIES = 10
"""How often a stamp is redone when others move the branch at the same time."""
LOCK_WAIT_S = 10.0
"""How long a run waits for another git command to let go of a lock."""
_LOCKED = re.compile(r"(?:Unable to create|[cC]annot lock ref|unable to lock)[^\n]*?(?P<lock>[^\s']+\.lock)'?: File ex")
_MOVED = re.compile(r"cannot lock ref '[^']+': is at [0-9a-f]+ but expected|reference already exists")
Answer = TypeVar("Answer")


class StampCommit(NamedTuple):
    """What one stamp commit is to hold: the tip's files, but for `texts` by path from the repository's top."""

    branch: str
    tip: str
    texts: Mapping[str, str]
    message: str
    author: str
    brought_back: frozenset[str] = frozenset()
    """Paths that the tip lacks."""


class Committer:
    """Makes stamp commits and their tags: in the editors' checkout `home`, or in `git`, which pushes to a remote."""

    def __init__(
        self, home: Git, git: Git, objects: Objects, layout: Layout, branch: str, is_remote: bool, author: str
    ) -> None:
        self._home, self._git, self._objects, self._layout = home, git, objects, layout
        self._branch, self._is_remote, self._author = branch, is_remote, author

    def edits(self) -> worktree.Edits:
        """What nobody has committed yet where the branch is checked out."""
        return worktree.edits_in(self._checkout(), self._layout.folder)

    def put_back(self, ours: Mapping[str, str]) -> tuple[str, ...]:
        """Gives files that hold exactly the blobs `ours`, written for a stamp that was dropped, their committed text.

        The paths put back. Whatever else is in a file is an editor's, and stays.
        """
        folder, tip = self._checkout(), tip_of(self._git, self._branch)
        there = {path: self._objects.entry(tip, path) for path in ours} if folder else {}
        stale = {
            path: entry.object_id
            for path, entry in there.items()
            if folder and entry and entry.object_id != ours[path] and worktree.holds(folder / path, ours[path])
        }
        for path, entry in there.items():  # what was to be brought back
            if folder and entry is None and worktree.holds(folder / path, ours[path]):
                (folder / path).unlink()
        for path, object_id in stale.items():
            worktree.write_over(Path(folder or "", path), self._objects.blob(object_id))
        return tuple(stale)

    def stamp(self, posting: Posting, texts: Mapping[str, str], head: str = "") -> str:
        """The stamp commit's id, made if it is not there. Raises Busy, RepositoryError."""
        for _ in range(TRIES):
            tip = tip_of(self._git, self._branch)
            present = self._present(posting, texts, tip)
            if present:
                return present
            try:
                self._commit(posting.policy_id, self._plan(posting, texts, tip, head))
            except remote.Moved:
                if self._is_remote:
                    remote.fetch(self._git, self._branch)
        present = self._present(posting, texts, tip_of(self._git, self._branch))
        if present:
            return present
        raise Busy(f"{self._branch} kept moving while {posting.policy_id} was posted; run again")

    def write(self, policy_id: str, texts: Mapping[str, str], message: str, author: str) -> str:
        """Commits `texts` over files that the branch has; the commit's id. Raises Busy, RepositoryError."""
        for _ in range(TRIES):
            tip = tip_of(self._git, self._branch)
            try:
                self._commit(policy_id, StampCommit(self._branch, tip, texts, message, author))
            except remote.Moved:
                if self._is_remote:
                    remote.fetch(self._git, self._branch)
            else:
                return tip_of(self._git, self._branch)
        raise Busy(f"{self._branch} kept moving while {policy_id} was written; run again")

    def tag(self, posting: Posting, commit_id: str, head: str = "", *, replaces: bool = False) -> str:
        """Tags the commit with the posting, at the remote too; the tag's object.

        Raises RepositoryError where the tag is taken.
        """
        signed = people(self._author)
        patiently(lambda: write_tag(self._git, posting, commit_id, signed, head, replaces=replaces))
        if self._is_remote:
            try:
                remote.push(self._git, f"refs/tags/{posting.tag}", replaces=replaces)
            except remote.Moved as error:
                raise RepositoryError(f"the remote has another tag {posting.tag}; run again") from error
        return self._git.id_of(f"refs/tags/{posting.tag}")

    def _plan(self, posting: Posting, texts: Mapping[str, str], tip: str, head: str) -> StampCommit:
        """Raises RepositoryError where the tip holds other words than those that were judged."""
        missing = {path for path in texts if self._objects.entry(tip, path) is None}
        back = frozenset(path for path in missing if self._objects.entry(posting.commit_id, path) is None)
        for path, text in texts.items():
            if path in back:
                continue  # the commit that is judged removed it: the posting brings it back to say so
            entry = self._objects.entry(tip, path)
            before = decode(self._objects.content(entry), path, None) if entry else ""
            language = language_of(path, before, self._layout)
            if language is None or not is_stamped_form(before, text, language):
                raise RepositoryError(f"{path}: changed while {posting.policy_id} was posted; run again")
        said = message(posting, f"Post {posting.policy_id}, {posting.significance}", head)
        return StampCommit(self._branch, tip, texts, said, self._author, back)

    def _present(self, posting: Posting, texts: Mapping[str, str], tip: str) -> str | None:
        """The commit that stamps this posting with these texts already, as a run that died left it."""
        found = History(self._git, self._objects, self._layout, tip).stamp_of(posting.tag, posting.commit_id)
        if found is None:
            return None
        there = {path: self._objects.entry(found[0], path) for path in texts}
        is_same = all(entry and entry.object_id == blob_id(texts[path]) for path, entry in there.items())
        return found[0] if is_same else None

    def _commit(self, policy_id: str, plan: StampCommit) -> None:
        folder = self._checkout()
        if folder is None:
            commit_apart(self._git, plan)
            if self._is_remote:
                remote.push(self._git, f"refs/heads/{plan.branch}")
            return
        index = worktree.idle_index(folder)
        ours = {path: blob_id(text) for path, text in plan.texts.items()}
        busy = worktree.edits_in(folder, self._layout.folder).of(policy_id, self._layout, ours)
        if busy:
            raise Busy(f"{', '.join(busy)}: uncommitted edits; commit or stash them")
        commit_in(folder, plan, self._git.common, index)

    def _checkout(self) -> Path | None:
        """Where the branch is checked out, if anywhere and if this is where postings go."""
        return None if self._is_remote else worktree.checkout_of(self._home, self._branch)


def people(author: str) -> dict[str, str]:
    """Environment that makes `Name <address>` author and committer. Raises RepositoryError where it is neither."""
    name, address = split_person(author)
    if not name or "@" not in address or not author.isprintable():
        raise RepositoryError(f'posting.author: expected "Name <address>", got {author!r}')
    return {
        f"GIT_{role}_{part}": value
        for role in ("AUTHOR", "COMMITTER")
        for part, value in (("NAME", name), ("EMAIL", address))
    }


def commit_in(folder: Path, plan: StampCommit, common: Path, index: Path) -> None:
    """Writes the texts into the checkout and commits these paths alone, whatever else is staged or dirty there.

    Raises Moved where an editor committed at the same moment.
    """
    git = Git(folder)
    try:
        worktree.check_watched(git, plan.texts)
        for path, text in plan.texts.items():
            if path in plan.brought_back and not (folder / path).exists():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).touch()
                patiently(partial(git.run, "add", "--intent-to-add", "--", f":(top,literal){path}"))
            worktree.write_over(folder / path, text.encode("utf-8", "surrogateescape"))
        with _git_folder_apart(git, plan.branch, common, index) as apart:
            patiently(
                lambda: git.run(
                    "-c", "gc.auto=0", "-c", "maintenance.auto=false",
                    "commit", "--quiet", "--no-verify", "--allow-empty", "--cleanup=whitespace", "-F", "-",
                    "--only", "--", *(f":(top,literal){path}" for path in plan.texts),
                    stdin=plan.message, environment=git.without_filters() | apart | people(plan.author),
                )
            )  # fmt: skip
    except GitFailed as error:
        if _MOVED.search(error.said):
            raise remote.Moved from error
        raise RepositoryError(f"{folder}: cannot commit the posted date: {error.brief}") from error
    finally:
        git.close()


@contextmanager
def _git_folder_apart(git: Git, branch: str, common: Path, index: Path) -> Iterator[dict[str, str]]:
    """Environment in which git has a folder of its own beside the checkout's index, objects and branches.

    `git commit` passes its message through a file in that folder: in the checkout's, an editor who commits at the
    same moment would get our message, or we hers.
    """
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "HEAD").write_text(f"ref: refs/heads/{branch}\n", encoding="utf-8")
        Path(folder, "commondir").write_text(f"{common}\n", encoding="utf-8")
        yield {"GIT_DIR": folder, "GIT_WORK_TREE": str(git.folder), "GIT_INDEX_FILE": str(index)}


def commit_apart(git: Git, plan: StampCommit) -> str:
    """Makes the commit without a working tree and moves the branch to it. Raises Moved where it moved meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        apart = {"GIT_INDEX_FILE": str(Path(folder, "index")), **people(plan.author)}
        try:
            git.run("read-tree", plan.tip, environment=apart)
            for path, text in plan.texts.items():
                mode = git.run("ls-files", "--stage", "--", f":(top,literal){path}", environment=apart).split(" ")[0]
                new = git.run("hash-object", "-w", "--stdin", stdin=text)
                git.run("update-index", "--add", "--cacheinfo", f"{mode or FILE},{new},{path}", environment=apart)
            tree = git.run("write-tree", environment=apart)
            signed = ["-S"] if git.answer("config", "--type=bool", "commit.gpgsign") == "true" else []
            made = git.run(
                "commit-tree", *signed, "-p", plan.tip, "-F", "-", tree, stdin=plan.message, environment=apart
            )
        except GitFailed as error:
            raise RepositoryError(f"cannot commit the posted date: {error.brief}") from error
    _move(git, plan, made)
    return made


def _move(git: Git, plan: StampCommit, made: str) -> None:
    """Moves the branch from the tip that was looked at; git compares and sets under its lock."""
    try:
        patiently(lambda: git.run("update-ref", "-m", "posted", f"refs/heads/{plan.branch}", made, plan.tip))
    except GitFailed as error:
        if _MOVED.search(error.said):
            raise remote.Moved from error
        raise RepositoryError(f"cannot move {plan.branch}: {error.brief}") from error


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
