"""A Maildir: what is new in it, and how it is put aside once it was taken in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

MOST_BYTES = 1024 * 1024
"""Of one message that is read; a report that returns a whole letter of ours is far below."""
NEW, CURRENT = "new", "cur"


class MailFile(NamedTuple):
    """One message that nobody has looked at yet."""

    path: Path

    def content(self) -> bytes:
        """Its first bytes; nothing where somebody took it away meanwhile."""
        try:
            with self.path.open("rb") as file:
                return file.read(MOST_BYTES)
        except OSError:
            return b""

    def put_aside(self) -> None:
        """Mark it seen, as every reader of a Maildir does. Where that fails it is read again, and counts once."""
        with suppress(OSError):
            name = self.path.name.partition(":")[0]
            self.path.rename(self.path.parent.parent / CURRENT / f"{name}:2,S")


def usable(folder: Path) -> bool:
    """Is it a Maildir that can be read and marked?"""
    return all((folder / part).is_dir() and os.access(folder / part, os.R_OK | os.W_OK) for part in (NEW, CURRENT))


def unread(folder: Path) -> Iterator[MailFile]:
    """What is new, the oldest name first."""
    with suppress(OSError):
        yield from (MailFile(path) for path in sorted((folder / NEW).iterdir()) if path.is_file())
