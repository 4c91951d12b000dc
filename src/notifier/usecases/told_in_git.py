"""What customers were told goes into git too: when a notice begins, and when it has ended. No person is named there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from notifier.errors import RepositoryError
from notifier.notice.delivery import NoticeState
from notifier.notice.telling import NoticeTold, TellingStage

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.ledger.types import StoredNotice
    from notifier.repository import Repository
    from notifier.repository.tags.told_tags import ToldTags

COUNTED = (
    "recipients", "accepted", "delivered", "deferred", "bounced", "dropped", "complained", "suppressed", "in_doubt",
    "cancelled",
)  # fmt: skip


def write_told(repository: Repository, ledger: Ledger) -> Iterator[str]:
    """Bring git up to what the ledger knows of every notice; what could not be written, in lines for people."""
    stamps, git, frozen = _stamps(ledger), repository.told, ledger.recipients.frozen()
    for notice in ledger.notices.all():
        try:
            for stage in _stages(notice):
                there = git.of(notice.notice_id, stage)
                if there is None or _ended_again(there, notice, frozen.get(notice.notice_id, 0)):
                    _write(git, ledger, stamps, notice, stage)
        except RepositoryError as error:
            yield f"notice {notice.notice_id}: git does not have what customers were told: {error}"


def write_begun(repository: Repository, ledger: Ledger, notice_id: str) -> None:
    """Before the first message leaves. Raises RepositoryError."""
    git = repository.told
    if git.of(notice_id, TellingStage.BEGUN) is None:
        _write(git, ledger, _stamps(ledger), ledger.notices.get(notice_id), TellingStage.BEGUN)


def told_differences(repository: Repository, ledger: Ledger) -> dict[str, str]:
    """By notice where git has more told than the ledger: a ledger of before would tell them once more."""
    notices, settled = {one.notice_id: one for one in ledger.notices.all()}, ledger.recovered.settled()
    found: dict[str, str] = {}
    for told in repository.told.records:
        notice = notices.get(told.notice_id)
        if notice is None:
            found[told.notice_id] = f"git says that it {told.says}, and the ledger does not know it"
        elif told.notice_id in settled:
            continue
        elif told.stage is TellingStage.ENDED or notice.started_at is None:
            found[told.notice_id] = f"git says that it {told.says}; in the ledger it is {notice.state}"
    return found


def _stages(notice: StoredNotice) -> Iterator[TellingStage]:
    if notice.started_at is not None and notice.frozen_at is not None:
        yield TellingStage.BEGUN
    if notice.state is NoticeState.FINISHED or (notice.state is NoticeState.CANCELLED and notice.started_at):
        yield TellingStage.ENDED


def _ended_again(there: NoticeTold, notice: StoredNotice, recipients: int) -> bool:
    """Also for others, who joined later; not where this ledger knows no recipients any more."""
    if there.stage is TellingStage.BEGUN:
        return False
    return there.state != notice.state.value or there.counts.get("recipients", 0) < recipients


def _write(git: ToldTags, ledger: Ledger, stamps: dict[str, str], notice: StoredNotice, stage: TellingStage) -> None:
    tags = [tag for tag in notice.tags if tag in stamps]
    if not tags:
        return
    made = git.write(_told(ledger, notice, stage), stamps[tags[-1]], str(ledger.journal.head()))
    if made is not None:
        ledger.journal.tagged(*made)


def _told(ledger: Ledger, notice: StoredNotice, stage: TellingStage) -> NoticeTold:
    counts = ledger.deliveries.counts(notice.notice_id)
    names = ("recipients", "suppressed") if stage is TellingStage.BEGUN else COUNTED
    effective = {one.tag: one.effective_on for one in ledger.postings.all() if one.tag in notice.tags}
    return NoticeTold(
        notice_id=notice.notice_id,
        stage=stage,
        state=notice.state.value,
        postings=notice.tags,
        counts={name: int(getattr(counts, name)) for name in names},
        messages=tuple(
            f"{one.language} {','.join(one.policies)} {one.sha256}" for one in ledger.notices.messages(notice.notice_id)
        ),
        effective=effective,
    )


def _stamps(ledger: Ledger) -> dict[str, str]:
    return {posting.tag: stamp_id or posting.commit_id for posting, stamp_id in ledger.postings.stamped()}
