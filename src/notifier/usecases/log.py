"""Every revision with its verdict, newest first: also of a repository that never used Notifier.

Each change comes with the files before it, so no row waits for an older commit. The first are judged here, so that
the first row shows at once; the others by processes of their own, which read the texts themselves. They take a stretch
of the history policy by policy, so that each text is read once and not twice, and hand it out in the order of the
commits; the stretches grow, so that no row waits long.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack
from difflib import get_close_matches
from itertools import chain, islice
from multiprocessing import get_context
from typing import NamedTuple

from notifier import worker_process
from notifier.errors import Refused
from notifier.policy.editor_word import Approvals, EditorWord, editor_word, says_minor
from notifier.policy.revision import Commit
from notifier.policy.revision_comparison import compare_revisions
from notifier.repository import ChangeReader, PolicyChange
from notifier.significance import Classification, Significance
from notifier.usecases.verdict_cache import VerdictCache

INLINE = 24
"""So many changes are judged here: what a person looks at first, while other processes would still be starting."""
FIRST_STRETCH, LONGEST_STRETCH = 96, 3_072
"""Changes that are put in order of their policies at once: the longer, the more of them follow each other."""
BATCH = 48
"""So many changes of a stretch go to another process at once."""
UNDER_WAY = 2
"""So many stretches are given out at a time, so that nobody waits for the end of one, and memory stays bounded."""


class Logged(NamedTuple):
    """One revision. `verdict` is None for the first of a policy: there is nothing that it changes."""

    policy_id: str
    commit: Commit
    verdict: Classification | None
    word: EditorWord

    @property
    def significance(self) -> Significance | None:
        """What it counts as: the editor's word where there is a valid one, else the verdict."""
        return self.word.significance or (self.verdict.significance if self.verdict else None)


Judged = tuple[PolicyChange, Classification | None]


def log(
    changes: Iterable[PolicyChange],
    reader: ChangeReader,
    *,
    approvals: Callable[[Sequence[Commit]], Approvals],
    policies: Collection[str] = (),
    known: VerdictCache | None = None,
    most: int | None = None,
    workers: int = os.cpu_count() or 1,
) -> Iterator[Logged]:
    """Judge each of `changes` (newest first), at most `most`; of `policies` only, where any is named.

    `approvals` is asked where a commit claims to be minor, `known` before any text is read. Raises `Refused` for a
    policy that never was.
    """
    found = islice(_of(policies, changes), most)
    with ExitStack() as stack:
        if known is not None:
            stack.callback(known.close)
        for change, verdict in _judged(found, reader, known, workers, stack):
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


def _judged(
    changes: Iterator[PolicyChange],
    reader: ChangeReader,
    known: VerdictCache | None,
    workers: int,
    stack: ExitStack,
) -> Iterator[Judged]:
    """Each change with its verdict, in order."""
    for change in changes if workers < 2 else islice(changes, INLINE):
        (verdict,) = _known([change], known)
        if verdict is None and change.before:
            (verdict,) = _kept([change], _verdicts(reader, [change]), known)
        yield change, verdict
    under_way: deque[Iterator[Judged]] = deque()
    pool = _Pool(workers, stack)
    size = FIRST_STRETCH
    while stretch := list(islice(changes, size)):
        under_way.append(_given_out(stretch, reader, known, pool))
        size = min(4 * size, LONGEST_STRETCH)
        if len(under_way) == UNDER_WAY:
            yield from under_way.popleft()
    yield from chain.from_iterable(under_way)


def _known(changes: list[PolicyChange], known: VerdictCache | None) -> list[Classification | None]:
    return known.of(changes) if known else [None] * len(changes)


def _kept(
    changes: Sequence[PolicyChange], verdicts: list[Classification | None], known: VerdictCache | None
) -> list[Classification | None]:
    for change, verdict in zip(changes, verdicts, strict=True):
        if known and verdict:
            known.keep(change, verdict)
    return verdicts


def _given_out(
    stretch: list[PolicyChange], reader: ChangeReader, known: VerdictCache | None, pool: _Pool
) -> Iterator[Judged]:
    """The changes of a stretch with their verdicts, in order; all are given out at once, policy by policy."""
    verdicts = _known(stretch, known)
    by_policy: dict[str, list[int]] = {}
    for at, change in enumerate(stretch):
        if verdicts[at] is None and change.before:
            by_policy.setdefault(change.policy_id, []).append(at)
    places = [at for of_one in by_policy.values() for at in of_one]
    batches = [places[at : at + BATCH] for at in range(0, len(places), BATCH)]
    asked = [(batch, pool.submit(reader, [stretch[at] for at in batch])) for batch in batches]
    return _in_order(stretch, verdicts, asked, known)


def _in_order(
    stretch: list[PolicyChange],
    verdicts: list[Classification | None],
    asked: Sequence[tuple[list[int], Future[list[Classification | None]]]],
    known: VerdictCache | None,
) -> Iterator[Judged]:
    batch_of = {at: (batch, future) for batch, future in asked for at in batch}
    for at, change in enumerate(stretch):
        if at in batch_of and verdicts[at] is None:
            batch, future = batch_of[at]
            for place, verdict in zip(
                batch, _kept([stretch[one] for one in batch], future.result(), known), strict=True
            ):
                verdicts[place] = verdict
        yield change, verdicts[at]


class _Pool:
    """Processes that judge, started for the first batch."""

    def __init__(self, workers: int, stack: ExitStack) -> None:
        self._workers, self._stack = workers, stack
        self._executor: Executor | None = None

    def submit(self, reader: ChangeReader, batch: list[PolicyChange]) -> Future[list[Classification | None]]:
        self._executor = self._executor or _started(self._workers, self._stack)
        return self._executor.submit(_verdicts, reader, batch)


def _started(workers: int, stack: ExitStack) -> Executor:
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=worker_process.begin)
    stack.callback(pool.shutdown, wait=False, cancel_futures=True)
    return pool


def _verdicts(reader: ChangeReader, batch: Sequence[PolicyChange]) -> list[Classification | None]:
    return [compare_revisions(before, after).classification if before else None for before, after in reader.read(batch)]
