"""A list in two threads: some chunks are read while those before them are brought in, in their order."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Chunk = TypeVar("Chunk")

AHEAD = 3
"""Chunks that may wait: whoever reads does not stop for a transaction's end."""
TURN = 0.0002
"""Seconds. Who brings in waits for the database dozens of times a chunk, and each time then for the interpreter, which
a thread that reads would give up after five milliseconds only."""


def take_beside(chunks: Iterable[Chunk], take: Callable[[Chunk], None]) -> None:
    """Each one while the next are read; behind one that failed none is taken."""
    has_failed = False

    def take_unless_failed(chunk: Chunk) -> None:
        nonlocal has_failed
        if has_failed:
            return
        try:
            take(chunk)
        except BaseException:
            has_failed = True
            raise

    waiting: deque[Future[None]] = deque()
    with _short_turns(), ThreadPoolExecutor(1) as beside:
        for chunk in chunks:
            if len(waiting) == AHEAD:
                waiting.popleft().result()
            waiting.append(beside.submit(take_unless_failed, chunk))
        for one in waiting:
            one.result()


@contextmanager
def _short_turns() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
