"""Where one policy stands: what customers know, what would be posted, when it applies, who is told, what it waits for.

The one answer that `run`, `preview`, `check`, `explain`, `status`, `decide` and the pages give. Pure: `PolicyFacts`
holds all that git and the ledger say, gathered by `usecases/standings.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from notifier.errors import Finding, FindingCode, PolicyError, Severity
from notifier.policy.drafts.public_words import public_word_findings
from notifier.policy.editor_word import EditorWord
from notifier.policy.posting import (
    Posting,
    adopt,
    effective_of,
    end,
    ended_texts,
    is_end,
    next_tag,
    post,
    post_on_of,
    retire,
    stamped_texts,
    summaries_of,
)
from notifier.policy.revision import Revision
from notifier.policy.revision_comparison import has_changed
from notifier.policy.timeline import Timeline
from notifier.policy.translations.left_behind import lagging
from notifier.policy.translations.misplaced import unsaid_switch, with_reading
from notifier.policy.verdict import DRAFT as DRAFT
from notifier.policy.verdict import NEWCOMER as NEWCOMER
from notifier.policy.verdict import PolicyFacts as PolicyFacts
from notifier.policy.verdict import Verdict as Verdict
from notifier.policy.verdict import verdict_on as verdict_on
from notifier.policy.waiting import Waiting, WaitReason, wait_for_text
from notifier.significance import Significance
from notifier.text.front_matter import Consent


class PostingRules(NamedTuple):
    """What the config says about posting. `patience`: how long a close call waits for an editor's word.

    `hosts`: the company's own, which words to customers may name.
    """

    notice_days: int
    stamps_minor: bool
    patience: timedelta
    timezone: tzinfo
    hosts: frozenset[str] = frozenset()
    waits_for_translations: bool = False
    reading: tuple[str, str] = "", ""
    """The language of files whose names say none, and by which habit they are named."""


class Standing(NamedTuple):
    """One policy at one moment."""

    policy_id: str
    timeline: Timeline
    head: Revision | None
    known: Revision | None
    """The text that customers know; None where they know of no such policy."""
    posted: Revision | None = None  #: The text last posted.
    verdict: Verdict | None = None
    """None where the head reads as posted, and for a policy that was never posted."""
    posting: Posting | None = None
    """What would be posted, now or when it no longer waits; None where nothing would."""
    must_tell: bool = False  #: Must customers be told of that posting?
    texts: Mapping[str, str] = {}
    """Path → the file as that posting will leave it."""
    wait: Waiting | None = None
    is_unsaid: bool = False  #: Is it new, and has nobody said whether customers are told of it?

    @property
    def due(self) -> Posting | None:
        """What is posted by a run now."""
        return None if self.wait else self.posting


def standing_of(facts: PolicyFacts, rules: PostingRules, now: datetime) -> Standing:
    """Where a policy stands at `now`."""
    standing = Standing(facts.policy_id, facts.timeline, facts.head, facts.known, facts.posted)
    if facts.mistakes:
        return standing._replace(wait=wait_for_text(facts.policy_id, facts.mistakes))
    if facts.head is None:
        return standing._replace(wait=_wait_for_parting(facts))
    try:
        standing = _with_texts(_judged(standing, facts, facts.head, rules, now), facts, rules)
    except PolicyError as error:
        return standing._replace(wait=wait_for_text(facts.policy_id, error.findings))
    unfit = _unfit(facts, facts.head, rules) if standing.posting and not facts.is_first_run else []
    if unfit:
        return standing._replace(wait=wait_for_text(facts.policy_id, unfit))
    return standing._replace(wait=_wait(standing, facts, rules, now))


def _unfit(facts: PolicyFacts, head: Revision, rules: PostingRules) -> list[Finding]:
    words = [finding for text in head.texts.values() for finding in public_word_findings(text, rules.hosts)]
    return words + unsaid_switch(facts.posted, head) + told_again(facts.timeline, head, facts.posted)


def told_again(timeline: Timeline, head: Revision, posted: Revision | None) -> list[Finding]:
    """A summary that was used up and came back, by an old commit say, speaks of another change; not of one that was
    taken back and comes again."""
    said = {_in_a_line(words) for words in summaries_of(head, posted).values()}
    for at, one in enumerate(timeline.postings):
        told = {_in_a_line(words) for words in (one.summary or "", *dict(one.summaries).values())}
        if said & told and timeline.withdrawn_by(at) is None:
            says = f"its summary was told already, of what was posted {one.posted_on}"
            mend = "say what changes now, or leave it out"
            return [Finding(FindingCode.PUBLIC_WORDS, head.controlling.path, 1, says, mend)]
    return []


def _in_a_line(words: str) -> str:
    return " ".join(words.split())


def _judged(standing: Standing, facts: PolicyFacts, head: Revision, rules: PostingRules, now: datetime) -> Standing:
    if facts.posted is None:
        return _with_adoption(standing, facts, head, rules, now)
    if has_changed(facts.posted, head) or facts.comes_back:
        standing = _with_posting(standing, facts, verdict_on(facts, facts.known or facts.posted), rules, now)
    is_told = standing.verdict and standing.verdict.comparison.classification.significance is Significance.SIGNIFICANT
    word = facts.decisions.get(facts.retired_by or DRAFT)
    if word and word.significance is Significance.SIGNIFICANT and not is_told:
        return _with_end(standing, facts, word, rules, now)
    return standing


def _with_end(standing: Standing, facts: PolicyFacts, word: EditorWord, rules: PostingRules, now: datetime) -> Standing:
    """It goes, and customers are to be told."""
    assert facts.head is not None  # noqa: S101 - callers have looked
    today, known = _today(rules, now), facts.timeline.last_announced
    first = today + timedelta(days=rules.notice_days)
    head = retire(facts.head, first)
    day, path = head.controlling.front_matter.retired or first, head.controlling.path
    if day < first:
        message = f"retired: {day} is too early: told of it {today}, customers may rely on it until {first}"
        mend = f"write retired: {first} or later"
        raise PolicyError(Finding(FindingCode.ASKED_DAY, path, 1, message, mend))
    tag = next_tag(facts.policy_id, today, facts.tags_taken)
    posting = end(head, word, posted_on=today, on=day, tag=tag, known=known.tag if known else "")
    return standing._replace(head=head, posting=posting, must_tell=True)


def _with_texts(standing: Standing, facts: PolicyFacts, rules: PostingRules) -> Standing:
    if standing.posting is None or standing.head is None:
        return standing
    head, before = standing.head, facts.posted
    posting = with_reading(standing.posting, head.controlling, *rules.reading)
    standing = standing._replace(posting=posting)
    if facts.is_first_run and posting.is_adoption:  # it is taken as it is
        return standing
    is_over = before is not None and posting.restores == "" and is_end(posting, head)
    if before and is_over and facts.retired_by:
        return standing._replace(texts=ended_texts(head, before))
    texts = stamped_texts(head, posting, stamps_minor=rules.stamps_minor, before=before)
    return standing._replace(texts=texts)


def _with_posting(
    standing: Standing, facts: PolicyFacts, verdict: Verdict, rules: PostingRules, now: datetime
) -> Standing:
    known, last = facts.timeline.last_announced, facts.timeline.last
    posted_on = _posting_day(facts, verdict.after, rules, now)
    posting = post(
        verdict.after,
        verdict.comparison.classification,
        posted_on=posted_on,
        notice_days=rules.notice_days,
        tag=next_tag(facts.policy_id, posted_on, facts.tags_taken),
        word=verdict.word,
        significance=verdict.significance,
        not_before=max((facts.timeline.effective_on(one) for one in (last, known) if one), default=None),
        compared_with=known.tag if known else "",
        before=facts.posted,
    )
    posting = posting._replace(ended_on=facts.ended_on)
    if verdict.restores:
        effective_on = max(posted_on, facts.timeline.effective_on(verdict.restores))
        kept = posting._replace(significance=verdict.significance, effective_on=effective_on, consent=Consent.NONE)
        kept = kept._replace(restores=verdict.restores.tag)
        return standing._replace(verdict=verdict, posting=kept, must_tell=verdict.withdraws)
    must_tell = verdict.significance is Significance.SIGNIFICANT or facts.known is None
    if facts.known is None and known:  # it was over, as customers were told, and comes back
        posting = posting._replace(is_announced=True)
    if must_tell:
        notice_ends = posted_on + timedelta(days=rules.notice_days)
        posting = posting._replace(effective_on=max(posting.effective_on, notice_ends))
    _refuse_too_early(verdict.after, facts.posted, posting, posted_on, rules.notice_days * must_tell)
    return standing._replace(verdict=verdict, posting=posting, must_tell=must_tell)


def _with_adoption(
    standing: Standing, facts: PolicyFacts, head: Revision, rules: PostingRules, now: datetime
) -> Standing:
    """What is there at the first run is taken as posted, as of the date it bears. What comes later is posted that day,
    and customers hear of it where it says so.
    """
    today = _posting_day(facts, head, rules, now) if not facts.is_first_run else _today(rules, now)
    posting = adopt(head, timezone=rules.timezone, today=today, taken=facts.tags_taken)
    if facts.is_first_run:
        return standing._replace(posting=posting)
    front_matter = head.controlling.front_matter
    announces = _announces(facts)
    must_tell = announces is not False  # who has said nothing in time has not said that nobody need be told
    effective_on = max(today + timedelta(days=rules.notice_days * must_tell), front_matter.effective or today)
    tag = next_tag(facts.policy_id, today, facts.tags_taken)
    summaries = summaries_of(head, None)
    summary = summaries.pop(head.language, None)
    newcomer = posting._replace(posted_on=today, effective_on=effective_on, tag=tag, summary=summary)
    consent = front_matter.consent or (Consent.ACKNOWLEDGE if must_tell else Consent.NONE)
    newcomer = newcomer._replace(summaries=tuple(sorted(summaries.items())), is_announced=must_tell, consent=consent)
    _refuse_too_early(head, None, newcomer, today, rules.notice_days * must_tell)
    return standing._replace(posting=newcomer, must_tell=must_tell, is_unsaid=announces is None)


def asked_day_findings(facts: PolicyFacts, rules: PostingRules, now: datetime) -> tuple[Finding, ...]:
    """What its editor should know of the days that the front matter asks for, before it lands."""
    head = facts.head
    if head is None:
        return ()
    try:
        standing = _judged(Standing(facts.policy_id, facts.timeline, head, facts.known), facts, head, rules, now)
    except PolicyError as error:
        return tuple(one for one in error.findings if one.code is FindingCode.ASKED_DAY)
    asked = post_on_of(head, facts.posted)
    if standing.posting is None or asked is None or asked <= _today(rules, now):
        return ()
    why = f"post_on: it is posted on {asked}, and not before"
    return (Finding(FindingCode.ASKED_DAY, head.controlling.path, 1, why, "", Severity.ADVICE),)


def _today(rules: PostingRules, now: datetime) -> date:
    return now.astimezone(rules.timezone).date()


def _posting_day(facts: PolicyFacts, head: Revision, rules: PostingRules, now: datetime) -> date:
    """Today, or the later day that its editor wants."""
    return max(_today(rules, now), post_on_of(head, facts.posted) or date.min)


def _refuse_too_early(
    head: Revision, before: Revision | None, posting: Posting, posted_on: date, notice_days: int
) -> None:
    """Raises PolicyError where its editor asks for a day on which it cannot bind: nobody would find out otherwise."""
    asked = effective_of(head, before)
    if asked is None or asked >= posting.effective_on:
        return
    why = f"the notice of {notice_days} days ends {posting.effective_on}" if notice_days else "the text before it binds"
    if posting.effective_on == posted_on:
        why = "that is past"
    path = head.controlling.path
    message = f"effective: {asked} is too early: posted {posted_on}, it binds from {posting.effective_on} ({why})"
    mend = f"write effective: {posting.effective_on} or later, or leave it out"
    raise PolicyError(Finding(FindingCode.ASKED_DAY, path, 1, message, mend))


# What it waits for


def _announces(facts: PolicyFacts) -> bool | None:
    """Whether customers are told of a new policy, as its front matter or a decision says; None where neither does."""
    said = facts.head.controlling.front_matter.announce if facts.head else None
    decided = {word.significance for word in facts.decisions.values()}
    return said if said is not None or not decided else Significance.SIGNIFICANT in decided


def _wait_for_parting(facts: PolicyFacts) -> Waiting | None:
    """A policy that goes, by its file or its front matter, is a change like any other: must customers be told of it?"""
    policy_id, head = facts.policy_id, facts.head
    commit_id = facts.removed_by if head is None else facts.retired_by
    is_told = head is None and facts.is_over
    if commit_id is None or facts.timeline.last is None or is_told or commit_id in facts.decisions:
        return None
    if head is not None and head.controlling.front_matter.announce is False:
        return None
    by = f" by {commit_id[:7]}" if commit_id else ""
    said = f"its file was removed{by}; what was posted stays public"
    said = f"its front matter retires it {head.controlling.front_matter.retired}" if head else said
    why = f'{said}. Must customers be told? notifier decide {policy_id} minor|significant --because "…"'
    return Waiting(policy_id, WaitReason.GONE, why, (commit_id,))


def _wait_for_language(facts: PolicyFacts) -> Waiting | None:
    """Nothing is to be posted: what the config says of its language now is a question for its next change."""
    found = unsaid_switch(facts.posted, facts.head)
    return Waiting(facts.policy_id, WaitReason.TEXT, str(found[0]), needs_a_person=False) if found else None


def _wait_for_clock(facts: PolicyFacts, day: date) -> Waiting | None:
    """Whichever clock was wrong, this one or that of the run which posted last: no posted date goes down."""
    last = facts.timeline.last
    if facts.head is None or last is None or last.posted_on <= day:
        return None
    why = f"it is {day} here, and was last posted {last.posted_on}; set the clock or posting.timezone"
    return Waiting(facts.policy_id, WaitReason.CLOCK, why)


def _wait(standing: Standing, facts: PolicyFacts, rules: PostingRules, now: datetime) -> Waiting | None:
    policy_id, posting = standing.policy_id, standing.posting
    if facts.uncommitted:
        why = f"uncommitted edits in {', '.join(facts.uncommitted)}; commit or discard them"
        return Waiting(policy_id, WaitReason.COMMIT, why, needs_a_person=posting is not None)
    parting = None if posting and posting.significance is Significance.SIGNIFICANT else _wait_for_parting(facts)
    if posting is None or parting:
        return parting or _wait_for_clock(facts, _today(rules, now)) or _wait_for_language(facts)
    until = facts.first_seen.get(NEWCOMER, now) + rules.patience
    if standing.is_unsaid and now < until:
        why = "it is new: say in its front matter whether customers are told of it, announce: true or false"
        return Waiting(policy_id, WaitReason.ANNOUNCE, why, until=until)
    if posting and posting.posted_on > _today(rules, now):
        until = datetime.combine(posting.posted_on, time(), tzinfo=rules.timezone)
        why = f"its front matter says post_on: {posting.posted_on}"
        return Waiting(policy_id, WaitReason.DATE, why, until=until, needs_a_person=False)
    behind = lagging(facts.posted, facts.head) if facts.head and rules.waits_for_translations else ()
    if posting and behind and posting.significance is Significance.SIGNIFICANT:
        files = ", ".join(facts.head.texts[language].path for language in behind) if facts.head else ""
        why = f"{files} did not follow the controlling text (posting.translations): translate the change"
        return Waiting(policy_id, WaitReason.TRANSLATION, why)
    if behind_time := _wait_for_clock(facts, posting.posted_on):
        return behind_time
    if standing.verdict and standing.verdict.lacks_word:
        return _wait_for_word(policy_id, standing.verdict, facts.first_seen, rules.patience, now)
    return None


def _wait_for_word(
    policy_id: str, verdict: Verdict, first_seen: Mapping[str, datetime], patience: timedelta, now: datetime
) -> Waiting | None:
    """One clock, from the first sight of the oldest unsettled commit: what is committed later does not restart it."""
    commits = tuple(commit.commit_id for commit in verdict.unsettled)
    until = min((first_seen.get(commit_id, now) for commit_id in commits[:1]), default=now) + patience
    if now >= until:
        return None
    named = ", ".join(commit_id[:7] or "this text" for commit_id in commits)
    lacking = "close call" if verdict.is_close else "an editor's word does not count by itself"
    why = f'{verdict.asks or lacking} ({named}): notifier decide {policy_id} minor|significant --because "…"'
    return Waiting(policy_id, WaitReason.WORD, why, commits, until)
