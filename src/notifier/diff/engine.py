"""Two sequences → what they share, in order, and of pairs that cross which stay: all calls of compiled differs."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

MOST_CELLS = 64_000_000
"""The largest table (old times new) of one exact comparison: 8 MB of bits. What is longer is compared more coarsely."""
MOST_BISECTED = 40_000
"""The largest table given to diff-match-patch: its time grows with the square of what changed."""
LIKE = 0.45
"""Share of words two stretches must have in common to be one stretch edited."""


class Match(NamedTuple):
    """`old[i:i + size] == new[j:j + size]`, as difflib's matching blocks say it."""

    i: int
    j: int
    size: int


def matches_of(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Match]:
    """A longest common subsequence, as runs in order.

    Short stretches go to diff-match-patch, words coded as characters, without its clock; long ones to a bit-parallel
    algorithm whose time and memory grow with len(old) * len(new) / 64 whatever the texts.
    """
    if not old or not new:
        return []
    if len(old) * len(new) <= MOST_BISECTED:
        return _bisected(old, new)
    blocks = LCSseq.opcodes(old, new).as_matching_blocks()
    return [Match(block.a, block.b, block.size) for block in blocks if block.size]


def _bisected(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Match]:
    codes: dict[Hashable, int] = {}
    one, other = ("".join([chr(codes.setdefault(word, len(codes) + 1)) for word in words]) for words in (old, new))
    found: list[Match] = []
    i = j = 0
    for sign, size in edit_script(one, other):
        if sign == "=":
            found.append(Match(i, j, size))
        i += size if sign != "+" else 0
        j += size if sign != "-" else 0
    return found


def edit_script(one: str, other: str) -> list[tuple[str, int]]:
    """How `one` becomes `other`: (`=`, `-` or `+`, characters) in order, by diff-match-patch without its clock."""
    try:
        import fast_diff_match_patch
    except ImportError:
        return edit_script_in_python(one, other)
    script: list[tuple[str, int]] = fast_diff_match_patch.diff(one, other, timelimit=0, checklines=False, cleanup="No")
    return script


def edit_script_in_python(one: str, other: str) -> list[tuple[str, int]]:
    """The same by the original, where no compiled one can be had: slower, and the same answer."""
    from diff_match_patch import diff_match_patch

    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    return [("-=+"[kind + 1], len(text)) for kind, text in engine.diff_main(one, other, False)]


def long_matches_of(old: Sequence[str], new: Sequence[str]) -> tuple[list[Match], bool]:
    """As `matches_of`, for any length: what is too long is cut at runs of words that stand once in each text.

    The second value says whether a stretch was left uncompared because it was too long even so.
    """
    head, tail = same_ends(old, new)
    i_end, j_end = len(old) - tail, len(new) - tail
    found = [Match(0, 0, head)] if head else []
    is_cut_short = False
    i, j = head, head
    anchors = _anchors(old[head:i_end], new[head:j_end]) if (i_end - i) * (j_end - j) > MOST_CELLS else []
    for anchor in [*anchors, Match(i_end - head, j_end - head, 0)]:
        i_to, j_to = head + anchor.i, head + anchor.j
        if (i_to - i) * (j_to - j) <= MOST_CELLS:
            found += [Match(i + part.i, j + part.j, part.size) for part in matches_of(old[i:i_to], new[j:j_to])]
        else:
            is_cut_short = True
        if anchor.size:
            found.append(Match(i_to, j_to, anchor.size))
        i, j = i_to + anchor.size, j_to + anchor.size
    if tail:
        found.append(Match(i_end, j_end, tail))
    return found, is_cut_short


def same_ends(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[int, int]:
    """How many elements are equal at the start, and of the rest at the end."""
    size = min(len(old), len(new))
    head, more = 0, size
    while head < more:  # halves are compared as wholes, which costs much less than element by element
        middle = (head + more + 1) // 2
        if old[head:middle] == new[head:middle]:
            head = middle
        else:
            more = middle - 1
    tail, more, a, b = 0, size - head, len(old), len(new)
    while tail < more:
        middle = (tail + more + 1) // 2
        if old[a - middle : a - tail] == new[b - middle : b - tail]:
            tail = middle
        else:
            more = middle - 1
    return head, tail


_RUN = 3
"""Words in a row that make an anchor."""


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[Match]:
    """Runs of words that stand once in each text, the heaviest chain of them, grown together."""
    old_runs, new_runs = _once(old), _once(new)
    pairs = [(i, new_runs[run], 1) for run, i in old_runs.items() if run in new_runs]
    anchors: list[Match] = []
    for at in heaviest_chain(pairs):
        i, j, _ = pairs[at]
        last = anchors[-1] if anchors else Match(0, 0, 0)
        overlap = last.i + last.size - i
        if anchors and i - last.i == j - last.j and overlap >= 0:
            anchors[-1] = Match(last.i, last.j, i - last.i + _RUN)
        elif overlap <= 0 and last.j + last.size <= j:
            anchors.append(Match(i, j, _RUN))
    return anchors


def _once(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    seen: dict[tuple[str, ...], int] = {}
    for at, run in enumerate(zip(words, words[1:], words[2:], strict=False)):
        seen[run] = -1 if run in seen else at
    return {run: at for run, at in seen.items() if at >= 0}


def shared(old: Sequence[str], new: Sequence[str], *, at_least: int = 0) -> int:
    """How many elements a longest common subsequence has; 0 when fewer than `at_least`."""
    return int(LCSseq.similarity(old, new, score_cutoff=at_least))


def likeness(old: Sequence[str], new: Sequence[str], at_least: float = LIKE) -> float:
    """Words in common, in order, of all words: 0 to 1; 0 when below `at_least`."""
    total = len(old) + len(new)
    if not total or 2 * min(len(old), len(new)) < at_least * total:
        return 0.0
    found = 2 * shared(old, new, at_least=int(at_least * total / 2)) / total
    return found if found >= at_least else 0.0


def heaviest_chain(pairs: Sequence[tuple[int, int, int]]) -> list[int]:
    """The positions of the pairs (i, j, weight) that make the heaviest chain with both i and j rising.

    Of chains equally heavy the one found first wins, so the answer is always the same. O(n log n).
    """
    order = sorted(range(len(pairs)), key=lambda at: (pairs[at][0], -pairs[at][1]))
    if _is_rising([pairs[at] for at in order]):
        return order
    ranks = {j: rank for rank, j in enumerate(sorted({pair[1] for pair in pairs}), start=1)}
    best: list[tuple[int, int]] = [(0, -1)] * (len(ranks) + 1)
    before = [-1] * len(pairs)
    for at in order:
        rank = ranks[pairs[at][1]]
        weight, before[at] = _heaviest_below(best, rank)
        _raise(best, rank, (weight + pairs[at][2], at))
    return _traced(before, _heaviest_below(best, len(ranks) + 1)[1])


def _is_rising(pairs: list[tuple[int, int, int]]) -> bool:
    return all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(pairs))


def _heaviest_below(best: list[tuple[int, int]], rank: int) -> tuple[int, int]:
    """The heaviest chain that ends below `rank`, from a Fenwick tree of running maxima."""
    found = (0, -1)
    rank -= 1
    while rank > 0:
        if best[rank][0] > found[0]:
            found = best[rank]
        rank &= rank - 1
    return found


def _raise(best: list[tuple[int, int]], rank: int, entry: tuple[int, int]) -> None:
    while rank < len(best):
        if entry[0] > best[rank][0]:
            best[rank] = entry
        rank += rank & -rank


def _traced(before: list[int], last: int) -> list[int]:
    chain: list[int] = []
    while last >= 0:
        chain.append(last)
        last = before[last]
    return chain[::-1]
