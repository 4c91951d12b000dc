"""What the pages show: policies with everything ever posted, and which text was in force on which day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from notifier.policy.posting import Posted, Posting
from notifier.policy.revision import PolicyText


@dataclass(frozen=True, slots=True)
class PolicyHistory:
    """One policy and all its postings, oldest first."""

    policy_id: str
    postings: tuple[Posted, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """All that is published. `today` says which texts are in force; `url` may be empty, then links stay relative."""

    title: str
    url: str
    today: date
    language: str
    policies: tuple[PolicyHistory, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """One posting as readers of one language have it."""

    posting: Posting
    text: PolicyText

    @property
    def version(self) -> str:
        return version_of(self.posting)


@dataclass(frozen=True, slots=True)
class Period:
    """The days on which a text is in force; `until` None while no later one has a date."""

    start: date
    until: date | None

    @property
    def is_empty(self) -> bool:
        return self.until is not None and self.until < self.start


def version_of(posting: Posting) -> str:
    """The last part of its addresses: `2026-11-22`, `2026-11-22.2` for a second that day."""
    return posting.tag.rpartition("/")[2]


def editions(history: PolicyHistory, language: str) -> tuple[Edition, ...]:
    """The postings that have a text in `language`, oldest first."""
    found = ((posted.posting, posted.revision.texts.get(language)) for posted in history.postings)
    return tuple(Edition(posting, text) for posting, text in found if text is not None)


def languages(history: PolicyHistory) -> tuple[str, ...]:
    """The languages the policy was ever posted in, that of the controlling text first."""
    ever = {language for posted in history.postings for language in posted.revision.texts}
    own = history.postings[-1].revision.language
    return (own, *sorted(ever - {own}))


def in_force(postings: Sequence[Posting], day: date) -> int | None:
    """The index of the text in force on `day`: the newest whose effective date has come. None before the first."""
    binding = [index for index, posting in enumerate(postings) if posting.effective_on <= day]
    return binding[-1] if binding else None


def period(postings: Sequence[Posting], index: int) -> Period:
    """From which day until which the text at `index` is in force."""
    later = [posting.effective_on for posting in postings[index + 1 :]]
    return Period(postings[index].effective_on, min(later) - timedelta(days=1) if later else None)


def waiting(postings: Sequence[Posting], day: date) -> int | None:
    """The index of the next text to come into force after `day`, None where none waits."""
    now = in_force(postings, day)
    later = range(0 if now is None else now + 1, len(postings))
    coming = [index for index in later if postings[index].effective_on > day]
    return min(coming, key=lambda index: (postings[index].effective_on, -index)) if coming else None
