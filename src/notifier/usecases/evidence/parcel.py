"""The folder (or the one file) of evidence: files by their path, and a manifest that knows each of them by its hash."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from notifier.errors import Refused, Unproven
from notifier.proof.canonical_json import canonical

FORMAT = "notifier-evidence"
VERSION = 4
"""1: the journal with every entry between the first and the last; 2: pages with the records' own words; 3: what they
quote without its language. Still read."""
MANIFEST = "manifest.json"
FACTS = "facts.json"
ROOTS = "anchors/root.pem"
"""What the company held its time stamps against."""
MOST_BYTES = 200 * 1024 * 1024
"""Unpacked; a parcel of one notice has a hundredth of that."""
PATH = re.compile(r"(?!\.)[\w.@+-]+(?:/(?!\.)[\w.@+-]+)*", re.ASCII)
_EPOCH = (1980, 1, 1, 0, 0, 0)

Files = dict[str, bytes]


def sealed(files: Mapping[str, bytes], said: Mapping[str, Any]) -> Files:
    """The files with their manifest, which says `said` beside the hash of each of them, and its own."""
    hashes = {path: hashlib.sha256(content).hexdigest() for path, content in sorted(files.items())}
    manifest = {"format": FORMAT, "version": VERSION, **said, "files": hashes}
    return {**files, MANIFEST: as_json({**manifest, "sha256": own_hash(manifest)})}


def format_of(facts: Mapping[str, Any]) -> int:
    """Of a folder's own facts, which the first format said nothing of."""
    return int(facts.get("format", 1))


def file_name(name: str) -> str:
    """A policy's or notice's id as the name of a file or folder; no two have the same."""
    plain = re.sub(r"[^A-Za-z0-9_.-]", "-", name).lstrip(".-") or "x"
    return plain if plain == name else f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def own_hash(manifest: Mapping[str, Any]) -> str:
    """Of all that a manifest says but this."""
    rest = {name: value for name, value in manifest.items() if name != "sha256"}
    return hashlib.sha256(canonical(rest).encode()).hexdigest()


def as_json(value: object) -> bytes:
    """For people to read and for hashes to hold."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def write_folder(files: Mapping[str, bytes], folder: Path) -> None:
    """Write a new folder that only its owner can read. Raises `Refused` where something is there."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder}: is there already; name another with --out, or remove it")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.write_bytes(content)
        file.chmod(0o600)


def write_zip(files: Mapping[str, bytes], path: Path) -> None:
    """The same as one file, whose bytes hang on nothing but its content."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    write_file(packed.getvalue(), path)


def write_file(content: bytes, path: Path) -> None:
    """A new file that only its owner can read. Raises `Refused` where something is there."""
    if path.exists():
        raise Refused(f"{path}: is there already; name another with --out, or remove it")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)


def read_parcel(place: Path) -> Files:
    """Every file of a folder or `.zip` by its path. Raises `Unproven` for what is neither, or cut off."""
    try:
        return _read_folder(place) if place.is_dir() else _read_zip(place)
    except (OSError, zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, RuntimeError, NotImplementedError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise Unproven(f"{place}: no evidence that can be read: {said or type(error).__name__}") from error


def _read_folder(place: Path) -> Files:
    found: Files = {}
    room = MOST_BYTES
    for file in sorted(place.rglob("*")):
        path = file.relative_to(place).as_posix()
        if file.is_symlink() or not (file.is_dir() or file.is_file()):
            raise Unproven(f"{file}: is no plain file, and evidence holds nothing else")
        if file.is_file():
            room -= file.stat().st_size
            if room < 0:
                raise Unproven(f"{file}: with it the folder is larger than any evidence")
            found[path] = file.read_bytes()
    return found


def _read_zip(place: Path) -> Files:
    with zipfile.ZipFile(place) as archive:
        members = [one for one in archive.infolist() if not one.is_dir()]
        if sum(one.file_size for one in members) > MOST_BYTES:
            raise Unproven(f"{place}: larger unpacked than any evidence")
        if len({one.filename for one in members}) < len(members):
            raise Unproven(f"{place}: holds two files of one name")
        return {one.filename: archive.read(one) for one in members}


def read_manifest(files: Mapping[str, bytes], place: object) -> Mapping[str, Any]:
    """What the manifest says. Raises `Unproven`: none, damaged, or of a newer version."""
    if MANIFEST not in files:
        raise Unproven(f"{place}: has no {MANIFEST}: it is no evidence, or was cut off")
    try:
        manifest = json.loads(files[MANIFEST])
        if manifest["format"] != FORMAT:
            raise Unproven(f"{place}: {MANIFEST} is of another format: {manifest['format']!r}")
        version = manifest["version"]
        if isinstance(version, int) and version > VERSION:
            raise Unproven(f"{place}: made by a newer Notifier (format {version}); update Notifier to check it")
        is_as_written = as_json(manifest) == files[MANIFEST]  # no name twice, nothing between the lines
        if version not in range(1, VERSION + 1) or manifest["sha256"] != own_hash(manifest) or not is_as_written:
            raise Unproven(f"{place}: {MANIFEST} is not as it was written")
        if not all(isinstance(path, str) and PATH.fullmatch(path) for path in manifest["files"]):
            raise Unproven(f"{place}: {MANIFEST} names a file that no evidence has")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unproven(f"{place}: {MANIFEST} is damaged") from error
    return dict(manifest)


def strays(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """A line for each file that is missing, changed, or nobody's."""
    listed = manifest["files"]
    missing = (f"{path}: is missing" for path in sorted(listed.keys() - files.keys()))
    added = (f"{path}: is not in the manifest" for path in sorted(files.keys() - listed.keys() - {MANIFEST}))
    changed = (
        f"{path}: is not as it was written"
        for path, content in sorted(files.items())
        if path in listed and hashlib.sha256(content).hexdigest() != listed[path]
    )
    return (*missing, *changed, *added)
