"""What the pages show: policies with everything ever posted, and which text was in force on which day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from notifier.policy.posting import Posted, Posting
from notifier.policy.revision import PolicyText
from notifier.render.site.theme import Theme


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
    theme: Theme = field(default_factory=Theme)


@dataclass(frozen=True, slots=True)
class Edition:
    """One posting as readers of one language have it."""

    posting: Posting
    text: PolicyText

    @property
    def version(self) -> str:
        return self.posting.version


def editions(history: PolicyHistory, language: str) -> tuple[Edition, ...]:
    """The postings that have a text in `language`, oldest first."""
    found = ((posted.posting, posted.revision.texts.get(language)) for posted in history.postings)
    return tuple(Edition(posting, text) for posting, text in found if text is not None)


def languages(history: PolicyHistory) -> tuple[str, ...]:
    """The languages the policy was ever posted in, that of the controlling text first."""
    ever = {language for posted in history.postings for language in posted.revision.texts}
    own = history.postings[-1].revision.language
    return (own, *sorted(ever - {own}))
