"""Many threads, few commits: each hears of its own, nobody waits for ever, and one that fails takes no other along."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from notifier.usecases.group_commit import GroupCommit


def test_each_gets_its_own_answer_and_commits_are_shared() -> None:
    batches: list[int] = []

    def write(wanted: Sequence[int]) -> list[int]:
        batches.append(len(wanted))
        time.sleep(0.002)
        return [one * 2 for one in wanted]

    commit = GroupCommit[int, int](write)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(commit, range(400), timeout=60))

    assert answers == [one * 2 for one in range(400)]
    assert sum(batches) == 400
    assert len(batches) < 200


def test_one_that_cannot_be_written_fails_alone() -> None:
    gate = threading.Event()

    def write(wanted: Sequence[int]) -> Sequence[int]:
        gate.wait(1)
        if 7 in wanted:
            raise ValueError("seven")
        return wanted

    commit = GroupCommit[int, int](write)
    with ThreadPoolExecutor(10) as pool:
        found = [pool.submit(commit, one) for one in range(10)]
        gate.set()
        assert [one.result(60) for one in found if one is not found[7]] == [0, 1, 2, 3, 4, 5, 6, 8, 9]
        with pytest.raises(ValueError, match="seven"):
            found[7].result(60)
    assert commit(3) == 3
