"""The folder of published files: each replaced as a whole, none touched that did not change, none forgotten.

A manifest (`.manifest.json`, not served) remembers what each policy's pages were made from and which files they are,
so that a run makes only the pages of policies that changed, and takes away the files of those that are no more.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from notifier.errors import Refused

MANIFEST = ".manifest.json"
_FORMAT = 1


@dataclass(slots=True)
class Manifest:
    """What was published: unit → (hash of what it was made from, its files); and files that are no more."""

    units: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    """Files at old addresses of renamed policies, and the address of each today."""


def read_manifest(out: Path) -> Manifest:
    """The manifest of a folder; an empty one where there is none that this version can read: all is made anew."""
    try:
        told = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        if told["format"] != _FORMAT:
            return Manifest()
        units = {name: (unit[0], unit[1]) for name, unit in told["units"].items()}
        return Manifest(units, told["gone"], told.get("moved", {}))
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return Manifest()


def write_manifest(out: Path, manifest: Manifest) -> None:
    told = {"format": _FORMAT, "units": manifest.units, "gone": manifest.gone, "moved": manifest.moved}
    put(out, MANIFEST, json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode())


def put(out: Path, name: str, content: bytes) -> bool:
    """Write a file at once or not at all; whether it changed. Raises Refused where the folder cannot be written."""
    path = os.path.join(out, name)  # noqa: PTH118 - a site has thousands of files, and a `Path` costs as much as one
    folder, base = os.path.split(path)
    beside = f"{folder}/.{base}.{os.getpid()}.part"
    try:
        if _is_same(path, content):
            return False
        _write(beside, content)
        os.replace(beside, path)  # noqa: PTH105
    except OSError as error:
        Path(beside).unlink(missing_ok=True)
        raise Refused(f"{path}: cannot be written: {error.strerror}") from error
    return True


def _write(path: str, content: bytes) -> None:
    """The file with its content, for anybody to read, whatever the umask."""
    try:
        file = os.open(path, _ANEW, 0o644)
    except FileNotFoundError:
        make_folder(Path(path).parent)
        file = os.open(path, _ANEW, 0o644)
    with open(file, "wb") as written:  # noqa: PTH123 - it is open already
        os.fchmod(file, 0o644)
        written.write(content)


_ANEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC


def make_folder(folder: Path) -> None:
    """A folder that any web server can read, whatever the umask: pages are for the public."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)


def _is_same(path: str, content: bytes) -> bool:
    try:
        return os.stat(path).st_size == len(content) and Path(path).read_bytes() == content  # noqa: PTH116
    except (FileNotFoundError, NotADirectoryError):
        return False


def is_whole(out: Path, files: Iterable[str]) -> bool:
    """Are all these files there?"""
    return all((out / name).is_file() for name in files)


def take_away(out: Path, files: Iterable[str]) -> int:
    """Remove files of ours, and folders that are empty then; how many there were."""
    count = 0
    for name in files:
        path = out / name
        try:
            path.unlink()
        except OSError:
            continue
        count += 1
        for folder in path.parents:
            if folder == out or any(folder.iterdir()):
                break
            folder.rmdir()
    return count
