"""A list is brought in while it is read."""

import sys
from collections.abc import Iterator
from threading import Event

import pytest

from notifier.ledger.by_set.read_ahead import AHEAD, take_beside


def test_chunks_are_brought_in_in_order_and_reading_runs_at_most_some_ahead() -> None:
    taken: list[int] = []
    first_may_end, most_read = Event(), 0

    def chunks() -> Iterator[int]:
        nonlocal most_read
        for n in range(10):
            if n == AHEAD:
                first_may_end.set()
            most_read = max(most_read, n - len(taken))
            yield n

    def take(n: int) -> None:
        first_may_end.wait(5)
        taken.append(n)

    turns = sys.getswitchinterval()
    take_beside(chunks(), take)
    assert taken == list(range(10))
    assert AHEAD <= most_read <= AHEAD + 1
    assert sys.getswitchinterval() == turns


def test_behind_a_chunk_that_failed_none_is_brought_in() -> None:
    taken: list[int] = []

    def take(n: int) -> None:
        if n == 4:
            raise OSError("the database went away")
        taken.append(n)

    with pytest.raises(OSError, match="went away"):
        take_beside(iter(range(10)), take)
    assert taken == [0, 1, 2, 3]


def test_what_was_read_before_a_list_broke_off_is_brought_in() -> None:
    taken: list[int] = []

    def chunks() -> Iterator[int]:
        yield from range(3)
        raise ValueError("the list breaks off")

    with pytest.raises(ValueError, match="breaks off"):
        take_beside(chunks(), taken.append)
    assert taken == [0, 1, 2]
