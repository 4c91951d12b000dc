"""Recover: make git and the ledger agree again. What one record proves is rebuilt in the other; who was told is asked.

A tag that was lost is made anew from its stamp commit. A posting that the ledger lost is written down again where git
shows it to be Notifier's own. Whether customers were told of it git knows where its notice ended, else a person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from notifier.errors import Refused
from notifier.notice.delivery import NoticeState
from notifier.notice.naming import recovered_name
from notifier.notice.telling import NoticeTold, TellingStage
from notifier.policy.posting import Posting
from notifier.policy.timeline import Telling
from notifier.significance import Significance
from notifier.usecases.audience import doubt_where_set_back
from notifier.usecases.proof.witnesses import journal_fault, own_up
from notifier.usecases.set_back import is_told_by_git, set_back, under_way
from notifier.usecases.standings import Records
from notifier.usecases.told_in_git import told_differences
from notifier.usecases.two_records import differences, faults, other_branch

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.repository import TagRecord


class Told(StrEnum):
    """A person's answer on a posting that the ledger lost."""

    TOLD = "told"  #: Customers got its notice.
    NOT_TOLD = "not-told"  #: They did not, and need not hear of it by itself: the next change is judged with it.
    TELL_NOW = "tell-now"  #: They did not; the next run tells them.


class Recovered(NamedTuple):
    """What was rebuilt, what a person has to answer first, and what still differs."""

    tags: Mapping[str, str]
    """Made anew in git, as the ledger has them; each with the commit that it stood on (empty: it was not there)."""
    postings: tuple[str, ...]
    """Written down again in the ledger."""
    notices: tuple[str, ...]
    """What was written down of notices that the ledger lost, or had as they once were; in lines for people."""
    questions: tuple[Posting, ...]
    differences: tuple[str, ...]


def recover(
    records: Records, ledger: Ledger, answers: Mapping[str, Told], *, by: str, no_newer_copy: bool = False
) -> Recovered:
    """Rebuild what can be rebuilt; `answers` by tag. To be made again with the answers to what it asks.

    `no_newer_copy`: a person says so, where both records were set back.
    Raises Refused for an answer about a tag that is none.
    """
    repository = records.repository
    strangers = set(answers) - repository.tags_taken() - {one.tag for one in ledger.postings.all()}
    if strangers:
        raise Refused(f"{sorted(strangers)[0]}: there is no such tag; `notifier recover` says which it asks about")
    recovery = _Recovery(records, ledger, answers, by)
    recovery.take_other_branch()
    if not journal_fault(repository, ledger):  # what was rewritten itself says nothing of a row
        recovery.notices += (*ledger.held_rows.put_back(by, records.now), *ledger.frozen_rows.put_back(by, records.now))
        recovery.withdraw_lost_letters()
    tags = _rebuilt_tags(records, ledger)
    postings = tuple(recovery.write_down(*one) for one in _lost_postings(records, ledger) if recovery.can_tell(one[0]))
    recovery.settle_notices()
    recovery.settle_postings(postings)
    recovery.go_on_from_older(is_wanted=no_newer_copy)
    written = tuple(posting.tag for posting in postings)
    asked = {posting.tag: posting for posting in recovery.questions}
    left = differences(repository, ledger, records.config.page_dir)
    if not left and (postings or recovery.notices or recovery.has_gone_on or no_newer_copy):
        own_up(repository, ledger, by)
    return Recovered(tags, written, tuple(recovery.notices), tuple(asked.values()), left)


@dataclass
class _Recovery:
    """What became of notices that the ledger lost: as git says it, else as a person does, else asked."""

    records: Records
    ledger: Ledger
    answers: Mapping[str, Told]
    by: str
    questions: list[Posting] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    has_gone_on: bool = False
    """An older copy of the ledger goes on."""

    @cached_property
    def told(self) -> dict[str, NoticeTold]:
        """By notice what git says of it last."""
        found: dict[str, NoticeTold] = {}
        for one in self.records.repository.told.records:
            known = found.get(one.notice_id)
            if known is None or one.stage is TellingStage.ENDED:
                found[one.notice_id] = one
        return found

    def must_tell(self, posting: Posting) -> bool:
        """Also of a newcomer whose notice git knows."""
        is_significant = posting.significance is Significance.SIGNIFICANT and not posting.is_adoption
        return is_significant or any(posting.tag in one.postings for one in self.told.values())

    def can_tell(self, posting: Posting) -> bool:
        """Does git say, or has a person said, what became of its notice? Else it is asked."""
        ended = {tag for one in self.told.values() if one.stage is TellingStage.ENDED for tag in one.postings}
        if not self.must_tell(posting) or posting.tag in {*self.answers, *ended}:
            return True
        self.questions.append(posting)
        return False

    def write_down(self, posting: Posting, stamp_id: str | None) -> Posting:
        must_tell, now = self.must_tell(posting), self.records.now
        self.ledger.postings.plan(posting, {}, now, must_tell=must_tell)
        self.ledger.postings.confirm(posting.tag, stamp_id, now)
        return posting

    def take_other_branch(self) -> None:
        """What the config names is published from now on, by the word of who runs this for nothing else."""
        repository, ledger = self.records.repository, self.ledger
        found = tuple(other_branch(repository, ledger))
        if found and found == differences(repository, ledger, self.records.config.page_dir):
            self.notices.append(f"runs publish {repository.branch} from now on, and {ledger.runs.branch()} no more")
            ledger.runs.keep_branch(repository.branch, self.records.now, self.by)

    def withdraw_lost_letters(self) -> None:
        """A letter that another hand changed is in no record: where nobody got it, the next run writes it anew."""
        lost = {one.of_notice for one in self.ledger.held_rows.edits() if one.is_lost and one.of_notice}
        for notice_id in sorted(lost & {one.notice_id for one in self.ledger.notices.waiting()}):
            self.ledger.notices.withdraw((notice_id,), (), self.records.now)
            self.ledger.held_rows.drop_lost_letters(notice_id, self.by, self.records.now)
            self.notices.append(
                f"notice {notice_id}  withdrawn, for another hand changed its letters: the next run makes it anew"
            )

    def settle_notices(self) -> None:
        """Every notice of which git has more told than the ledger."""
        for notice_id in told_differences(self.records.repository, self.ledger):
            told = self.told[notice_id]
            answer = self._answer_on(told.postings)
            if told.stage is TellingStage.ENDED:
                state = NoticeState.CANCELLED if told.state == NoticeState.CANCELLED else NoticeState.FINISHED
                self._end(told, state, f"git says that it {told.says}")
            elif answer is None:
                self.questions += [one for one in self.ledger.postings.all() if one.tag in told.postings]
            elif answer is Told.TELL_NOW:
                self._tell_again(told)
            else:
                state = NoticeState.FINISHED if answer is Told.TOLD else NoticeState.CANCELLED
                self._end(told, state, f"{self.by} says so; git says that it {told.says}")

    def _end(self, told: NoticeTold, state: NoticeState, why: str) -> None:
        recovered, now = self.ledger.recovered, self.records.now
        if self._knows(told.notice_id):
            recovered.end(told.notice_id, state, self.by, now, why)
        else:  # a copy of before may have the same postings wait under the name that letters written anew replaced
            waiting = [one.notice_id for one in self.ledger.notices.waiting() if set(told.postings) & set(one.tags)]
            self.ledger.notices.withdraw(waiting, (), now)
            recovered.add(told.notice_id, self._untold(told.postings), state, self.by, now, why)
        for tag, day in told.effective.items():
            self.ledger.postings.delay_effect(tag, day)
        self.notices.append(f"notice {told.notice_id}  {state}, for {why}")

    def _tell_again(self, told: NoticeTold) -> None:
        recovered, now = self.ledger.recovered, self.records.now
        self.notices.append(f"notice {told.notice_id}  to be told now; git says that it {told.says}")
        if self._knows(told.notice_id):
            recovered.send_again(told.notice_id, self.by, now)
        else:
            why = f"{self.by} has its postings told anew; git says that it {told.says}"
            recovered.add(told.notice_id, (), NoticeState.CANCELLED, self.by, now, why)

    def settle_postings(self, written: Sequence[Posting]) -> None:
        """Those of which git knows no notice, as a person has said."""
        for posting in self._untold([one.tag for one in written]):
            answer = self.answers.get(posting.tag)
            if answer and answer is not Told.TELL_NOW:
                state = NoticeState.FINISHED if answer is Told.TOLD else NoticeState.CANCELLED
                notice_id = self.ledger.notices.next_id(recovered_name(posting.tag), self.told)
                self.ledger.recovered.add(notice_id, (posting,), state, self.by, self.records.now)
                self.notices.append(f"notice {notice_id}  {state}, for {self.by} says so")

    def go_on_from_older(self, *, is_wanted: bool) -> None:
        """The ledger was set back: git tells what came since, or was set back too and a person says that nobody has
        newer ones (`is_wanted`). How far a notice that was under way came since is asked."""
        repository, ledger = self.records.repository, self.ledger
        found = tuple(set_back(repository, ledger, self.records.config.page_dir))
        is_told = len(found) == 1 and bool(ledger.high_water.fault()) and is_told_by_git(repository, ledger)
        if not found or not (is_wanted or is_told):
            return
        unknown = [(one, self._answer_on(one.tags)) for one in under_way(self.ledger)]
        asked = [tag for one, answer in unknown if answer is None for tag in one.tags]
        self.questions += [one for one in self.ledger.postings.all() if one.tag in asked]
        if asked or self.questions:
            return
        for notice, answer in unknown:
            if answer is Told.TELL_NOW:
                self.ledger.recovered.send_again(notice.notice_id, self.by, self.records.now)
                self.notices.append(f"notice {notice.notice_id}  goes on; whoever is left may get it twice")
            else:
                state = NoticeState.FINISHED if answer is Told.TOLD else NoticeState.CANCELLED
                self.ledger.recovered.end(notice.notice_id, state, self.by, self.records.now, f"{self.by} says so")
                self.notices.append(f"notice {notice.notice_id}  {state}, for {self.by} says so")
        self.has_gone_on = True
        if is_told:
            rest = "git knows what was posted and told since, and nobody the rest"
            self.notices.append(f"{ledger.high_water.fault()}; it goes on: {rest}")
        ledger.high_water.accept(self.by, self.records.now, "; ".join(found), is_told_by_git=is_told)
        if not is_told:
            doubt_where_set_back(ledger, self.records.now)
            self.notices.append("no newer copy is left: the first notice of each policy waits for approval")

    def _answer_on(self, tags: Iterable[str]) -> Told | None:
        return next((self.answers[tag] for tag in tags if tag in self.answers), None)

    def _knows(self, notice_id: str) -> bool:
        return any(one.notice_id == notice_id for one in self.ledger.notices.all())

    def _untold(self, tags: Collection[str]) -> list[Posting]:
        """Those of these postings that the ledger has, and that no notice of it tells of."""
        facts = self.ledger.postings.facts()
        return [
            one
            for one in self.ledger.postings.all()
            if one.tag in tags and facts[one.tag].telling is Telling.UNANNOUNCED
        ]


def _rebuilt_tags(records: Records, ledger: Ledger) -> dict[str, str]:
    """Tags that were lost, moved or made by somebody else, put back on the commit that the ledger names."""
    repository = records.repository
    present = {record.name: record for record in repository.tag_records()}
    known, made = ledger.held_rows.tags(), dict[str, str]()
    for posting, stamp_id in ledger.postings.stamped():
        record = present.get(posting.tag)
        if record is not None and not any(faults(record, posting, stamp_id, known.get(posting.tag))):
            continue
        told = repository.told_at(posting, stamp_id or posting.commit_id)
        if told is None or (record is not None and _only_off_branch(record, told, stamp_id, known.get(told.tag))):
            continue
        head, target = str(ledger.journal.head()), stamp_id or posting.commit_id
        ledger.journal.tagged(told.tag, repository.tag(told, target, head, replaces=record is not None))
        made[posting.tag] = record.commit_id if record else ""
    return made


def _only_off_branch(record: TagRecord, told: Posting, stamp_id: str | None, made: str | None) -> bool:
    """Is the tag right, and only the branch's history another?"""
    is_right = record.is_annotated and record.commit_id == (stamp_id or told.commit_id)
    return is_right and not any(faults(record._replace(is_on_branch=True), told, stamp_id, made))


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
