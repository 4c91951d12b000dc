"""Recover: make git and the ledger agree again. What one record proves is rebuilt in the other; who was told is asked.

A tag that was lost is made anew from its stamp commit. A posting that the ledger lost is written down again where git
shows it to be Notifier's own; whether customers were told of a significant one nobody can know but a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from notifier.notice.delivery import NoticeState
from notifier.policy.posting import Posting
from notifier.significance import Significance
from notifier.usecases.standings import Records
from notifier.usecases.two_records import differences

if TYPE_CHECKING:
    from notifier.ledger import Ledger


class Told(StrEnum):
    """A person's answer on a posting that the ledger lost."""

    TOLD = "told"  #: Customers got its notice.
    NOT_TOLD = "not-told"  #: They did not, and need not hear of it by itself: the next change is judged with it.
    TELL_NOW = "tell-now"  #: They did not; the next run tells them.


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was rebuilt, what a person has to answer first, and what still differs."""

    tags: tuple[str, ...]
    """Made anew in git."""
    postings: tuple[str, ...]
    """Written down again in the ledger."""
    questions: tuple[Posting, ...]
    differences: tuple[str, ...]


def recover(records: Records, ledger: Ledger, answers: Mapping[str, Told], *, by: str) -> Recovered:
    """Rebuild what can be rebuilt; `answers` by tag. To be made again with the answers to what it asks."""
    tags = _rebuilt_tags(records, ledger)
    postings: list[str] = []
    questions: list[Posting] = []
    for posting, stamp_id in _lost_postings(records, ledger):
        if _is_told_by_itself(posting) and posting.tag not in answers:
            questions.append(posting)
            continue
        _write_down(records, ledger, posting, stamp_id, answers.get(posting.tag), by)
        postings.append(posting.tag)
    return Recovered(tags, tuple(postings), tuple(questions), differences(records))


def _is_told_by_itself(posting: Posting) -> bool:
    return posting.significance is Significance.SIGNIFICANT and not posting.is_adoption


def _rebuilt_tags(records: Records, ledger: Ledger) -> tuple[str, ...]:
    repository = records.repository
    present = {record.name for record in repository.tag_records()}
    made = []
    for posting, _ in ledger.postings.stamped():
        if posting.tag in present:
            continue
        stamped = None if posting.is_adoption else repository.stamped(posting.tag, posting.commit_id)
        if stamped:
            repository.tag(stamped[1], stamped[0])
        elif posting.is_adoption:
            repository.adopt(posting)
        if stamped or posting.is_adoption:
            made.append(posting.tag)
    return tuple(made)


def _lost_postings(records: Records, ledger: Ledger) -> list[tuple[Posting, str | None]]:
    """Postings that only git knows, oldest first, where nothing shows that somebody forged them; with their stamps."""
    repository = records.repository
    known = {posting.tag for posting, _ in ledger.postings.stamped()}
    known |= {planned.posting.tag for planned in ledger.postings.planned()}
    sound = {one.name: one.commit_id for one in repository.tag_records() if not repository.record_faults(one)}
    return [
        (posting, None if posting.is_adoption else sound[posting.tag])
        for policy_id in repository.policies_posted()
        for posting in repository.postings(policy_id)
        if posting.tag in sound and posting.tag not in known
    ]


def _write_down(
    records: Records, ledger: Ledger, posting: Posting, stamp_id: str | None, answer: Told | None, by: str
) -> None:
    must_tell = _is_told_by_itself(posting)
    ledger.postings.plan(posting, {}, records.now, must_tell=must_tell)
    ledger.postings.confirm(posting.tag, stamp_id, records.now)
    if must_tell and answer is not Told.TELL_NOW:
        state = NoticeState.FINISHED if answer is Told.TOLD else NoticeState.CANCELLED
        ledger.notices.add_recovered(posting, state, by, records.now)
