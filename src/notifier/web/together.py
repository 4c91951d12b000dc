"""Requests that wait for the ledger at the same time: one thread looks up, or writes, for all of them at once.

Nobody waits for company: who comes first goes alone, and whoever comes meanwhile goes next, together. So a commit is
shared by as many as wait for it, and to change threads costs once for all of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from anyio import CapacityLimiter, to_thread

Wanted = TypeVar("Wanted")
Answer = TypeVar("Answer")
MOST = 200
"""Answered at once: others wait no longer than that takes."""


class Together(Generic[Wanted, Answer]):
    """Calls `answer` with all that waits, in the order in which it came; each caller gets the answer to its own."""

    def __init__(self, answer: Callable[[Sequence[Wanted]], Sequence[Answer]]) -> None:
        self._answer = answer
        self._thread = CapacityLimiter(1)
        self._waiting: list[tuple[Wanted, asyncio.Future[Answer]]] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, wanted: Wanted) -> Answer:
        """What `answer` returned for this one. Raises what it raises for it alone: nobody fails with another."""
        own: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((wanted, own))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._answer_all())
        return await own

    async def _answer_all(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                await self._answer_some(some)
            except Exception:  # noqa: BLE001  # it may be one of them
                for one in some:
                    await self._answer_alone(one)

    async def _answer_some(self, some: Sequence[tuple[Wanted, asyncio.Future[Answer]]]) -> None:
        answers = await to_thread.run_sync(self._answer, [wanted for wanted, _ in some], limiter=self._thread)
        for (_, own), answer in zip(some, answers, strict=True):
            if not own.done():  # who asked may have gone
                own.set_result(answer)

    async def _answer_alone(self, one: tuple[Wanted, asyncio.Future[Answer]]) -> None:
        try:
            await self._answer_some([one])
        except Exception as error:  # noqa: BLE001  # raised where it is waited for
            if not one[1].done():
                one[1].set_exception(error)
