"""Make an installation: the shipped config, policies and templates in a git repository. Nothing is overwritten."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from notifier.errors import Refused
from notifier.repository.first_commit import BRANCH, found
from notifier.repository.open import checked_out
from notifier.shipped import CONFIG, POLICIES, TEMPLATES, shipped
from notifier.state import STATE, state_folder

IGNORED = f"{STATE}/\nsite/\n"
SUBJECT = "Set up the policies and their notices"


@dataclass(frozen=True, slots=True)
class Installed:
    """What `install` did: the names it made and those it found, and the first commit where it made one."""

    root: Path
    made: tuple[str, ...]
    kept: tuple[str, ...]
    commit_id: str | None


def install(root: Path, *, author: str) -> Installed:
    """Make an installation in `root`, or complete one; `author` signs the first commit where git knows nobody."""
    names = (CONFIG, POLICIES, TEMPLATES, ".gitignore")
    kept = tuple(name for name in names if _is_there(root / name))
    made = tuple(name for name in names if name not in kept)
    try:
        for name in made:
            _make(root, name)
        if CONFIG in made:
            _name_branch(root / CONFIG, checked_out(root) or BRANCH)
        state_folder(root)
    except OSError as error:
        raise Refused(f"{error.filename or root}: {(error.strerror or str(error)).lower()}") from error
    commit_id = found(root, [name for name in names if (root / name).exists()], subject=SUBJECT, author=author)
    return Installed(root, made, kept, commit_id)


def _name_branch(config: Path, branch: str) -> None:
    """What is published is said in the config, and never again whatever is checked out."""
    text = config.read_text(encoding="utf-8")
    config.write_text(
        re.sub(r'^# branch = "main" ', f'branch = "{branch}"   ', text, count=1, flags=re.M), encoding="utf-8"
    )


def _is_there(path: Path) -> bool:
    """An empty folder counts as not there yet."""
    return any(path.iterdir()) if path.is_dir() else path.exists()


def _make(root: Path, name: str) -> None:
    root.mkdir(parents=True, exist_ok=True)
    if name == ".gitignore":
        (root / name).write_text(IGNORED, encoding="utf-8")
        return
    source = shipped(name)
    for path in _files(source):
        target = root / name / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _files(source: Path) -> Iterator[Path]:
    """The file itself, or every file in the folder but hidden ones."""
    if source.is_file():
        yield source
        return
    inside = ((path, path.relative_to(source).parts) for path in sorted(source.rglob("*")) if path.is_file())
    yield from (path for path, parts in inside if not any(part.startswith((".", "__")) for part in parts))
