"""Recover: make git and the ledger agree again. What one record proves is rebuilt in the other; who was told is asked.

A tag that was lost is made anew from its stamp commit. A posting that the ledger lost is written down again where git
shows it to be Notifier's own; whether customers were told of a significant one nobody can know but a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from notifier.notice.delivery import NoticeState
from notifier.policy.posting import Posting
from notifier.significance import Significance
from notifier.usecases.standings import Records
from notifier.usecases.two_records import differences, faults

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.repository import TagRecord


class Told(StrEnum):
    """A person's answer on a posting that the ledger lost."""

    TOLD = "told"  #: Customers got its notice.
    NOT_TOLD = "not-told"  #: They did not, and need not hear of it by itself: the next change is judged with it.
    TELL_NOW = "tell-now"  #: They did not; the next run tells them.


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was rebuilt, what a person has to answer first, and what still differs."""

    tags: Mapping[str, str]
    """Made anew in git, as the ledger has them; each with the commit that it stood on (empty: it was not there)."""
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
    return Recovered(tags, tuple(postings), tuple(questions), differences(records.repository, ledger))


def _is_told_by_itself(posting: Posting) -> bool:
    return posting.significance is Significance.SIGNIFICANT and not posting.is_adoption


def _rebuilt_tags(records: Records, ledger: Ledger) -> dict[str, str]:
    """Tags that were lost, moved or made by somebody else, put back on the commit that the ledger names."""
    repository = records.repository
    present = {record.name: record for record in repository.tag_records()}
    made: dict[str, str] = {}
    for posting, stamp_id in ledger.postings.stamped():
        record = present.get(posting.tag)
        if record is not None and not any(faults(record, posting, stamp_id)):
            continue
        told = repository.told_at(posting, stamp_id or posting.commit_id)
        if told is None or (record is not None and _only_off_branch(record, told, stamp_id)):
            continue
        repository.tag(told, stamp_id or posting.commit_id, replaces=record is not None)
        made[posting.tag] = record.commit_id if record else ""
    return made


def _only_off_branch(record: TagRecord, told: Posting, stamp_id: str | None) -> bool:
    """Is the tag right, and only the branch's history another?"""
    is_right = record.is_annotated and record.commit_id == (stamp_id or told.commit_id)
    return is_right and not any(faults(replace(record, is_on_branch=True), told, stamp_id))


def _lost_postings(records: Records, ledger: Ledger) -> list[tuple[Posting, str | None]]:
    """Postings that only git knows, oldest first, where nothing shows that somebody forged them; with their stamps."""
    repository = records.repository
    known = {posting.tag for posting, _ in ledger.postings.stamped()}
    known |= {planned.posting.tag for planned in ledger.postings.planned()}
    return [
        (one.posting, None if one.posting.is_adoption else one.commit_id)
        for one in repository.tag_records()
        if one.posting and one.name not in known and not repository.record_faults(one)
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
