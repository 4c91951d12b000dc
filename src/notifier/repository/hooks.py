"""Git hooks that run the check: put beside the editors' own, never over them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from notifier.errors import RepositoryError
from notifier.repository.git import Git
from notifier.repository.open import find

_MADE_BY = "# made by: notifier hook install"
_TOP = """\
top=$(git rev-parse --show-toplevel) || exit 1
config=$top/{config}
if [ ! -f "$config" ]; then
    echo "notifier: $config is not here, so nothing was checked" >&2
    exit 0
fi
"""
_PRE_COMMIT = (
    _TOP
    + """\
git diff --cached --quiet -- "$top"/{policies} && exit 0
exec {command} --staged --config "$config"
"""
)
_COMMIT_MSG = (
    _TOP
    + """\
grep -qi '^significance' "$1" || exit 0
exec {command} --staged --config "$config" --message "$(realpath "$1")"
"""
)
_SCRIPTS = {"pre-commit": _PRE_COMMIT, "commit-msg": _COMMIT_MSG}
"""What each hook does; nothing for a commit that touches no policy, or a message without a word on significance."""


class Hook(NamedTuple):
    """One hook file, and what became of it: `made`, `renewed`, `removed`, or `kept` because it is somebody else's."""

    path: Path
    outcome: str


def install(root: Path, command: Sequence[str], *, config: str, policies: str) -> tuple[Hook, ...]:
    """Puts the hooks in place; `command` runs the check. A hook that somebody else wrote is kept as it is.

    `config` and `policies` are paths from `root`: worktrees share their hooks, and each has files of its own.
    Raises RepositoryError where there is no repository.
    """
    folder, checkout = _folder(root), find(root.resolve())
    folder.mkdir(parents=True, exist_ok=True)
    below = {"config": checkout.path_of(config), "policies": checkout.path_of(policies)}
    quoted = {name: shlex.quote(path) for name, path in below.items()}
    return tuple(_write(folder / name, _script(name, command, quoted)) for name in _SCRIPTS)


def remove(root: Path) -> tuple[Hook, ...]:
    """Takes away the hooks that `install` made, and no others."""
    ours = [folder / name for folder in [_folder(root)] for name in _SCRIPTS if _is_ours(folder / name)]
    for path in ours:
        path.unlink()
    return tuple(Hook(path, "removed") for path in ours)


def _folder(root: Path) -> Path:
    """Where this repository looks for hooks, `core.hooksPath` counted in."""
    top = find(root.resolve()).top
    said = Git(top).answer("config", "--type=path", "--get-all", "core.hooksPath") or ""
    configured = said.splitlines()[:-1]  # the last is what our own commands set, so that no hook runs for them
    return top / (configured[-1] if configured else Git(top).run("rev-parse", "--git-common-dir") + "/hooks")


def _script(name: str, command: Sequence[str], paths: Mapping[str, str]) -> str:
    return f"#!/bin/sh\n{_MADE_BY}\n" + _SCRIPTS[name].format(command=shlex.join(command), **paths)


def _is_ours(path: Path) -> bool:
    return path.is_file() and _MADE_BY in path.read_text(encoding="utf-8", errors="replace")


def _write(path: Path, script: str) -> Hook:
    is_there = path.exists()
    if is_there and not _is_ours(path):
        return Hook(path, "kept")
    try:
        path.write_text(script, encoding="utf-8")
        path.chmod(0o755)
    except OSError as error:
        raise RepositoryError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    return Hook(path, "renewed" if is_there else "made")
