"""One policy's postings in order, and how far customers were told of each: what they know, what is or comes in force.

The order is that of ancestry, as the repository gives it; never that of dates, which a clock or a time zone may bend.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from notifier.policy.posting import Posting
from notifier.significance import Significance


class Telling(StrEnum):
    """How far customers have been told of a posting."""

    UNRECORDED = "unrecorded"  #: The ledger does not know the posting; git alone says what it was.
    NOT_NEEDED = "not needed"  #: Minor, or adopted without a word; or a later posting's notice tells of it too.
    UNANNOUNCED = "unannounced"  #: Must be told, and no notice does yet.
    WAITING = "waiting"  #: Its notice waits and has reached nobody.
    TOLD = "told"  #: Its notice has begun to go out.
    CANCELLED = "cancelled"  #: Its notice was cancelled before it reached anybody.
    PARTLY = "partly"  #: Its notice was cancelled when it had reached some: the others do not know.


UNTOLD = frozenset({Telling.UNANNOUNCED, Telling.WAITING})


class PostingFacts(NamedTuple):
    """What the ledger knows of one posting. `effective_on` may have moved since it was posted, only ever later."""

    telling: Telling
    effective_on: date


class Period(NamedTuple):
    """The days on which a text is in force; `until` None while no later one has a date."""

    start: date
    until: date | None

    @property
    def is_empty(self) -> bool:
        return self.until is not None and self.until < self.start


@dataclass(frozen=True)
class Timeline:
    """A policy's postings, oldest first, and by tag what the ledger knows of them."""

    postings: tuple[Posting, ...] = ()
    facts: Mapping[str, PostingFacts] = field(default_factory=dict)
    ends: Mapping[str, date] = field(default_factory=dict)
    """By tag, the first day on which a text applies no longer, though no other takes its place on that day."""

    @property
    def last(self) -> Posting | None:
        return self.postings[-1] if self.postings else None

    def telling(self, posting: Posting) -> Telling:
        known = self.facts.get(posting.tag)
        return known.telling if known else Telling.UNRECORDED

    def effective_on(self, posting: Posting) -> date:
        """When it binds, as that stands now."""
        known = self.facts.get(posting.tag)
        return max(posting.effective_on, known.effective_on) if known else posting.effective_on

    # What customers know

    @property
    def last_announced(self) -> Posting | None:
        """The text that customers know: the last one told of, or adopted without a word. None: they know of none."""
        for posting in reversed(self.postings):
            telling = self.telling(posting)
            if telling is Telling.TOLD or (telling is Telling.NOT_NEEDED and posting.is_adoption):
                return posting
            if telling is Telling.UNRECORDED:
                return self._known_by_git(posting)
        first = self.postings[0] if self.postings else None
        return first if first and self.telling(first) is Telling.NOT_NEEDED else None

    def compared_with(self, posting: Posting) -> Posting | None:
        """The text that `posting` was judged against: what customers knew then. None for the first."""
        earlier = self.postings[: self.index(posting)]
        for one in reversed(earlier):
            if one.tag == posting.compared_with or (not posting.compared_with and _tells(one)):
                return one
        return earlier[0] if earlier else None

    def has_told(self, posting: Posting) -> bool:
        """Have customers heard of it, some of them at least, as far as anybody can know?"""
        telling = self.telling(posting)
        return telling in (Telling.TOLD, Telling.PARTLY) or (telling is Telling.UNRECORDED and _tells(posting))

    def is_known(self, posting: Posting) -> bool:
        """Do customers know its text: were they told of it, or is it one of which nobody need be told?"""
        needs_no_telling = self.telling(posting) in (Telling.NOT_NEEDED, Telling.UNRECORDED)
        is_quiet = posting.is_adoption or posting.restores != "" or posting.significance is Significance.MINOR
        return self.has_told(posting) or (needs_no_telling and is_quiet)

    @property
    def unannounced(self) -> Posting | None:
        """The newest posting that customers must be told of, and no notice has begun to tell.

        One that a later posting was judged together with is none: that one tells of both, or took it back.
        """
        for posting in reversed(self.postings):
            if self.telling(posting) in UNTOLD and not self.is_covered(posting):
                return posting
        return None

    @property
    def overtaken(self) -> tuple[Posting, ...]:
        """Postings never told of that need it no longer: a later one tells of them too, or took them back."""
        last = self.unannounced
        return tuple(one for one in self.postings if self.telling(one) in UNTOLD and one is not last)

    @property
    def untold(self) -> Posting | None:
        """The newest posting whose notice was cancelled, where nothing since has told of it or took it back."""
        for posting in reversed(self.postings):
            telling = self.telling(posting)
            if telling in (Telling.CANCELLED, Telling.PARTLY):
                return None if self.is_covered(posting) else posting
            if telling in UNTOLD or telling is Telling.TOLD:
                return None
        return None

    def is_covered(self, posting: Posting) -> bool:
        """Was a later posting judged against what customers knew before this one, and so with this one in it?"""
        index = self.index(posting)
        known = (self.compared_with(later) for later in self.postings[index + 1 :])
        return any(one is not None and self.index(one) < index for one in known)

    def index(self, posting: Posting) -> int:
        """Where it stands among them."""
        return next(at for at, one in enumerate(self.postings) if one.tag == posting.tag)

    def _known_by_git(self, posting: Posting) -> Posting:
        """What customers know where only git can say: a posting that tells by itself, else what it was compared with.

        Nobody can know whether it was told; where the ledger is lost, that is the likelier case.
        """
        if _tells(posting):
            return posting
        return self.compared_with(posting) or posting

    # What is in force

    def in_force(self, day: date) -> int | None:
        """The index of the text in force on `day`: the newest whose day has come. None before the first, and where it
        has ended."""
        last = self.last_bound(day)
        ends_on = None if last is None else self.ends.get(self.postings[last].tag)
        return None if ends_on and ends_on <= day else last

    def last_bound(self, day: date) -> int | None:
        """The newest whose day has come, also where it has ended."""
        binding = [at for at, posting in enumerate(self.postings) if self.effective_on(posting) <= day]
        return binding[-1] if binding else None

    def pending(self, day: date) -> int | None:
        """The index of the next text to come into force after `day`; None where none waits."""
        now = self.last_bound(day)
        later = range(0 if now is None else now + 1, len(self.postings))
        coming = (at for at in later if not self.period(at).is_empty)
        return min(coming, key=lambda at: (self.effective_on(self.postings[at]), -at), default=None)

    def period(self, index: int) -> Period:
        """From which day until which the text at `index` is in force."""
        return self._periods[index]

    @cached_property
    def _periods(self) -> tuple[Period, ...]:
        found: list[Period] = []
        next_one: date | None = None
        for posting in reversed(self.postings):
            start = self.effective_on(posting)
            ends = [one for one in (next_one, self.ends.get(posting.tag)) if one]
            found.append(Period(start, min(ends) - timedelta(days=1) if ends else None))
            next_one = min(start, next_one) if next_one else start
        return tuple(reversed(found))

    def carried_by(self, index: int) -> int | None:
        """The later text that contains the one at `index` and comes into force in its place, on the same day.

        A minor posting on top of a text that waits binds with it, and so does one that goes back to it: what was
        announced still comes.
        """
        posting = self.postings[index]
        base = posting if _tells(posting) else self.compared_with(posting)
        back = [at for at, later in enumerate(self.postings) if at > index and later.restores == posting.tag]
        if back:
            return back[0] if self.effective_on(self.postings[back[0]]) == self.effective_on(posting) else None
        for at in range(index + 1, len(self.postings)):
            later = self.postings[at]
            if _tells(later) or self.compared_with(later) != base:
                return None
            if self.effective_on(later) == self.effective_on(posting):
                return at
        return None

    def withdrawn_by(self, index: int) -> Posting | None:
        """The later posting that took the text at `index` back before it came into force."""
        for later in self.postings[index + 1 :]:
            if later.restores and any(one.tag == later.restores for one in self.postings[:index]):
                return later
        return None

    def comes(self, index: int) -> bool:
        """Was, is or will what was posted at `index` be in force, by itself or within a text that carries it?"""
        if not self.period(index).is_empty:
            return True
        carrier = self.carried_by(index)
        return carrier is not None and self.comes(carrier)

    def set_against(self, posting: Posting) -> Posting | None:
        """The text that a notice of `posting` sets it against: the one in force until then. None where none is: it is
        the first, or comes in place of a first one that never was in force.

        Where that is a minor one, the text that customers knew before it, so that small steps are told together. What
        nobody was told of before `posting` binds with it, and is no text before it.
        """
        at, known = self.index(posting), self.compared_with(posting)
        if known is None:
            return None
        since = self.index(known)
        told = [one for n, one in enumerate(self.postings[:at]) if n <= since or not _tells(one)]
        earlier = replace(self, postings=tuple(told))
        before = earlier.in_force(self.effective_on(posting) - timedelta(days=1))
        if before is None:
            return known if self.effective_on(known) <= posting.posted_on else None
        return told[before] if _tells(told[before]) else earlier.compared_with(told[before]) or told[before]

    def meanwhile(self, posting: Posting, today: date) -> tuple[Posting, ...]:
        """What was announced before `posting`, waits for its day still, and is in force before `posting` is."""
        last = self.effective_on(posting)
        return tuple(one for one in self._to_come(self.index(posting), today) if self.effective_on(one) < last)

    def still_coming(self, posting: Posting, today: date) -> tuple[Posting, ...]:
        """What was announced up to `posting` and waits for its day still, where what came after is taken back."""
        return tuple(self._to_come(self.index(posting) + 1, today))

    def _to_come(self, stop: int, today: date) -> Iterator[Posting]:
        """Of the first `stop` those that were announced and have yet to come. What goes back to one is none."""
        for at, one in enumerate(self.postings[:stop]):
            is_announced = _tells(one) and self.has_told(one) and not one.restores
            if is_announced and today < self.effective_on(one) and self.comes(at):
                yield one

    def taken_back_by(self, posting: Posting) -> tuple[Posting, ...]:
        """What customers were told of, and hear from `posting`, which restores an earlier text, that it does not come;
        where they were told of nothing, the newest that does not.
        """
        start = next(at for at, one in enumerate(self.postings) if one.tag == posting.restores) + 1
        stop = self.index(posting)
        told = [
            one
            for at, one in enumerate(self.postings[start:stop], start)
            if self.has_told(one) and not one.restores and self._is_still_believed(at, posting)
        ]
        return tuple(told or self.postings[start:stop][-1:])

    def _is_still_believed(self, index: int, posting: Posting) -> bool:
        """Has nobody been told yet, before `posting`, that the one at `index` was taken back?"""
        back = self.withdrawn_by(index)
        return back is None or back.tag == posting.tag or not self.has_told(back)

    # A new fact makes a new timeline

    def with_posting(self, posting: Posting, telling: Telling) -> Timeline:
        """The same with one more posting at its end (or what is now known of it, where it stands there)."""
        facts = {**self.facts, posting.tag: PostingFacts(telling, posting.effective_on)}
        present = any(one.tag == posting.tag for one in self.postings)
        return replace(self, postings=self.postings if present else (*self.postings, posting), facts=facts)


def _tells(posting: Posting) -> bool:
    return posting.is_adoption or posting.significance is Significance.SIGNIFICANT
