"""Every revision with its verdict, newest first: also of a repository that never used Notifier.

Revisions stream past; of each policy one text is held until the one before it comes. Verdicts are reached in other
processes once there is enough to judge, and handed out in the order of the commits.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from difflib import get_close_matches
from multiprocessing import get_context

from notifier.errors import Refused
from notifier.policy.revision import Commit, Revision
from notifier.policy.trailers import EditorWord, editor_word
from notifier.significance import Certainty, Reason, Significance
from notifier.usecases.judge import compare_revisions

INLINE = 40
"""So many verdicts are reached here before it pays to start other processes."""
UNDER_WAY = 64
"""So many comparisons are given out ahead, so that memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a comparison, without its texts."""

    significance: Significance
    certainty: Certainty
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Logged:
    """One revision. `verdict` is None for the first of a policy: there is nothing that it changes."""

    policy_id: str
    commit: Commit
    verdict: Verdict | None
    word: EditorWord

    @property
    def significance(self) -> Significance | None:
        """What it counts as: the editor's word where there is a valid one, else the verdict."""
        return self.word.significance or (self.verdict.significance if self.verdict else None)


@dataclass(slots=True)
class _Entry:
    """A revision on its way out: waits for the revision before it, then for the verdict."""

    revision: Revision | None
    logged: Logged
    verdict: Future[Verdict] | None = None
    is_paired: bool = False


def log(
    revisions: Iterable[Revision],
    *,
    aliases: Mapping[str, str],
    policies: Collection[str] = (),
    workers: int = os.cpu_count() or 1,
) -> Iterator[Logged]:
    """Judge each of `revisions` (newest first) against the one before it; of `policies` only, where any is named.

    Raises `Refused` for a policy that never was.
    """
    with ExitStack() as stack:
        judges = _Judges(workers, stack)
        entries: deque[_Entry] = deque()
        unpaired: dict[str, _Entry] = {}
        seen: set[str] = set()
        for revision in revisions:
            seen.add(revision.policy_id)
            if policies and revision.policy_id not in policies:
                continue
            _pair(unpaired.pop(revision.policy_id, None), revision, judges)
            word = editor_word([revision.commit], aliases=aliases)
            entry = _Entry(revision, Logged(revision.policy_id, revision.commit, None, word))
            entries.append(entry)
            unpaired[revision.policy_id] = entry
            while entries and entries[0].is_paired and (judges.is_full or _is_done(entries[0])):
                yield _finished(entries.popleft())
        _refuse_unknown(policies, seen)
        for entry in unpaired.values():
            entry.is_paired = True
        while entries:
            yield _finished(entries.popleft())


class _Judges:
    """Reaches verdicts: the first few here, the others in processes of their own."""

    def __init__(self, workers: int, stack: ExitStack) -> None:
        self._workers = workers
        self._stack = stack
        self._pool: Executor | None = None
        self._count = 0
        self._under_way: deque[Future[Verdict]] = deque()

    @property
    def is_full(self) -> bool:
        while self._under_way and self._under_way[0].done():
            self._under_way.popleft()
        return len(self._under_way) >= UNDER_WAY

    def judge(self, before: Revision, after: Revision) -> Future[Verdict]:
        self._count += 1
        if self._workers < 2 or self._count <= INLINE:
            verdict: Future[Verdict] = Future()
            verdict.set_result(_verdict(before, after))
            return verdict
        if self.is_full:
            self._under_way.popleft().result()
        verdict = self._started().submit(_verdict, _sendable(before), _sendable(after))
        self._under_way.append(verdict)
        return verdict

    def _started(self) -> Executor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._workers, mp_context=get_context("forkserver"))
            self._stack.callback(self._pool.shutdown, wait=False, cancel_futures=True)
        return self._pool


def _refuse_unknown(policies: Collection[str], seen: Collection[str]) -> None:
    for unknown in sorted(set(policies) - set(seen)):
        nearest = get_close_matches(unknown, seen, n=1)
        raise Refused(f"{unknown}: no such policy" + (f"; did you mean {nearest[0]}?" if nearest else ""))


def _pair(entry: _Entry | None, before: Revision, judges: _Judges) -> None:
    if entry is None or entry.revision is None:
        return
    entry.verdict = judges.judge(before, entry.revision)
    entry.revision = None
    entry.is_paired = True


def _is_done(entry: _Entry) -> bool:
    return entry.verdict is None or entry.verdict.done()


def _finished(entry: _Entry) -> Logged:
    return replace(entry.logged, verdict=entry.verdict.result()) if entry.verdict else entry.logged


def _verdict(before: Revision, after: Revision) -> Verdict:
    comparison = compare_revisions(before, after)
    return Verdict(comparison.significance, comparison.certainty, comparison.reasons)


def _sendable(revision: Revision) -> Revision:
    """A mapping that pickles, whatever kind it was."""
    return replace(revision, texts=dict(revision.texts))
