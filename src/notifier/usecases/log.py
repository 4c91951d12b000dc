"""Every revision with its verdict, newest first: also of a repository that never used Notifier.

Each change comes with the files before it, so no row waits for an older commit. The first are judged here, so that
the first row shows at once; the others in batches by processes of their own, which read the texts themselves, and
are handed out in the order of the commits.
"""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from multiprocessing import get_context

from notifier.errors import Refused
from notifier.policy.editor_word import Approvals, EditorWord, editor_word, says_minor
from notifier.policy.revision import Commit
from notifier.policy.revision_comparison import compare_revisions
from notifier.repository import ChangeReader, PolicyChange
from notifier.significance import Classification, Significance

INLINE = 24
"""So many changes are judged here: what a person looks at first, while other processes would still be starting."""
BATCH = 48
"""So many changes go to another process at once: of one policy each text in it is read once, not twice."""
UNDER_WAY = 6
"""So many batches are given out ahead, so that memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Logged:
    """One revision. `verdict` is None for the first of a policy: there is nothing that it changes."""

    policy_id: str
    commit: Commit
    verdict: Classification | None
    word: EditorWord

    @property
    def significance(self) -> Significance | None:
        """What it counts as: the editor's word where there is a valid one, else the verdict."""
        return self.word.significance or (self.verdict.significance if self.verdict else None)


def log(
    changes: Iterable[PolicyChange],
    reader: ChangeReader,
    *,
    approvals: Callable[[Sequence[Commit]], Approvals],
    policies: Collection[str] = (),
    workers: int = os.cpu_count() or 1,
) -> Iterator[Logged]:
    """Judge each of `changes` (newest first); of `policies` only, where any is named.

    `approvals` is asked where a commit claims to be minor. Raises `Refused` for a policy that never was.
    """
    with ExitStack() as stack:
        for batch, verdicts in _judged(_batches(_of(policies, changes)), reader, workers, stack):
            for change, verdict in zip(batch, verdicts, strict=True):
                commits = [change.commit]
                word = editor_word(commits, approvals(commits) if says_minor(commits) else None)
                yield Logged(change.policy_id, change.commit, verdict, word)


def _of(policies: Collection[str], changes: Iterable[PolicyChange]) -> Iterator[PolicyChange]:
    seen: set[str] = set()
    for change in changes:
        seen.add(change.policy_id)
        if not policies or change.policy_id in policies:
            yield change
    for unknown in sorted(set(policies) - seen):
        nearest = get_close_matches(unknown, seen, n=1)
        raise Refused(f"{unknown}: no such policy" + (f"; did you mean {nearest[0]}?" if nearest else ""))


def _batches(changes: Iterator[PolicyChange]) -> Iterator[list[PolicyChange]]:
    yield from ([change] for change in islice(changes, INLINE))
    while batch := list(islice(changes, BATCH)):
        yield batch


def _judged(
    batches: Iterable[list[PolicyChange]], reader: ChangeReader, workers: int, stack: ExitStack
) -> Iterator[tuple[list[PolicyChange], Sequence[Classification | None]]]:
    """Each batch with its verdicts, in order."""
    pool: Executor | None = None
    under_way: deque[tuple[list[PolicyChange], Future[list[Classification | None]]]] = deque()
    for number, batch in enumerate(batches):
        if workers < 2 or number < INLINE:
            yield batch, _verdicts(reader, batch)
            continue
        pool = pool or _started(workers, stack)
        under_way.append((batch, pool.submit(_verdicts, reader, batch)))
        while under_way and (len(under_way) > UNDER_WAY or under_way[0][1].done()):
            first, verdicts = under_way.popleft()
            yield first, verdicts.result()
    yield from ((batch, verdicts.result()) for batch, verdicts in under_way)


def _started(workers: int, stack: ExitStack) -> Executor:
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_collect_seldom)
    stack.callback(pool.shutdown, wait=False, cancel_futures=True)
    return pool


def _collect_seldom() -> None:
    """Lexicons and models stay for good, and a comparison leaves few cycles: to look for them often costs a tenth."""
    gc.freeze()
    gc.set_threshold(20_000)


def _verdicts(reader: ChangeReader, batch: Sequence[PolicyChange]) -> list[Classification | None]:
    return [compare_revisions(before, after).classification if before else None for before, after in reader.read(batch)]
