"""Matches → fewer, clearer matches: what a reader would rather see struck out and put in as a whole.

The steps are diff-match-patch's semantic clean-up, counted in words and held back where a word must not vanish.
"""

from __future__ import annotations

import re
from functools import lru_cache

from notifier.diff.engine import Match
from notifier.diff.streams import Stream

_PROTECTED = """
not no never nor none neither without unless except only may shall must will can cannot should would could
nicht kein keine keinen nie niemals ohne nur darf dürfen muss müssen kann können soll sollen
ne pas jamais aucun aucune sans sauf seulement peut peuvent doit doivent
nunca ningún ninguna sin salvo sólo solo puede pueden debe deben
niet geen nooit zonder tenzij moet moeten mag mogen
"""
PROTECTED = frozenset(_PROTECTED.split())
"""Words that turn a sentence round (negations, exceptions, modal verbs): shown exactly, never swallowed."""
_EDGE = re.compile(r"[.!?。！？][^\w\s]*(?:\s|$)|\||\n[ \t\r>]*\n|<br|\n[ \t>]*(?:[-*+]|\d+[.)])[ \t]")
"""The end of a sentence, a cell, a paragraph or a list item."""
MOST_SWALLOWED = 2


def clean(old: Stream, new: Stream, matches: list[Match]) -> list[Match]:
    """Shift what came in or went out to where a reader would cut; swallow small islands between larger changes."""
    return _without_islands(old, new, _shifted(old, new, matches))


def _without_islands(old: Stream, new: Stream, matches: list[Match]) -> list[Match]:
    """Swallow islands of one or two kept words between larger changes, as long as no sentence or cell is crossed."""
    ends = Match(len(old.keys), len(new.keys), 0)
    kept: list[Match] = []
    for at, match in enumerate(matches):
        before = kept[-1] if kept else Match(0, 0, 0)
        after = matches[at + 1] if at + 1 < len(matches) else ends
        if not _is_island(old, new, before, match, after):
            kept.append(match)
    return kept


def _shifted(old: Stream, new: Stream, matches: list[Match]) -> list[Match]:
    """Where the same words could be said to have come in a little earlier or later, choose the better cut.

    "A b. [C b. ]D" instead of "A [b. C ]b. D".
    """
    out = matches[:1]
    for after in matches[1:]:
        before = out[-1]
        stream, start, end = new, before.j + before.size, after.j
        if start == end:
            stream, start, end = old, before.i + before.size, after.i
        if start == end:  # nothing in between: cut only because the text was long
            out[-1] = Match(before.i, before.j, before.size + after.size)
            continue
        if before.i + before.size == after.i or before.j + before.size == after.j:
            shift = _best_shift(stream, start, end, before.size, after.size)
            out[-1] = Match(before.i, before.j, before.size + shift)
            after = Match(after.i + shift, after.j + shift, after.size - shift)
        out.append(after)
    return out


def _best_shift(stream: Stream, start: int, end: int, room_before: int, room_after: int) -> int:
    """By how many words to move the stretch `start:end` that came in or went out, for the clearest cut."""
    keys, parts = stream.keys, stream.parts
    best, best_edge, shift = 0, _edge(parts[2 * start]) + _edge(parts[2 * end]), 0
    while -shift < room_before - 1 and keys[start + shift - 1] == keys[end + shift - 1]:
        shift -= 1
        edge = _edge(parts[2 * (start + shift)]) + _edge(parts[2 * (end + shift)])
        if edge > best_edge:
            best, best_edge = shift, edge
    shift = 0
    while shift < room_after - 1 and keys[start + shift] == keys[end + shift]:
        shift += 1
        edge = _edge(parts[2 * (start + shift)]) + _edge(parts[2 * (end + shift)])
        if edge > best_edge:
            best, best_edge = shift, edge
    return best


@lru_cache(maxsize=1024)
def _edge(gap: str) -> int:
    """How clear a cut a gap makes: a line, the end of a sentence, a comma or bracket, or just a space."""
    if "\n" in gap or "|" in gap:
        return 4
    if _EDGE.search(gap):
        return 3
    return 1 if any(sign in gap for sign in ",;:()") else 0


def _is_island(old: Stream, new: Stream, before: Match, match: Match, after: Match) -> bool:
    if match.size > MOST_SWALLOWED:
        return False
    left = max(match.i - before.i - before.size, match.j - before.j - before.size)
    right = max(after.i - match.i - match.size, after.j - match.j - match.size)
    if min(left, right) <= match.size:
        return False
    if any(word.lower() in PROTECTED for word in old.keys[match.i : match.i + match.size]):
        return False
    return not (_has_edge(old, match.i, match.size) or _has_edge(new, match.j, match.size))


def _has_edge(stream: Stream, at: int, size: int) -> bool:
    return any(_EDGE.search(gap) for gap in stream.parts[2 * at : 2 * (at + size) + 1 : 2])
