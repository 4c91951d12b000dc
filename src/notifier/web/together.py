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
        """What `answer` returned for this one. Raises what it raised for those that went together."""
        own: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((wanted, own))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._answer_all())
        return await own

    async def _answer_all(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                answers = await to_thread.run_sync(self._answer, [wanted for wanted, _ in some], limiter=self._thread)
            except Exception as error:  # noqa: BLE001  # raised where it is waited for
                for _, own in some:
                    _settle(own, error=error)
                continue
            for (_, own), answer in zip(some, answers, strict=True):
                _settle(own, answer)


def _settle(own: asyncio.Future[Answer], answer: Answer | None = None, *, error: Exception | None = None) -> None:
    """Unless whoever asked has gone."""
    if own.done():
        return
    if error is not None:
        own.set_exception(error)
    else:
        own.set_result(answer)  # type: ignore[arg-type]  # one of both is there
