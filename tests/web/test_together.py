"""Many requests, few commits: each hears of its own, nobody waits for ever, and what fails is told to who waits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from notifier.web.together import Together


def test_each_gets_its_own_answer_and_commits_are_shared() -> None:
    batches: list[int] = []

    def write(wanted: Sequence[int]) -> list[int]:
        batches.append(len(wanted))
        time.sleep(0.002)
        return [one * 2 for one in wanted]

    async def ask() -> list[int]:
        commit = Together[int, int](write)
        return await asyncio.wait_for(asyncio.gather(*map(commit, range(400))), 60)

    assert asyncio.run(ask()) == [one * 2 for one in range(400)]
    assert sum(batches) == 400
    assert len(batches) < 20


def test_who_goes_away_takes_nobody_along_nor_does_one_that_cannot_be_written() -> None:
    def write(wanted: Sequence[int]) -> Sequence[int]:
        time.sleep(0.01)
        if 7 in wanted:
            raise ValueError("seven")
        return wanted

    async def ask() -> int:
        commit = Together[int, int](write)
        gone, stays = asyncio.create_task(commit(1)), asyncio.create_task(commit(2))
        await asyncio.sleep(0)
        gone.cancel()
        assert await stays == 2
        found = await asyncio.gather(commit(5), commit(7), commit(9), return_exceptions=True)
        assert [str(one) for one in found] == ["5", "seven", "9"]
        return await commit(3)

    assert asyncio.run(ask()) == 3
