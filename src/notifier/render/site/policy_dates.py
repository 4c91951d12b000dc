"""What a page says of a text's days: when it is, was or will be in force, was taken back, or goes on in another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from notifier.policy.posting import Posting
from notifier.policy.timeline import Period, Timeline
from notifier.policy.translations.left_behind import LeftBehind
from notifier.render.localised import language_name
from notifier.render.site.editions import Edition
from notifier.render.site.translations import Translation


class PolicyDates(NamedTuple):
    """The days of one policy as readers of one language have it."""

    editions: tuple[Edition, ...]
    timeline: Timeline
    """Of these editions."""
    everything: Timeline
    """Of all the policy's postings."""
    translation: Translation
    today: date
    controlling: str
    """The language of the text that counts."""
    behind: LeftBehind | None = None
    """What this translation lacks of the controlling text."""
    retired_on: date | None = None
    ended_by: str = ""
    """The tag of the posting that ends it."""
    led_by: Mapping[str, str] = {}
    """By tag, the language of the text that counted then."""

    def period(self, index: int) -> Period:
        """The days on which the text is in force; a translation that lacks a change of weight stands until that, and
        the last text of a retired policy until it was retired."""
        days, lacks = self.timeline.period(index), self.editions[index].lacks
        if lacks and not days.is_empty:
            return Period(days.start, max(lacks.effective_on - timedelta(days=1), days.start))
        if days.is_empty or index < len(self.editions) - 1:
            return days
        is_lacking = self.behind is not None and self.behind.is_significant
        ends = (self.behind.since.effective_on if self.behind and is_lacking else None, self.retired_on)
        last = min((day for day in ends if day is not None), default=None)
        return days if last is None else Period(days.start, max(last - timedelta(days=1), days.start))

    def day_of(self, posting: Posting) -> str:
        """The day of a posting, with its number where it is not the first of that day."""
        day = self.translation.date(posting.posted_on)
        number = posting.version.partition(".")[2]
        return f"{day} ({number})" if number else day

    def between(self, before: int, after: int) -> str:
        """What the changes from one text to a later one are called where others lie between them."""
        first, last = (self.day_of(self.editions[index].posting) for index in (before, after))
        return self.translation.says("changes_between", before=first, after=last)

    def has_come(self, index: int) -> bool:
        """Was or is the text in force?"""
        days = self.timeline.period(index)
        return not days.is_empty and days.start <= self.today

    def is_to_come(self, index: int) -> bool:
        """Will the text be in force on a day to come, and was never before?"""
        days = self.timeline.period(index)
        return not days.is_empty and days.start > self.today

    def status(self, index: int) -> str:
        """When the text is, was or will be in force; of the posting that ends the policy, until when it applies."""
        if self.editions[index].posting.tag == self.ended_by:
            return self.retirement()
        says, days = self.translation.says, self._as_kept(index)
        start = self.translation.date(days.start)
        if days.is_empty:
            return self._replaced(index)
        if days.start > self.today:
            return says("in_force_from", date=start)
        late = self.editions[index].translates
        if late is not None:
            return self._came_late(late, self.editions[index].posting, days)
        if days.until is not None and days.until < self.today:
            is_behind = self.behind and not self.retired_on and index == len(self.editions) - 1
            if is_behind or self.editions[index].lacks:
                return says("behind_until", start=start, end=self.translation.date(days.until))
            end = self.timeline.ends.get(self.editions[index].posting.tag)
            is_taken_back = end is not None and days.until < end - timedelta(days=1)
            back = f"; {says('end_taken_back', date=self.translation.date(end))}" if end and is_taken_back else ""
            return says("in_force_until", start=start, end=self.translation.date(days.until)) + back
        restored = self._restored(self.editions[index].posting)
        if restored:
            return says("kept", date=self.translation.date(restored.posted_on))
        return says("in_force_since", date=start)

    def _as_kept(self, index: int) -> Period:
        """Its days, with those of a later posting that only said that it stays."""
        days, tag = self.period(index), self.editions[index].posting.tag
        for later in range(index + 1, len(self.editions)):
            kept = self.period(later)
            if self.editions[later].posting.restores == tag and days.until == kept.start - timedelta(days=1):
                return Period(days.start, self._as_kept(later).until)
        return days

    def _came_late(self, translated: Posting, posting: Posting, days: Period) -> str:
        """Of a translation that was posted when what it translates was in force already."""
        says, start = self.translation.says, self.translation.date(translated.effective_on)
        if days.until is not None and days.until < self.today:
            return says("behind_until", start=start, end=self.translation.date(days.until))
        return says("caught_up", start=start, date=self.day_of(posting))

    def _restored(self, posting: Posting) -> Posting | None:
        """The posting whose text stays in force by this one, which took back what was posted since."""
        return next((one for one in self.everything.postings if one.tag == posting.restores), None)

    def _replaced(self, index: int) -> str:
        """Of a text that was never in force by itself: whether what it said comes with a later one."""
        withdrawn = self.everything.withdrawn_by(self.everything.index(self.editions[index].posting))
        if withdrawn is not None:
            return self.translation.says("withdrawn", date=self.translation.date(withdrawn.posted_on))
        carrier = self._carrier(index)
        if carrier is None:
            return self.translation.words["never_in_force"]
        edition = self.editions[carrier]
        start = self.translation.date(edition.posting.effective_on)
        return self.translation.says("carried", start=start, date=self.day_of(edition.posting))

    def _carrier(self, index: int) -> int | None:
        """The later text in which the one at `index` comes into force."""
        carrier = self.timeline.carried_by(index)
        if carrier is None or not self.timeline.comes(carrier):
            return None
        return carrier if not self.timeline.period(carrier).is_empty else self._carrier(carrier)

    def counts(self, index: int, *, is_latest: bool) -> bool:
        """Does the controlling text of today count before this one, or did it then where it is not the `is_latest`?"""
        now = self.everything.in_force(self.today) if is_latest else None
        posting = self.editions[index].posting if now is None else self.everything.postings[now]
        return self.led_by.get(posting.tag, self.controlling) == self.controlling

    def lacking(self) -> str:
        """What a reader of a translation must know of the controlling text, which went on without it."""
        behind = self.behind
        return self.lacks(behind.since, weighs=behind.is_significant) if behind else ""

    def lacks(self, posting: Posting, *, weighs: bool) -> str:
        """That the controlling text was changed by a posting, and that this translation lacks it."""
        says = self.translation.says
        language = language_name(self.controlling, self.translation.language)
        posted, start = (self.translation.date(day) for day in (posting.posted_on, posting.effective_on))
        if self.behind and self.behind.is_gone:
            return says("behind_gone", language=language)
        if not weighs:
            return says("behind_minor", language=language, posted=posted, own=self.day_of(self.editions[-1].posting))
        return says("behind", language=language, posted=posted, start=start)

    def retirement(self) -> str:
        """What a reader of a policy that applies no longer must know; empty for any other."""
        return self.ending(self.retired_on) if self.retired_on else ""

    def ending(self, day: date) -> str:
        """That the policy applies no longer from that day."""
        return self.translation.says("retired" if day <= self.today else "retires", date=self.translation.date(day))

    # how two texts are called beside each other

    def earlier_label(self, before: int, after: int) -> str:
        """What stands before the earlier wording: "before" only where that was in force until the later one."""
        days, later = self.timeline.period(before), self.timeline.period(after)
        is_before = not days.is_empty and days.start < later.start and not later.is_empty
        return self.translation.words["old_text"] if is_before else self._text_of(before)

    def later_label(self, index: int) -> str:
        """What stands before the later wording: "now" only where it is or was in force."""
        if self.has_come(index):
            return self.translation.words["became"]
        if self.is_to_come(index):
            start = self.timeline.period(index).start
            return self.translation.says("from_day", date=self.translation.date(start))
        return self._text_of(index)

    def _text_of(self, index: int) -> str:
        return self.translation.says("this_version", date=self.day_of(self.editions[index].posting))
