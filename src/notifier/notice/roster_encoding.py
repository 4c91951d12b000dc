"""In which encoding a roster was written: said by its bytes, never by hope.

UTF-8 and UTF-16 show themselves. Windows-1252, as Western European spreadsheets save it, is taken only where no byte
speaks for UTF-8 and every letter it makes could stand where it stands; anything else is asked for (`--encoding`).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import chain

from notifier.errors import CustomerError


class RosterEncoding(StrEnum):
    """As a person is told, and as Python calls it."""

    UTF_8 = "utf-8-sig"
    UTF_16 = "utf-16"
    UTF_16_LE = "utf-16-le"
    UTF_16_BE = "utf-16-be"
    UTF_32 = "utf-32"
    WINDOWS_1252 = "cp1252"


NAMES: Mapping[str, str] = {
    RosterEncoding.UTF_16: "UTF-16",
    RosterEncoding.UTF_16_LE: "UTF-16",
    RosterEncoding.UTF_16_BE: "UTF-16",
    RosterEncoding.UTF_32: "UTF-32",
    RosterEncoding.WINDOWS_1252: "Windows-1252",
}
"""Those that a person is told of."""
HIGH = re.compile(rb"[\x80-\xff]+")
NEVER_IN_1252 = re.compile(rb"[\x81\x83\x86-\x89\x8d\x8f\x90\x9d]")
"""Bytes without a letter, and daggers and the like, which no roster has and Japanese makes there."""
IMPOSSIBLE = re.compile(
    r"[^\x00-\x7f\W\d_]{5}"  # no Western European word has so many letters outside ASCII in a row; Cyrillic has
    r"|[a-zß-öø-ÿ][À-ÖØ-ÞŠŒŽŸ]"  # nor a capital behind a small letter
    r"|[^\W\d_][¡-§¬³´µ¶¸¹¼-¿×÷]|[¢-¦¬³¶¸¹¼-¾×÷][^\W\d_]"  # nor a sign within it, as Polish and Czech make there
    r"|[^\W\d_][“”„‹›…‰•][^\W\d_]|(?:^|[,;\t])[–—”›…‰•][^\W\d_]"  # nor such a one, as Japanese makes
)
FEW = 0.05
"""So few lines outside ASCII are no language's: bytes that went wrong, which are named where somebody reads them."""
SHIFTS = b"\x1b$"
"""How Japanese and Korean say in ASCII what the letters after it stand for."""
NO_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")
WHICH = "1: neither UTF-8 nor Windows-1252; save it as UTF-8, or say what it is: --encoding cp1251 (or another)"


def encoding_of(lines: Iterable[bytes]) -> str:
    """The Python name of the encoding of a file, given as its lines. Raises `CustomerError` where nobody can tell."""
    lines = iter(lines)
    first = next(lines, b"")
    if first.startswith(NO_TEXT):
        raise CustomerError("1: a document and no text, such as an Excel file: save the table as CSV (UTF-8)")
    if first.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return RosterEncoding.UTF_32
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return RosterEncoding.UTF_16
    if b"\0" in first:
        return RosterEncoding.UTF_16_LE if first[1:2] == b"\0" else RosterEncoding.UTF_16_BE
    return _eight_bit(chain((first,), lines))


def _eight_bit(lines: Iterable[bytes]) -> RosterEncoding:
    """UTF-8 with a byte gone wrong stays UTF-8: the row that needs it is named."""
    odd = total = 0
    doubtful = False
    for line in lines:
        total += 1
        if SHIFTS in line:
            raise CustomerError(WHICH)
        if line.isascii():
            continue
        if any(_is_utf8(found) for found in HIGH.findall(line)):
            return RosterEncoding.UTF_8
        odd += 1
        doubtful = doubtful or not _could_be_1252(line)
    if doubtful and odd > FEW * total:
        raise CustomerError(WHICH)
    return RosterEncoding.WINDOWS_1252 if odd and not doubtful else RosterEncoding.UTF_8


def _is_utf8(letters: bytes) -> bool:
    try:
        letters.decode()
    except UnicodeDecodeError:
        return False
    return True


def _could_be_1252(line: bytes) -> bool:
    return not NEVER_IN_1252.search(line) and not IMPOSSIBLE.search(line.decode("cp1252"))
