"""Source text → a `Stream` of words with what stands between them, losing nothing.

Only words are aligned. Punctuation, markup, link targets and white space lie in the gaps between words and are
compared where both neighbours stayed, so that they can neither drown nor hide a changed word.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from notifier.text.document import Document

OPAQUE = (
    r"\]\((?:[^()\n\\]|\\.|\([^()\n]*\))*\)"  # an inline link's target
    r"|\]\[[^\]\n]*\]"  # a reference link's label
    r"|^[ \t>]*\[[^\]\n]+\]:[^\n]*"  # a link definition
    r"|<!--(?:.|\n)*?(?:-->|\Z)"
    r"|</?[a-zA-Z][^<>]*>"  # a tag or an autolink
    r"|(?:https?|ftp|mailto|tel):[^\s<>\"|)\]*`]*[^\s<>\"|)\]*`.,;:!?'’”]"
    r"|\bwww\.[^\s<>\"|)\]*`]*[^\s<>\"|)\]*`.,;:!?'’”]"
    r"|&#?\w{1,31};"
)
"""What readers of plain words do not read: targets, tags, comments, entities."""

_IDEOGRAPHS = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
"""Thai, Lao, Burmese and Khmer are written without spaces: one token a base letter with its signs."""
_SIGNS = (
    "\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962-\u0963\u0981-\u0983\u09bc-\u09cd\u0a3c-\u0a4d\u0abc-\u0acd"
    "\u0b3c-\u0b57\u0bbe-\u0bcd\u0c3e-\u0c56\u0cbc-\u0cd6\u0d3e-\u0d4d\u200b-\u200d\u2060\u20d0-\u20ff\ufe00-\ufe0f"
)
"""Combining and invisible marks inside a word. Soft hyphens are typography; the others count."""
_LETTERS = rf"[^\W_{_IDEOGRAPHS}{_UNSPACED}]+(?:[{_SIGNS}]+[^\W_{_IDEOGRAPHS}{_UNSPACED}]*)*"

_ASCII_WORD = r"\$?[A-Za-z0-9]+(?:(?:['.\-_@+]|(?<=\d),(?=\d))[A-Za-z0-9]+)*%?"
_WORD = (
    rf"[{_IDEOGRAPHS}]|[{_UNSPACED}][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b6-\u17d3]*"
    rf"|[$€£¥₹]?{_LETTERS}(?:(?:['’ʼ.\-\u2010\u2011_@+·]|(?<=\d),(?=\d)){_LETTERS})*%?"
)
_ASCII_SPLIT = re.compile(f"({OPAQUE})|({_ASCII_WORD})", re.MULTILINE)
_ASCII_PLAIN_SPLIT = re.compile(f"({_ASCII_WORD})")
_SPLIT = re.compile(f"({OPAQUE})|({_WORD})", re.MULTILINE)
_MAY_BE_OPAQUE = re.compile(r"[<&]|\][(\[:]|[a-z]:|www\.")
_ENUMERATOR = re.compile(
    r"(?:[*_]{1,3})?\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxIVX]{1,5})\\?[.)]\s+|\d{1,3}(?:\.\d{1,3})+\s+"
)
"""The number of a section or clause at the start of a block: its place in the order, not what it says."""
_SAME = str.maketrans({"’": "'", "ʼ": "'", "\u2010": "-", "\u2011": "-", "\u00ad": None})


@lru_cache(maxsize=4096)
def _key_of(word: str) -> str:
    return unicodedata.normalize("NFC", word.translate(_SAME))


@dataclass(frozen=True, slots=True)
class Stream:
    """`parts`: gap, word, gap, …, word, gap, together the source; `keys`: what each word is compared by."""

    parts: list[str]
    keys: list[str]

    def offsets(self, base: int) -> list[int]:
        """Where each part starts, when the first starts at `base`; and where the last ends."""
        return list(accumulate(map(len, self.parts), initial=base))


def split(content: str) -> Stream:
    """The words of a block; the number it begins with is no word of it."""
    enumerator = _ENUMERATOR.match(content)
    lead = enumerator[0] if enumerator and enumerator.end() < len(content) else ""
    stream = words_of(content[len(lead) :])
    stream.parts[0] = lead + stream.parts[0]
    return stream


def words_of(content: str) -> Stream:
    """The words of any stretch of source, whatever stands at its start."""
    if not content.isascii():
        parts = _joined(_SPLIT.split(content))
        return Stream(parts, [word if word.isascii() else _key_of(word) for word in parts[1::2]])
    if _MAY_BE_OPAQUE.search(content):
        parts = _joined(_ASCII_SPLIT.split(content))
    else:
        parts = _ASCII_PLAIN_SPLIT.split(content)
    return Stream(parts, parts[1::2])


def _joined(split: list[str | None]) -> list[str]:
    """Gap, opaque or None, word or None, gap, … as gap, word, gap."""
    if not any(split[1::3]):
        return [part for part in split if part is not None]
    parts = [split[0] or ""]
    for at in range(1, len(split), 3):
        opaque, word, gap = split[at], split[at + 1], split[at + 2] or ""
        if opaque is not None:
            parts[-1] += opaque + gap
        else:
            parts += (word or "", gap)
    return parts


def count_words(source: str) -> int:
    """How many words a stretch of source has."""
    return len(words_of(source).keys) if source and not source.isspace() else 0


_TARGET_WORD = re.compile(r"\w+(?:[.\-]\w+)*")


def count_target_words(target: str) -> int:
    """How many words a link's target, or a part of one, has: `](https://a.example/x)` has three."""
    return len(_TARGET_WORD.findall(target))


class Side:
    """One document cut into extents: each block with its markers before and the line ends and blanks after it.

    Extents lie side by side and make up the text, so that whole extents can be taken out or put in.
    """

    def __init__(self, document: Document) -> None:
        text = document.text
        self.document = document
        self.text = text
        self.cuts = [0, *(_line_start(text, block.start) for block in document.blocks[1:]), len(text)]
        self.raw = [text[start:end] for start, end in zip(self.cuts, self.cuts[1:], strict=False)]
        self.contents = [text[block.start : block.end] for block in document.blocks] or [text]
        """The blocks themselves, without what stands before and after."""
        self._streams: list[Stream | None] = [None] * len(self.raw)
        self._keys: list[str | None] = [None] * len(self.raw)
        self._words: dict[int, frozenset[str]] = {}

    def stream(self, index: int) -> Stream:
        """The words of one extent."""
        stream = self._streams[index]
        if stream is None:
            stream = self._streams[index] = self._stream(index)
        return stream

    def _stream(self, index: int) -> Stream:
        if not self.document.blocks:
            return Stream([self.text], [])
        block = self.document.blocks[index]
        stream = split(self.text[block.start : block.end])
        stream.parts[0] = self.text[self.cuts[index] : block.start] + stream.parts[0]
        stream.parts[-1] += self.text[block.end : self.cuts[index + 1]]
        return stream

    def joined(self, low: int, high: int) -> Stream:
        """The words of several extents in a row."""
        if high - low == 1:
            return self.stream(low)
        parts, keys = [""], []
        for index in range(low, high):
            stream = self.stream(index)
            parts[-1] += stream.parts[0]
            parts += stream.parts[1:]
            keys += stream.keys
        return Stream(parts, keys)

    def key(self, index: int) -> str:
        """What an extent is compared by: its words; without any, its source."""
        key = self._keys[index]
        if key is None:
            keys = self.stream(index).keys
            key = self._keys[index] = " ".join(keys) if keys else "\n" + self.raw[index].strip()
        return key

    def words(self, index: int) -> frozenset[str]:
        """The different words of an extent."""
        words = self._words.get(index)
        if words is None:
            words = self._words[index] = frozenset(self.stream(index).keys)
        return words

    def size(self, index: int) -> int:
        """How many words an extent has."""
        return len(self.stream(index).keys)


def side_of(document: Document) -> Side:
    """The document cut into extents; kept with the document."""
    side = document.memo.get("side")
    if not isinstance(side, Side):
        side = document.memo["side"] = Side(document)
    return side


def _line_start(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1
