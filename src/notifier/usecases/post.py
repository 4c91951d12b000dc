"""Post: a judged revision becomes public. Written down, then stamped and tagged in git, then written down again.

Every step can be repeated: a run that was killed between two of them is finished by the next one, to the same end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from notifier.policy.posting import Posted, Posting, adopt, next_tag, post
from notifier.policy.revision import Revision, drop_summary
from notifier.policy.trailers import EditorWord, says_minor
from notifier.significance import Certainty, Significance
from notifier.text.dates.posted_date import set_posted_date
from notifier.usecases.judge import Judgement, has_changed, judge

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.repository import Repository

OnStep = Callable[[str], None]
"""Told the name of each step when it is done: for logs, and for tests that kill a run there."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A policy that is not posted now, and why. `needs_a_person`: it would go out if somebody did something."""

    policy_id: str
    why: str
    commit_id: str = ""
    until: datetime | None = None
    needs_a_person: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """A posting about to be made. `texts`: path → the file as it will stand. An adoption changes no text."""

    posting: Posting
    revision: Revision
    texts: Mapping[str, str]
    must_tell: bool
    """A significant posting; or a new policy whose front matter says `announce: true`."""
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a run would post now, and what waits."""

    plans: tuple[Plan, ...]
    waiting: tuple[Waiting, ...]
    ignored: tuple[str, ...]
    """Editors' words that do not count, in lines for people."""


def look_ahead(config: Config, repository: Repository, ledger: Ledger, now: datetime, *, is_dry: bool) -> Outlook:
    """What a run would post at `now`. Only a close call's first sight is written down, and not when `is_dry`."""
    heads = repository.head_revisions()
    is_first_run = not repository.policies_posted()
    plans: list[Plan] = []
    waiting: list[Waiting] = []
    ignored: list[str] = []
    for policy_id, head in sorted(heads.items()):
        posted = repository.last_posted(policy_id)
        dirty = uncommitted(repository, ledger, policy_id)
        if dirty:
            waiting.append(_waits_for_commit(policy_id, dirty, is_held_back=_is_due(posted, head)))
        elif posted is None:
            plans.append(_adoption(config, repository, head, now, is_first_run=is_first_run))
        elif has_changed(posted.revision, head):
            judgement = judge_head(repository, ledger, head, posted)
            ignored += judgement.word.ignored
            wait = _waits_for_editor(config, ledger, judgement, now, is_dry=is_dry)
            if wait is None:
                plans.append(_planned(config, repository, judgement, now))
            else:
                waiting.append(wait)
    return Outlook(tuple(plans), tuple(waiting), tuple(ignored))


def judge_head(repository: Repository, ledger: Ledger, head: Revision, posted: Posted) -> Judgement:
    """The verdict on a policy's head, with what editors said since customers were last told."""
    told = told_text(repository, ledger, posted)
    steps = tuple(repository.revisions(head.policy_id, since=told.posting.commit_id))
    aliases = repository.aliases() if says_minor([step.commit for step in steps]) else {}
    decided = ((step.commit.commit_id, ledger.reviews.decision(step.commit.commit_id)) for step in steps)
    decisions = {
        commit_id: EditorWord(decision.significance, commit_id, decision.decided_by, decision.because)
        for commit_id, decision in decided
        if decision is not None
    }
    return judge(head, posted=posted, told=told, steps=steps, decisions=decisions, aliases=aliases)


def told_text(repository: Repository, ledger: Ledger, posted: Posted) -> Posted:
    """The posting that customers know of; the last one that tells by itself where the ledger is younger than git."""
    every = repository.posted(posted.posting.policy_id)
    tag = ledger.postings.last_announced(posted.posting.policy_id)
    for candidate in reversed(every):
        posting = candidate.posting
        if posting.tag == tag if tag else posting.is_adoption or posting.significance is Significance.SIGNIFICANT:
            return candidate
    return every[0]


def uncommitted(repository: Repository, ledger: Ledger, policy_id: str) -> tuple[str, ...]:
    """An editor's uncommitted files of a policy; what a killed run left of its own stamp is none of them."""
    ours = {
        path: blob
        for planned in ledger.postings.planned()
        if planned.posting.policy_id == policy_id
        for path, blob in planned.blobs.items()
    }
    return repository.uncommitted(policy_id, ours)


def carry_out(repository: Repository, ledger: Ledger, plan: Plan, now: datetime, on_step: OnStep) -> None:
    """Post one plan: record, act, record."""
    blobs = {path: repository.blob_id(text) for path, text in plan.texts.items()}
    ledger.postings.plan(plan.posting, blobs, now, must_tell=plan.must_tell)
    on_step("posting planned")
    stamp_and_confirm(repository, ledger, plan.posting, plan.texts, now, on_step)
    ledger.reviews.settle(plan.posting.policy_id, now)


def stamp_and_confirm(
    repository: Repository,
    ledger: Ledger,
    posting: Posting,
    texts: Mapping[str, str],
    now: datetime,
    on_step: OnStep,
) -> None:
    """Make a planned posting true in git, then confirm it; harmless where part of it is true already."""
    stamp_id = None if posting.is_adoption else repository.stamp_of(posting) or repository.stamp(posting, texts)
    on_step("stamped")
    repository.tag(posting, stamp_id or posting.commit_id)
    on_step("tagged")
    ledger.postings.confirm(posting.tag, stamp_id, now)
    on_step("posted")


def finish_planned(config: Config, repository: Repository, ledger: Ledger, now: datetime, on_step: OnStep) -> None:
    """Finish what a killed run had planned and not confirmed.

    A plan that never reached git is dropped when the policy has moved on since: its head is judged anew.
    """
    for planned in ledger.postings.planned():
        posting = planned.posting
        head = repository.head_revisions().get(posting.policy_id)
        if posting.is_adoption or repository.stamp_of(posting):
            stamp_and_confirm(repository, ledger, posting, {}, now, on_step)
        elif head is not None and head.commit.commit_id == posting.commit_id:
            stamp_and_confirm(repository, ledger, posting, stamped_texts(config, head, posting), now, on_step)
        else:
            ledger.postings.drop(posting.tag)


def stamped_texts(config: Config, head: Revision, posting: Posting) -> dict[str, str]:
    """Each file as it will stand: its posted date set (as `posting.stamp` says), the used-up summary gone."""
    is_dated = config.posting.stamp == "all" or posting.significance is Significance.SIGNIFICANT
    return {
        text.path: _stamped(text.text, text.language, text.path, posting.posted_on if is_dated else None)
        for text in head.texts.values()
    }


def _stamped(text: str, language: str, path: str, on: date | None) -> str:
    dated = set_posted_date(text, on, language=language, path=path) if on else text
    return drop_summary(dated)


def _is_due(posted: Posted | None, head: Revision) -> bool:
    return posted is None or has_changed(posted.revision, head)


def _waits_for_commit(policy_id: str, paths: tuple[str, ...], *, is_held_back: bool) -> Waiting:
    why = f"uncommitted edits in {', '.join(paths)}; commit or discard them"
    return Waiting(policy_id, why, needs_a_person=is_held_back)


def _waits_for_editor(
    config: Config, ledger: Ledger, judgement: Judgement, now: datetime, *, is_dry: bool
) -> Waiting | None:
    if judgement.certainty is Certainty.CLEAR:
        return None
    commit_id = judgement.revision.commit.commit_id
    since = now if is_dry else ledger.reviews.waiting_since(judgement.policy_id, commit_id, now)
    until = since + timedelta(hours=config.judgement.wait_hours)
    if now >= until:
        return None
    why = f'close call: notifier decide {commit_id[:7]} minor|significant --because "…"'
    return Waiting(judgement.policy_id, why, commit_id, until)


def _adoption(config: Config, repository: Repository, head: Revision, now: datetime, *, is_first_run: bool) -> Plan:
    """What is there already is taken as posted; customers hear of a later newcomer only where it says so."""
    posting = adopt(head, timezone=config.posting_zone, taken=repository.tags_taken())
    if is_first_run or not head.controlling.front_matter.announce:
        return Plan(posting, head, {}, must_tell=False)
    binds_on = now.astimezone(config.posting_zone).date() + timedelta(days=config.notice.period_days)
    told = replace(
        posting, effective_on=max(posting.effective_on, binds_on), summary=head.controlling.front_matter.summary
    )
    return Plan(told, head, {}, must_tell=True)


def _planned(config: Config, repository: Repository, judgement: Judgement, now: datetime) -> Plan:
    posted_on = now.astimezone(config.posting_zone).date()
    posting = post(
        judgement.revision,
        judgement.classification,
        posted_on=posted_on,
        notice_days=config.notice.period_days,
        tag=next_tag(judgement.policy_id, posted_on, repository.tags_taken()),
        word=judgement.word,
        not_before=judgement.posted.posting.effective_on,
    )
    texts = stamped_texts(config, judgement.revision, posting)
    must_tell = posting.significance is Significance.SIGNIFICANT
    return Plan(posting, judgement.revision, texts, must_tell, judgement)
