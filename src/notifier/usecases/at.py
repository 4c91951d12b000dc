"""Which text of a policy was, is or will be in force on a day, as git and the ledger have it. Read only."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from notifier.errors import Refused
from notifier.policy.revision_comparison import is_of_translation
from notifier.policy.timeline import Period
from notifier.policy.translations.left_behind import left_behind
from notifier.render.site.editions import PolicyHistory, editions
from notifier.render.site.page_addresses import PageAddresses, absolute
from notifier.usecases.publish import history_of, retirements
from notifier.usecases.standings import hold_to_ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.policy.posting import Posted, Posting
    from notifier.policy.revision import PolicyText
    from notifier.repository import Repository


class TextInForce(NamedTuple):
    """The text that binds on a day, and the days on which it does."""

    posting: Posting
    text: PolicyText
    period: Period
    page: str
    """Its permanent page, empty where `page.url` is not set."""
    behind: Posting | None = None
    """The first posting of the controlling text that this translation of it lacks."""
    translates: Posting | None = None
    """What this translation was posted too late for; it is the text in force since then."""


class DayAnswer(NamedTuple):
    """What was in force on `day`. `found` is None before `first`, the first text on record, or after `retired_on` the
    first again, came into force."""

    policy_id: str
    """As the policy is called today."""
    asked_for: str
    """As it was called in the question."""
    day: date
    today: date
    first: Posting
    found: TextInForce | None
    retired_on: date | None = None
    """The first day on which it applies no longer."""
    others: tuple[str, ...] = ()
    """Policies that were called so once, and have another name today."""

    @property
    def is_to_come(self) -> bool:
        """Nobody knows what will be posted until then: the answer is how things stand."""
        return self.day > self.today


def text_on_day(
    config: Config, repository: Repository, ledger: Ledger, name: str, day: date, *, today: date, language: str | None
) -> DayAnswer:
    """The text of the policy called `name`, now or once, that is in force on `day`.

    Raises Refused for a policy that was never posted, and for a language that this text did not have.
    """
    hold_to_ledger(repository, ledger)
    policy_id, others = _named(config, repository, name)
    facts = ledger.postings.facts()
    retired = retirements(config, repository, facts, (policy_id,)).get(policy_id)
    history = _as_read(history_of(repository, policy_id, facts, retired), language)
    timeline = history.timeline
    index = timeline.in_force(day)
    found = None
    retired_on = history.retired_on
    if index is not None and not (retired_on and retired_on <= day):
        days = timeline.period(index)
        last = retired_on - timedelta(days=1) if retired_on else days.until
        days = Period(days.start, min(last, days.until) if last and days.until else last)
        found = _text(config, history.postings[: index + 1], days, language)
    first, bound, coming = timeline.postings[0], timeline.last_bound(day), timeline.pending(day)
    if index is None and bound is not None and coming is not None:
        retired_on, first = timeline.ends[timeline.postings[bound].tag], timeline.postings[coming]
    return DayAnswer(policy_id, name, day, today, first, found, retired_on, others)


def _named(config: Config, repository: Repository, name: str) -> tuple[str, tuple[str, ...]]:
    """The policy that is called so today, else was, and others that once were."""
    known = repository.policies_posted()
    was = [one for one in known if name in {posting.name for posting in repository.postings(one)}]
    once = [one for one in known if name in repository.names(one)]
    now, *others = dict.fromkeys([*({name} & set(known)), *was, *once]) or ("",)
    if now:
        return now, tuple(others)
    where = f"; posted are: {', '.join(known)}" if known else "; nothing was posted yet"
    raise Refused(f"{name}: no policy was ever posted under this name in {config.policies.path}/{where}")


def _as_read(history: PolicyHistory, language: str | None) -> PolicyHistory:
    """Of the controlling text, what was posted while only a translation was mended is no text of its own."""
    if language not in (None, history.postings[-1].revision.language):
        return history
    own = history.postings[:1] + tuple(
        after
        for before, after in pairwise(history.postings)
        if after.posting.ended_on or not is_of_translation(before.revision, after.revision)
    )
    ends = history.timeline_of([one.posting for one in own]).ends
    return history._replace(postings=own, ends=ends)


def _text(config: Config, history: Sequence[Posted], period: Period, language: str | None) -> TextInForce:
    posted = history[-1]
    own = posted.revision.language
    wanted = language or own
    text = posted.revision.texts.get(wanted)
    if text is None:
        there = ", ".join(sorted(posted.revision.texts))
        raise Refused(f"{posted.posting.tag}: was not posted in {wanted}; it has: {there}")
    prefix = "" if wanted == own else f"{wanted}/"
    address = PageAddresses(posted.posting.policy_id, prefix).version(posted.posting.version)
    page = absolute(config.page.url, address) if config.page.url else ""
    behind = left_behind(history, wanted)
    late = editions(PolicyHistory("", tuple(history)), wanted)[-1].translates
    days = Period(late.effective_on, period.until) if late else period
    return TextInForce(posted.posting, text, days, page, behind.since if behind else None, late)
