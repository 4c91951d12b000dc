"""The working tree: policies as editors see them before they commit, and writing there without losing their work."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from notifier.errors import Busy, Finding, RepositoryError
from notifier.policy.layout import Layout
from notifier.policy.revision import PolicyText
from notifier.repository.git import Git, GitFailed
from notifier.repository.objects import FILE, LINK, SUBMODULE, Objects, TreeEntry, blob_id
from notifier.repository.policy_files import PolicyFiles, mistakes_by_policy, read_texts

_UNDER_WAY = {
    "MERGE_HEAD": "a merge is under way; finish it, or run: git merge --abort",
    "CHERRY_PICK_HEAD": "a cherry-pick is under way; finish it, or run: git cherry-pick --abort",
    "REVERT_HEAD": "a revert is under way; finish it, or run: git revert --abort",
}


@dataclass(frozen=True, slots=True)
class WorkingTree:
    """Policy files with their contents by the ids that git would give them."""

    layout: Layout
    files: dict[str, TreeEntry]
    contents: dict[str, bytes]

    def policies(self) -> tuple[str, ...]:
        """The ids of the policies."""
        return tuple(PolicyFiles.among(self.files, self.layout).ids())

    def readable(self, policy_id: str) -> tuple[str, dict[str, PolicyText]]:
        """The controlling language and the texts as far as they can be read, mistakes and all."""
        files = PolicyFiles.among(self.files, self.layout).of(policy_id)
        return read_texts(policy_id, files, self.contents.__getitem__, self.layout)

    def mistakes(self, posted: Collection[str] = ()) -> dict[str, tuple[Finding, ...]]:
        """What would keep a run from each policy; under "" what lies in no policy's files."""
        return mistakes_by_policy(self.files, self.contents.__getitem__, self.layout, posted)


def working_tree(git: Git, layout: Layout) -> WorkingTree:
    """The policies below git's folder as they are on disk, with the line endings that a commit would give them."""
    has_own_endings = git.answer("config", "--get", "core.autocrlf") not in ("true", "input")
    files: dict[str, TreeEntry] = {}
    contents: dict[str, bytes] = {}
    known = _known_to_git(git, layout.folder) if layout.is_shared else None
    for path, mode in sorted(_entries(git.folder / layout.folder)):
        name = path.relative_to(git.folder).as_posix()
        is_looked_at = known is None or name in known
        if not is_looked_at or (layout.is_shared and not layout.place(name) and not layout.is_taken_for_policy(name)):
            continue
        content = b"" if layout.place(name) is None or mode == SUBMODULE else _content(path)
        content = content if has_own_endings else content.replace(b"\r\n", b"\n")
        files[name] = TreeEntry(mode, blob_id(content))
        contents[files[name].object_id] = content
    return WorkingTree(layout, files, contents)


def _known_to_git(git: Git, folder: str) -> frozenset[str]:
    """Every path that is committed or might be: what git ignores is nobody's policy."""
    where = f":(top,literal){folder}" if folder not in ("", ".") else "."
    said = git.run("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", where)
    return frozenset(said.split("\0"))


def index_tree(git: Git, index: Path | None) -> str:
    """The id of a tree of all that is staged. Raises RepositoryError while a merge is not resolved."""
    try:
        return git.run("write-tree", environment={"GIT_INDEX_FILE": str(index)} if index else None)
    except GitFailed as error:
        raise RepositoryError(f"{git.folder}: what is staged makes no commit: {error.brief}") from error


def tree_as_working(objects: Objects, layout: Layout, tree_id: str) -> WorkingTree:
    """The policies of a tree (what is staged, say), as if they stood in the working tree."""
    files = objects.files_in(tree_id, layout.folder)
    read = [entry for path, entry in files.items() if layout.place(path) and entry.mode != SUBMODULE]
    return WorkingTree(layout, files, {entry.object_id: objects.content(entry) for entry in read})


def _entries(folder: Path) -> Iterator[tuple[Path, str]]:
    """Files and links below a folder, and folders that are repositories of their own; hidden ones are none."""
    for where, folders, names in os.walk(folder):
        inner = [Path(where, name) for name in folders if not name.startswith(".")]
        yield from ((path, SUBMODULE) for path in inner if (path / ".git").exists() and not path.is_symlink())
        folders[:] = [path.name for path in inner if not (path / ".git").exists()]
        files = [Path(where, name) for name in names if not name.startswith(".")]
        links = [path for path in (*inner, *files) if path.is_symlink()]
        yield from ((path, LINK) for path in links)
        yield from ((path, FILE) for path in files if not path.is_symlink())


def _content(path: Path) -> bytes:
    return str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()


class Edits(NamedTuple):
    """What is staged, changed or new among the policies of a checkout, at one moment; nothing where none is."""

    checkout: Path | None
    paths: tuple[str, ...] = ()

    def of(self, policy_id: str, layout: Layout, ours: Mapping[str, str]) -> tuple[str, ...]:
        """Those of a policy, but for files that hold the blobs `ours`."""
        mine = [path for path in self.paths if (layout.place(path) or ("",))[0] == policy_id]
        return tuple(path for path in mine if self.checkout and not holds(self.checkout / path, ours.get(path)))


def edits_in(checkout: Path | None, below: str) -> Edits:
    """Uncommitted edits below a folder of it."""
    return Edits(checkout, tuple(dirty_paths(checkout, below)) if checkout else ())


def checkout_of(git: Git, branch: str) -> Path | None:
    """Where the branch is checked out, if anywhere. Raises Busy while it is being rebased."""
    common = git.common
    for state in (*common.glob("rebase-*/head-name"), *common.glob("worktrees/*/rebase-*/head-name")):
        if state.read_text().strip() == f"refs/heads/{branch}":
            raise Busy(f"{branch} is being rebased; finish it, or run: git rebase --abort")
    folder: str | None = None
    for line in git.run("worktree", "list", "--porcelain").split("\n"):
        word, _, rest = line.partition(" ")
        folder = rest if word == "worktree" else folder
        if word == "branch" and rest == f"refs/heads/{branch}" and folder and Path(folder).is_dir():
            return Path(folder) if Path(folder) != common else _beside_its_git_folder(git)
    return None


def _beside_its_git_folder(git: Git) -> Path:
    """Git lists the folder that it keeps itself in, where that lies elsewhere: behind a link, or of a submodule."""
    if Path(git.run("rev-parse", "--absolute-git-dir")) == git.common:
        return git.folder
    raise RepositoryError(f"{git.folder}: git does not say where {git.common} is checked out; run Notifier there")


def idle_index(folder: Path) -> Path:
    """Where the index of a checkout lies.

    Raises Busy while a merge or the like is under way there: git then commits no single paths.
    """
    named = (word for name in ("index", *_UNDER_WAY) for word in ("--git-path", name))
    index, *places = Git(folder).run("rev-parse", "--path-format=absolute", *named).split("\n")
    for place, why in zip(places, _UNDER_WAY.values(), strict=True):
        if Path(place).exists():
            raise Busy(f"{folder}: {why}")
    return Path(index)


def dirty_paths(folder: Path, below: str) -> list[str]:
    """Every path, from the checkout's top, that is staged, changed or new there below a folder of it."""
    git = Git(folder)
    where = f":(top,literal){below}" if below else "."
    options = ("--porcelain=v1", "-z", "--untracked-files=all", "--no-renames")
    said = git.run("status", *options, "--", where, environment=git.without_filters())
    return [line[3:] for line in said.split("\0") if line]


def check_watched(git: Git, paths: Iterable[str]) -> None:
    """Raises RepositoryError where git was told not to look at one of these files: an edit there would be written over,
    or what is written there committed by nobody."""
    said = git.run("ls-files", "-v", "-z", "--", *(f":(top,literal){path}" for path in paths))
    for flag, path in ((line[0], line[2:]) for line in said.split("\0") if line):
        option = "--no-assume-unchanged" if flag.islower() else "--no-skip-worktree"
        if (flag.islower() or flag == "S") and (git.folder / path).exists():
            mend = f"git update-index {option} {shlex.quote(path)}"
            raise RepositoryError(f"{path}: git is told not to look for edits there; run: {mend}")


def holds(path: Path, intended: str | None) -> bool:
    """Whether a file's content is the blob `intended`, its checkout's line endings aside."""
    if intended is None or not path.is_file():
        return False
    content = path.read_bytes()
    return intended in (blob_id(content), blob_id(content.replace(b"\r\n", b"\n")))


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
