"""The journal beside its own end and git's witness of it: cheap enough for every run, `status` and `doctor`.

`verify` looks at everything, when somebody asks. What is rewritten or cut off must be told of without a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from notifier.alarms import Alarm, AlarmCode, alarm
from notifier.repository.tags.journal_heads import RESTORED, HeadSeen

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.repository import Repository


def journal_alarms(repository: Repository, ledger: Ledger) -> Iterator[Alarm]:
    """One, where the journal is not as it was."""
    fault = journal_fault(repository, ledger)
    if fault:
        yield alarm(AlarmCode.JOURNAL_DIFFERS, why=fault)


def journal_fault(repository: Repository, ledger: Ledger) -> str:
    """The first that does not fit, in one line; empty where nothing shows."""
    return ledger.journal.tail_fault() or next((said for _, said in unlike_heads(repository, ledger)), "")


def unlike_heads(repository: Repository, ledger: Ledger) -> Iterator[tuple[HeadSeen, str]]:
    """Heads that git has seen, and how the journal differs from each, the first entry first."""
    seen = repository.told.heads_seen(repository.tip)
    known, lost = ledger.journal.hashes(one.number for one in seen), lost_entries(seen, ledger)
    end = ledger.journal.head().number
    for one in sorted(seen, key=lambda head: head.number):
        said = "" if (one.number, one.hash) in lost else unlike(one.number, one.hash, end, known)
        if said:
            yield one, f"{one.where} in git has seen entry {one.number} with hash {one.hash[:12]}…, {said}"


def lost_entries(seen: Iterable[HeadSeen], ledger: Ledger) -> frozenset[tuple[int, str]]:
    """By number and hash what a copy that was brought back lacks: as it says itself, and git says that it was.

    What the ledger alone says does not count: who can write there could say it of everything.
    """
    known = {(one.number, one.hash) for one in seen if one.where.startswith(RESTORED)}
    told = (entry.facts for entry in ledger.journal.restorations() if (entry.number, entry.hash) in known)
    return frozenset((one["number"], one["hash"]) for facts in told for one in facts.get("lost", ()))


def unlike(number: int, proof: str, end: int, known: Mapping[int, str]) -> str:
    """How a journal differs from what somebody has seen of it; empty where it does not."""
    if number > end:
        return f"and the journal ends with entry {end}: it was cut off, or is an older copy"
    if known.get(number) != proof and number:
        return "and in the journal it has another"
    return ""


def own_up(repository: Repository, ledger: Ledger, by: str, **facts: str) -> int:
    """Have journal and git say that an older ledger goes on, and what it lacks; how many heads that are."""
    lost = [one for one, _ in unlike_heads(repository, ledger)]
    lacking = [{"number": one.number, "hash": one.hash, "where": one.where} for one in lost]
    head = ledger.journal.restored({**facts, "by": by, "lost": lacking})
    if lost:
        repository.told.write_restored(str(head), by, repository.tip)
    return len(lost)
