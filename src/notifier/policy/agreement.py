"""Where one person stands with one policy: what they said yes to, what has been asked since, and by when.

Only what asks something outdates what was accepted: a minor posting never does. What was taken back asks nothing, and
what was said of it counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from notifier.policy.timeline import Timeline
from notifier.significance import Significance
from notifier.text.front_matter import Consent

MOST_KEPT = 10_000
"""Kinds of people whose standing is kept in memory."""


class AgreementMethod(StrEnum):
    """How a person said it."""

    CLICK = "click"
    CHECKBOX = "checkbox"
    SIGNATURE = "signature"
    CONTINUED_USE = "continued_use"  #: They went on using the service: that acknowledges, and accepts nothing.
    IMPORT = "import"  #: Kept elsewhere before, in whatever way.


class AgreementStatus(StrEnum):
    """What a person's word on a policy is worth today."""

    ACCEPTED = "accepted"  #: They said yes to it, and nothing asked since is open.
    ACKNOWLEDGED = "acknowledged"  #: They have seen it, which was all that was asked.
    OUTDATED = "outdated"  #: They said something once, and a later text asks anew.
    NONE = "none"  #: They never said anything.


@dataclass(frozen=True, slots=True)
class Agreement:
    """One word of one person on one posting, by its tag."""

    tag: str
    method: AgreementMethod
    at: datetime | None = field(default=None, compare=False)
    receipt_id: str = field(default="", compare=False)

    @property
    def is_firm(self) -> bool:
        return self.method is not AgreementMethod.CONTINUED_USE


class AgreementStanding(NamedTuple):
    """Where a person stands. `last`: the newest posting that they spoke on and that still counts, by its index."""

    status: AgreementStatus
    required: Consent
    by: date | None
    """From when the oldest text applies that asks something of them; past where it does already."""
    last: int | None
    asked: tuple[int, ...] = ()
    """The postings that ask something of them, oldest first."""


@dataclass(frozen=True)
class Asking:
    """What the postings of one policy ask. Made once, asked for every person."""

    timeline: Timeline

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each posting stands that still counts, by tag."""
        postings = enumerate(self.timeline.postings)
        return {posting.tag: index for index, posting in postings if not self.is_withdrawn(index)}

    @cached_property
    def asks(self) -> tuple[tuple[int, Consent, date], ...]:
        """Each posting that asks something, with what and from when it applies."""
        found = ((index, self.timeline.postings[index]) for index in self.places.values())
        return tuple(
            (index, posting.consent, self.timeline.effective_on(posting))
            for index, posting in found
            if posting.consent is not Consent.NONE
        )

    def is_withdrawn(self, index: int) -> bool:
        return self.timeline.withdrawn_by(index) is not None

    def standing(self, agreements: Iterable[Agreement], *, is_over: bool = False) -> AgreementStanding:
        """Where a person stands who said this; a policy that applies no longer asks nothing any more.

        Many people said the same: what was found for one is kept for the next.
        """
        key = frozenset(agreements), is_over
        if key not in self._found:
            if len(self._found) >= MOST_KEPT:
                self._found.clear()
            self._found[key] = self._standing(key[0], is_over=is_over)
        return self._found[key]

    @cached_property
    def _found(self) -> dict[tuple[frozenset[Agreement], bool], AgreementStanding]:
        return {}

    def _standing(self, agreements: Iterable[Agreement], *, is_over: bool) -> AgreementStanding:
        spoken = [(self.places[one.tag], one.is_firm) for one in agreements if one.tag in self.places]
        seen = max((index for index, _ in spoken), default=-1)
        said = max((index for index, is_firm in spoken if is_firm), default=-1)
        asked = [one for one in self.asks if one[0] > (said if one[1] is Consent.ACCEPT else seen)]
        last = None if seen < 0 else seen
        if not asked or is_over:
            return AgreementStanding(self._status(seen, said), Consent.NONE, None, last)
        is_yes = any(consent is Consent.ACCEPT for _, consent, _ in asked)
        return AgreementStanding(
            AgreementStatus.NONE if last is None else AgreementStatus.OUTDATED,
            Consent.ACCEPT if is_yes else Consent.ACKNOWLEDGE,
            min(on for _, _, on in asked),
            last,
            tuple(index for index, _, _ in asked),
        )

    def _status(self, seen: int, said: int) -> AgreementStatus:
        if seen < 0:
            return AgreementStatus.NONE
        base = self._base(seen)
        is_a_yes = said >= base and self.timeline.postings[base].consent is not Consent.ACKNOWLEDGE
        return AgreementStatus.ACCEPTED if is_a_yes else AgreementStatus.ACKNOWLEDGED

    def _base(self, index: int) -> int:
        """The text that a minor posting mends; any other is its own."""
        for at in range(index, 0, -1):
            posting = self.timeline.postings[at]
            if posting.is_adoption or posting.significance is Significance.SIGNIFICANT:
                return at
        return 0
