"""Two streams → the opcodes between them: the tokens they share, cleaned up, and everything around."""

from __future__ import annotations

from notifier.diff.cleanup import clean
from notifier.diff.engine import Match, long_matches_of
from notifier.diff.opcodes import Opcode, Sides, opcodes_of
from notifier.diff.streams import Stream


def compared(sides: Sides, old: Stream, new: Stream, a: int, b: int) -> tuple[list[Opcode], bool]:
    """The opcodes of two streams that start at `a` and `b`; whether some of it was too long to be compared."""
    if old.keys == new.keys:
        return opcodes_of(sides, old, new, [Match(0, 0, len(old.keys))] if old.keys else [], a, b), False
    matches, is_cut_short = long_matches_of(old.keys, new.keys)
    return opcodes_of(sides, old, new, clean(old, new, matches), a, b), is_cut_short
