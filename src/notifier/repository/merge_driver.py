"""A merge driver for policies: git merges what editors wrote, and what Notifier owns never conflicts."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Sequence
from json import dumps
from pathlib import Path

from notifier.errors import RepositoryError
from notifier.policy.layout import Layout
from notifier.policy.stamp_merge import ThreeTexts, without_stamps
from notifier.repository.git import Git
from notifier.repository.open import find
from notifier.repository.policy_files import language_of

NAME = "notifier"
_MARK = f"merge={NAME}"


def merge(base: Path, ours: Path, theirs: Path, *, path: str, layout: Layout) -> bool:
    """Merges the three files into `ours`, which git takes as what becomes of `path`; whether no conflict is left."""
    texts = ThreeTexts(*(one.read_bytes().decode("utf-8", "surrogateescape") for one in (base, ours, theirs)))
    language = language_of(path, texts.ours, layout)
    texts = without_stamps(texts, language=language) if language else texts
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("ours", "base", "theirs")]
        for file, text in zip(files, (texts.ours, texts.base, texts.theirs), strict=True):
            file.write_bytes(text.encode("utf-8", "surrogateescape"))
        git = Git(Path(folder))
        labels = [part for name in ("ours", "base", "theirs") for part in ("-L", name)]
        is_clean = git.answer("merge-file", *labels, *map(str, files)) is not None
        ours.write_bytes(files[0].read_bytes())
    return is_clean


def install_driver(root: Path, command: Sequence[str], policies: str, language: str, habit: str) -> Path:
    """Has git merge the policies below `root` by `command`, in every worktree of this clone; where that is written."""
    checkout = find(root.resolve())
    git, layout = Git(checkout.top), Layout(checkout.path_of(policies), language)
    words = [*command, "--folder", layout.folder, "--language", layout.language, "--layout", habit]
    git.run("config", f"merge.{NAME}.name", "policies, but for the dates that Notifier sets")
    git.run("config", f"merge.{NAME}.driver", f"{shlex.join(words)} %O %A %B %P")
    path = _attributes(git)
    kept = [line for line in _lines(path) if not line.endswith(f" {_MARK}")]
    folder = f"{layout.folder}/" if layout.folder not in ("", ".") else ""
    pattern = f"{folder}**/*.md"
    _write_lines(path, [*kept, f"{dumps(pattern) if ' ' in pattern else pattern} {_MARK}"])
    return path


def remove_driver(root: Path) -> Path | None:
    """Takes back what `install_driver` wrote; where that was, None where it was not there."""
    git = Git(find(root.resolve()).top)
    path = _attributes(git)
    lines = _lines(path)
    kept = [line for line in lines if not line.endswith(f" {_MARK}")]
    if kept == lines:
        return None
    git.answer("config", "--remove-section", f"merge.{NAME}")
    _write_lines(path, kept)
    return path


def _attributes(git: Git) -> Path:
    """The attributes that are this clone's own, and no part of what is committed."""
    return Path(git.run("rev-parse", "--path-format=absolute", "--git-common-dir"), "info", "attributes")


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _write_lines(path: Path, lines: Sequence[str]) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise RepositoryError(f"{path}: {(error.strerror or str(error)).lower()}") from error
