"""The transport that needs no server: one `.eml` file a delivery, `<path>/<notice>/<delivery>.eml`.

Truly once: a file is written under another name, brought to disk, then renamed; one that is there is done. So an
attempt that died half way is simply made again.
"""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

from notifier.errors import Refused, RejectedItems, Unavailable
from notifier.mail.base import Accepted, Addressee, Envelope, Reached
from notifier.mail.mime import build, refuse_bad_senders

KEY = re.compile(r"[\w-][\w.-]{0,199}")


@dataclass(frozen=True, slots=True)
class OutboxMailer:
    """Writes messages to files under `path`."""

    path: Path
    batch_size: int = 1000
    connections: int = 1

    name = "outbox"
    is_idempotent = True
    has_events = False
    settings: ClassVar[Mapping[str, str | bool]] = MappingProxyType({})

    @property
    def destination(self) -> str:
        """The folder, wherever the program is started from."""
        return f"outbox:{self.path.resolve()}"

    def check(self, sender: str, reply_to: str | None) -> None:
        """Raise `Refused` where no file can be written."""
        refuse_bad_senders(sender, reply_to)
        probe = self.path / f".check-{uuid.uuid4().hex}"
        try:
            _make_private(self.path)
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise Refused(f"{self.path}: no message can be written here: {error.strerror}") from error

    def reach(self) -> Reached:
        """Nobody to reach."""
        return Reached()

    def try_sender(self, sender: str) -> str:  # noqa: ARG002  # of any transport
        """Nobody to ask."""
        return "written in any name"

    def send(self, envelope: Envelope) -> Accepted:
        """Write what is not there yet. Raises `RejectedItems` before the first file, `Unavailable` on a full disk."""
        folder = self.path / safe_key(envelope.notice_id)
        missing = self._built(envelope, folder)
        try:
            _make_private(self.path)
            _make_private(folder)
            envelope.before_leaving()
            _write_all(folder, missing)
        except OSError as error:
            raise Unavailable(f"{folder}: {error.strerror}") from error
        return Accepted()

    def close(self) -> None:
        """Nothing is held open."""

    def _built(self, envelope: Envelope, folder: Path) -> dict[Path, bytes]:
        letters: dict[Path, bytes] = {}
        bad: list[int] = []
        for index, addressee in enumerate(envelope.addressees):
            path = folder / f"{safe_key(addressee.delivery_key)}.eml"
            if path.exists():
                continue
            _add_or_note(letters, bad, path, envelope, addressee, index)
        if bad:
            raise RejectedItems(f"{len(bad)} of {len(envelope.addressees)} addresses are none", indexes=tuple(bad))
        return letters


def safe_key(key: str) -> str:
    """The key as a file name (`legal/dpa` → `legal-dpa`). Raises `Refused` for one that could leave its folder."""
    name = key.replace("/", "-")
    if not KEY.fullmatch(name):
        raise Refused(f"{key!r} cannot name a file in the outbox")
    return name


def _add_or_note(
    letters: dict[Path, bytes], bad: list[int], path: Path, envelope: Envelope, addressee: Addressee, index: int
) -> None:
    try:
        letters[path] = build(envelope, addressee)
    except RejectedItems:
        bad.append(index)


def _write_all(folder: Path, letters: dict[Path, bytes]) -> None:
    """Every file reaches the disk before any takes its name; the folder last."""
    waiting = {path: path.with_suffix(".tmp") for path in letters}
    for path, letter in letters.items():
        _write_through(waiting[path], letter)
    for path, unfinished in waiting.items():
        unfinished.replace(path)
    _sync_folder(folder)


def _make_private(folder: Path) -> None:
    """A folder that only its owner looks into, also where it was there: names and addresses lie in it."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


def _write_through(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    for each in (folder, folder.parent):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
