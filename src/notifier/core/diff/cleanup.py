"""Matches → fewer, clearer matches: what a reader would rather see struck out and put in as a whole.

The steps are diff-match-patch's semantic clean-up, counted in words and held back where a word must not vanish.
"""

from __future__ import annotations

import re

from notifier.core.diff.engine import Match
from notifier.core.diff.words import Stream

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
    """Swallow islands of one or two kept words between larger changes, as long as no sentence or cell is crossed."""
    ends = Match(len(old.keys), len(new.keys), 0)
    kept: list[Match] = []
    for at, match in enumerate(matches):
        before = kept[-1] if kept else Match(0, 0, 0)
        after = matches[at + 1] if at + 1 < len(matches) else ends
        if not _is_island(old, new, before, match, after):
            kept.append(match)
    return kept


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
