"""What the pages show: policies with everything ever posted, and which text was in force on which day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from notifier.policy.posting import Posted, Posting
from notifier.policy.revision import PolicyText
from notifier.policy.revision_comparison import is_another, is_of_translation
from notifier.policy.timeline import Timeline
from notifier.policy.translations.left_behind import left_behind
from notifier.render.site.theme import Theme
from notifier.significance import Significance


class PolicyHistory(NamedTuple):
    """One policy and all its postings, oldest first."""

    policy_id: str
    postings: tuple[Posted, ...]
    retired_on: date | None = None
    """The first day on which it applies no longer, where no other text takes its place."""
    ended_by: str = ""
    """The tag of the posting that says so, where customers were told of its end."""
    ends: Mapping[str, date] = {}
    """By tag, the first day on which a text applied no longer, of those after whose end the policy came back."""
    names: Mapping[str, int] = {}
    """What it was called before, also between two postings, and how many it had when it was renamed."""

    @property
    def led_by(self) -> dict[str, str]:
        """By tag, the language of the text that counted then."""
        return {one.posting.tag: one.revision.language for one in self.postings}

    @property
    def timeline(self) -> Timeline:
        """Of all its postings."""
        return self.timeline_of([posted.posting for posted in self.postings])

    def timeline_of(self, postings: Sequence[Posting]) -> Timeline:
        """Of some of them, as readers of one language have it: an end is that of the text that they had then, and what
        was taken back ends where it would begin."""
        own, last, ends = {one.tag for one in postings}, "", dict[str, date]()
        every = [posted.posting for posted in self.postings]
        for at, posting in enumerate(every):
            last = posting.tag if posting.tag in own else last
            ends |= {last: self.ends[posting.tag]} if posting.tag in self.ends else {}
            if posting.restores and posting.tag not in own:
                restored = next(n for n, one in enumerate(every) if one.tag == posting.restores)
                ends |= {one.tag: one.effective_on for one in every[restored + 1 : at] if one.tag in own}
        return Timeline(tuple(postings), ends=ends)


@dataclass(frozen=True, slots=True)
class Site:
    """All that is published. `today` says which texts are in force; `url` may be empty, then links stay relative."""

    title: str
    url: str
    today: date
    language: str
    policies: tuple[PolicyHistory, ...]
    theme: Theme = field(default_factory=Theme)


class Edition(NamedTuple):
    """One posting as readers of one language have it."""

    posting: Posting
    text: PolicyText
    catches_up: bool = False
    """Is it a translation that follows here what weighed in the controlling text before?"""
    translates: Posting | None = None
    """What it follows, where that was in force before this was posted."""
    lacks: Posting | None = None
    """The first of what weighed in the controlling text and came late here: from then on this was behind."""

    @property
    def significance(self) -> Significance:
        """Of what changed for readers of this text: its posting may be minor because they were told before."""
        return Significance.SIGNIFICANT if self.catches_up else self.posting.significance

    @property
    def version(self) -> str:
        return self.posting.version


def editions(history: PolicyHistory, language: str) -> tuple[Edition, ...]:
    """The postings that brought a text in `language`, oldest first.

    A text that did not change keeps its own version and date, be it a translation that did not follow or the
    controlling text while a translation was mended: such a posting is none of its editions.
    """
    found: list[Edition] = []
    before: PolicyText | None = None
    came_back = False
    lacked: list[Posting] = []
    for at, posted in enumerate(history.postings, 1):
        text, posting = posted.revision.texts.get(language), posted.posting
        if text is not None and (before is None or is_another(before, text) or came_back):
            follows, is_translation = [], language != posted.revision.language
            if is_translation and left_behind(history.postings[:at], language) is None:
                follows, lacked = lacked, []
            late = [one for one in follows if one.effective_on < posting.effective_on]
            found[-1:] = [one._replace(lacks=late[0]) if late else one for one in found[-1:]]
            translated = late if found else [_translated(history.postings[:at])]
            is_late = is_translation and bool(translated) and _is_alone(history.postings[:at], translated[-1])
            found.append(Edition(posting, text, bool(found and follows), translated[-1] if is_late else None))
        elif posting.restores or posting.significance is Significance.SIGNIFICANT:
            lacked = [] if posting.restores else [*lacked, posting]
        before, came_back = text, posting.tag in history.ends
    return tuple(found)


def _translated(postings: Sequence[Posted]) -> Posting:
    """The newest posting that changed the controlling text."""
    changed = (two.posting for one, two in pairwise(postings) if not is_of_translation(one.revision, two.revision))
    return [postings[0].posting, *changed][-1]


def _is_alone(postings: Sequence[Posted], translated: Posting) -> bool:
    """Is the last of them that of a translation alone, when what it translates was in force already?"""
    before, last = postings[-2:] if postings[1:] else (postings[-1], postings[-1])
    is_later = translated.effective_on < last.posting.effective_on
    return is_later and before is not last and is_of_translation(before.revision, last.revision)


def kept_editions(history: PolicyHistory, language: str) -> tuple[tuple[str, Edition], ...]:
    """Each posting that a text in `language` went through unchanged, by its version, with the edition that stayed."""
    own = {edition.version: edition for edition in editions(history, language)}
    kept: list[tuple[str, Edition]] = []
    last: Edition | None = None
    for posted in history.postings:
        version = posted.posting.version
        last = own.get(version, last if language in posted.revision.texts else None)
        if last is not None and version not in own:
            kept.append((version, last))
    return tuple(kept)


def languages(history: PolicyHistory) -> tuple[str, ...]:
    """The languages the policy was ever posted in, that of the controlling text first."""
    ever = {language for posted in history.postings for language in posted.revision.texts}
    own = history.postings[-1].revision.language
    return (own, *sorted(ever - {own}))
