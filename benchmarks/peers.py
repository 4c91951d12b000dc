"""The differs people use, each as one function of two texts, and one way to count what any of them shows."""

from __future__ import annotations

import difflib
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from notifier.diff import Layer, SpanKind
from notifier.diff.redline import Redline

TOKEN = re.compile(r"\w+(?:['’.\-]\w+)*|[^\w\s]")


class Shown(NamedTuple):
    """A stretch as a differ shows it: kept, or struck out, or put in; `is_prose` says it is on the layer of words."""

    is_change: bool
    text: str
    is_prose: bool = True


class Figures(NamedTuple):
    """Words struck out and put in, the runs they come in, and the stretches of anything, lone marks included."""

    words: int
    runs: int
    stretches: int


def figures(shown: Iterable[Shown], *, prose_only: bool = False) -> Figures:
    """Count what a differ shows, the same way for all of them: tokens with a letter or digit, link targets included."""
    words = runs = stretches = 0
    is_open = has_word = False
    for stretch in shown:
        is_change = stretch.is_change and (stretch.is_prose or not prose_only)
        tokens = TOKEN.findall(stretch.text)
        if is_change and tokens:
            found = sum(token[0].isalnum() or token[0] == "_" for token in tokens)
            words += found
            stretches += not is_open
            runs += found > 0 and not (is_open and has_word)
            has_word = found > 0 or (is_open and has_word)
            is_open = True
        elif tokens:
            is_open = False
    return Figures(words, runs, stretches)


def of_redline(redline: Redline) -> Iterator[Shown]:
    """What Notifier shows; moved text is marked as moved and so neither struck out nor put in."""
    for span in redline.spans:
        is_change = span.kind in (SpanKind.DELETED, SpanKind.INSERTED)
        yield Shown(is_change, span.text, span.layer is Layer.WORDS)


def of_git(old: str, new: str) -> Iterator[Shown]:
    """`git diff --word-diff=porcelain --patience`, its process included."""
    with tempfile.TemporaryDirectory() as folder:
        one, other = Path(folder, "old.md"), Path(folder, "new.md")
        one.write_bytes(old.encode("utf-8", "surrogateescape"))
        other.write_bytes(new.encode("utf-8", "surrogateescape"))
        command = ["git", "diff", "--no-index", "--word-diff=porcelain", "--patience", str(one), str(other)]
        answer = subprocess.run(command, capture_output=True, check=False).stdout
    lines = answer.decode("utf-8", "surrogateescape").split("\n")
    is_body = False
    for line in lines:
        is_body = is_body or line.startswith("@@")
        if line.startswith("@@"):
            yield Shown(False, "hunk")
        elif is_body and line[:1] in (" ", "+", "-"):
            yield Shown(line[0] != " ", line[1:])


def of_redlines(old: str, new: str) -> Iterator[Shown]:
    """redlines 0.6, defaults."""
    from redlines import Redlines

    for change in Redlines(old, new).redlines:
        yield Shown(True, f"{change.source_text or ''} {change.test_text or ''}")
        yield Shown(False, "kept")


def of_difflib(old: str, new: str) -> Iterator[Shown]:
    """difflib over words, autojunk off."""
    one, other = TOKEN.findall(old), TOKEN.findall(new)
    for tag, i, i_to, j, j_to in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        yield Shown(tag != "equal", " ".join(one[i:i_to] + (other[j:j_to] if tag != "equal" else [])))


def of_fast_dmp(old: str, new: str) -> Iterator[Shown]:
    """fast-diff-match-patch over words as characters, with semantic clean-up, up to 20 s."""
    import fast_diff_match_patch

    codes: dict[str, str] = {}
    one, other = TOKEN.findall(old), TOKEN.findall(new)
    coded = ["".join(codes.setdefault(word, _character(len(codes))) for word in words) for words in (one, other)]
    i = j = 0
    for sign, count in fast_diff_match_patch.diff(*coded, timelimit=20, checklines=False, cleanup="Semantic"):
        words = other[j : j + count] if sign == "+" else one[i : i + count]
        yield Shown(sign != "=", " ".join(words))
        i += count * (sign != "+")
        j += count * (sign != "-")


def _character(code: int) -> str:
    """A character of its own for every word, stepping over the surrogates."""
    return chr(code + 32 if code < 0xD000 else code + 0x1000)
