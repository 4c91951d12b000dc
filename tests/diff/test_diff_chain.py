"""The two searches under the differ: the heaviest chain of pairs in order, and the longest common subsequence."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.diff import engine
from notifier.diff.engine import Match, heaviest_chain, likeness, long_matches_of, matches_of

Pairs = list[tuple[int, int, int]]

PAIRS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 9)), max_size=8)
WORDS = st.lists(st.sampled_from("abcde"), max_size=14)


def rises(pairs: Pairs) -> bool:
    return all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(pairs))


def heaviest(pairs: Pairs) -> int:
    """The weight of the heaviest chain, by trying them all."""
    options = (sorted(some) for size in range(len(pairs) + 1) for some in combinations(pairs, size))
    return max(sum(pair[2] for pair in some) for some in options if rises(some))


@given(PAIRS)
def test_no_chain_is_heavier_than_the_one_found(pairs: Pairs) -> None:
    found = [pairs[at] for at in heaviest_chain(pairs)]
    assert rises(found)
    assert sum(pair[2] for pair in found) == heaviest(pairs)


def test_of_two_sections_swapped_the_heavier_one_stays() -> None:
    assert heaviest_chain([(0, 2, 10), (1, 3, 10), (2, 0, 30), (3, 1, 5)]) == [2, 3]


def shared(old: list[str], new: list[str], matches: list[Match]) -> list[str]:
    """The words two texts share by these matches, which lie in order in both."""
    i = j = 0
    words: list[str] = []
    for match in matches:
        assert match.i >= i
        assert match.j >= j
        assert old[match.i : match.i + match.size] == new[match.j : match.j + match.size]
        words += old[match.i : match.i + match.size]
        i, j = match.i + match.size, match.j + match.size
    return words


def longest(old: list[str], new: list[str]) -> int:
    """The length of a longest common subsequence, by the textbook's table."""
    row = [0] * (len(new) + 1)
    for word in old:
        before = row
        row = [0]
        for at, other in enumerate(new):
            row.append(before[at] + 1 if word == other else max(before[at + 1], row[-1]))
    return row[-1]


@given(WORDS, WORDS)
def test_both_engines_find_a_longest_common_subsequence(old: list[str], new: list[str]) -> None:
    assert len(shared(old, new, matches_of(old, new))) == longest(old, new)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "MOST_BISECTED", 0)
        assert len(shared(old, new, matches_of(old, new))) == longest(old, new)


@given(WORDS, WORDS, st.integers(0, 30))
def test_a_long_stretch_cut_at_its_anchors_is_still_in_order(old: list[str], new: list[str], most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "MOST_CELLS", most)
        matches, is_cut_short = long_matches_of(old, new)
    found = shared(old, new, matches)
    assert is_cut_short or len(found) <= longest(old, new)
    if most >= len(old) * len(new):
        assert (len(found), is_cut_short) == (longest(old, new), False)


@pytest.mark.parametrize(("new", "expected"), [("a b c d", 1.0), ("a b c x", 0.75), ("a x y z", 0.0), ("a", 0.0)])
def test_likeness_is_the_share_of_words_in_common_and_nothing_below_its_floor(new: str, expected: float) -> None:
    assert likeness(["a", "b", "c", "d"], new.split()) == expected
