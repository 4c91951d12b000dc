"""Verdicts of earlier logs, kept in the repository's own folder: a history is judged once, and told in seconds after.

Known by the contents of both texts and by the judgement itself: where a word of a lexicon, a rule or a library changed,
nothing of the old is believed. Only `log` asks here; what customers are told is always judged anew. Whatever keeps it
from being read or written costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sqlite3
import zlib
from collections.abc import Sequence
from contextlib import closing, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import notifier
from notifier.repository import PolicyChange
from notifier.significance import Certainty, Classification, Reason, Significance
from notifier.significance.classification import RenamedTerm

FILE_NAME = "notifier-verdicts"
ROOMS = ("text", "diff", "significance", "policy", "repository")
"""What reads two revisions and judges them."""
LIBRARIES = ("pyromark", "rapidfuzz", "fast-diff-match-patch", "pyspellchecker", "babel", "PyYAML")
AT_ONCE = 500
"""So many are asked for, and written, at a time."""


class VerdictCache:
    """`language` is that of texts that do not say theirs."""

    def __init__(self, folder: Path, language: str) -> None:
        self._path, self._language = folder / FILE_NAME, language
        self._made_by = judgement_id()
        self._new: dict[bytes, bytes] = {}

    def of(self, changes: Sequence[PolicyChange]) -> list[Classification | None]:
        """The verdict on each change; None where it is not known."""
        keys = [self._key(change) for change in changes]
        found: dict[bytes, bytes] = {}
        with suppress(sqlite3.Error), closing(sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True)) as known:
            for at in range(0, len(keys), AT_ONCE):
                some = keys[at : at + AT_ONCE]
                marks = ",".join("?" * len(some))
                found |= dict(known.execute(f"SELECT key, said FROM verdict WHERE key IN ({marks})", some))  # noqa: S608
        return [_read(found[key]) if key in found else None for key in keys]

    def keep(self, change: PolicyChange, verdict: Classification) -> None:
        """Remember a verdict, and write it down with others."""
        self._new[self._key(change)] = _written(verdict)
        if len(self._new) >= AT_ONCE:
            self.close()

    def close(self) -> None:
        """Write down what was kept; what another judgement said goes."""
        new, self._new = self._new, {}
        if not new:
            return
        with suppress(sqlite3.Error, OSError):
            if not self._path.exists():
                os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600))
            with closing(sqlite3.connect(self._path)) as known, known:
                known.execute("CREATE TABLE IF NOT EXISTS verdict (key BLOB PRIMARY KEY, made_by TEXT, said BLOB)")
                known.execute("DELETE FROM verdict WHERE made_by != ?", (self._made_by,))
                rows = [(key, self._made_by, said) for key, said in new.items()]
                known.executemany("INSERT OR REPLACE INTO verdict VALUES (?, ?, ?)", rows)

    def _key(self, change: PolicyChange) -> bytes:
        sides = [
            sorted((suffix or "", entry.object_id) for suffix, (_, entry) in files.items())
            for files in (change.before, change.after)
        ]
        return hashlib.blake2b(repr((self._made_by, self._language, sides)).encode(), digest_size=16).digest()


def judgement_id() -> str:
    """One for all that a verdict hangs on beside the texts: the code, the words, the weights, the libraries."""
    found = hashlib.blake2b(digest_size=16)
    package = Path(notifier.__file__).parent
    for room in ROOMS:
        for path in sorted((package / room).rglob("*")):
            if path.suffix in (".py", ".toml", ".json"):
                found.update(path.name.encode() + b"\0" + path.read_bytes())
    for library in LIBRARIES:
        with suppress(PackageNotFoundError):
            found.update(f"{library} {version(library)}\0".encode())
    found.update(platform.python_version().encode())
    return found.hexdigest()


def _written(verdict: Classification) -> bytes:
    reasons = [[getattr(reason, name) for name in Reason.__dataclass_fields__] for reason in verdict.reasons]
    renames = [(one.before, one.after, one.count) for one in verdict.renames]
    said = json.dumps((verdict.significance, verdict.certainty, reasons, renames))
    return zlib.compress(said.encode(), 1)


def _read(said: bytes) -> Classification | None:
    try:
        significance, certainty, reasons, renames = json.loads(zlib.decompress(said))
        return Classification(
            Significance(significance),
            Certainty(certainty),
            tuple(map(_reason, reasons)),
            tuple(RenamedTerm(*one) for one in renames),
        )
    except (ValueError, TypeError, zlib.error):
        return None


def _reason(values: list[Any]) -> Reason:
    topic, rule, section, *others = values
    return Reason(topic, rule, tuple(section), *others)
