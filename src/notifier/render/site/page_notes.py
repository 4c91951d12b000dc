"""What stands above a text: that another one is in force, waits, or went on without it; that it was retired."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from notifier.render.localised import language_name
from notifier.render.site.page_addresses import PageAddresses
from notifier.render.site.policy_dates import PolicyDates


class PageNotes(NamedTuple):
    """The notes of one policy's pages in one language."""

    dates: PolicyDates
    addresses: PageAddresses
    controlling: PageAddresses
    """Of the text that counts."""
    newest: str
    """The policy's newest version."""
    current: int

    def of(self, index: int, asked_for: date | None) -> Iterator[dict[str, Any]]:
        """What a reader must know before reading this text; `asked_for`, the day that they wanted to know about."""
        says, today = self.dates.translation.says, self.dates.today
        if self.dates.retired_on is not None:
            label = self.dates.translation.words["version_list"]
            yield {"text": self.dates.retirement(), "address": self.addresses.changes, "label": label}
        lacks = self.dates.editions[index].lacks
        if asked_for is not None and lacks and lacks.effective_on <= asked_for:
            address, label = self.controlling.version(lacks.version), self.dates.translation.words["newer_link"]
            yield {"text": self.dates.lacks(lacks, weighs=True), "address": address, "label": label}
        elif asked_for is not None:
            asked = self.dates.translation.date(asked_for)
            yield {"text": says("on_day" if asked_for <= today else "on_day_to_come", date=asked), "address": None}
        if self.addresses != self.controlling:
            yield from self._of_translation(index)
        yield from self._of_time(index, asked_for)

    def coming(self, index: int) -> dict[str, str]:
        """A text that waits for its day, and which day."""
        edition = self.dates.editions[index]
        effective = self.dates.translation.date(edition.posting.effective_on)
        return {"address": self.addresses.version(edition.version), "effective_on": effective}

    def _of_translation(self, index: int) -> Iterator[dict[str, Any]]:
        translation = self.dates.translation
        language = language_name(self.dates.controlling, translation.language)
        text = translation.says("is_controlling", language=language)
        if self.dates.counts(index, is_latest=index in (self.current, len(self.dates.editions) - 1)):
            yield {"text": text, "address": self.controlling.folder, "label": language[:1].upper() + language[1:]}
        if self.dates.behind and index in (self.current, len(self.dates.editions) - 1):
            newest, label = self.controlling.version(self.newest), translation.words["newer_link"]
            yield {"text": self.dates.lacking(), "address": newest, "label": label}

    def _of_time(self, index: int, asked_for: date | None) -> Iterator[dict[str, Any]]:
        translation, editions = self.dates.translation, self.dates.editions
        coming = self.dates.timeline.pending(self.dates.today)
        is_current = index == self.current and self.dates.has_come(index)
        if self.dates.is_to_come(index):
            start = translation.date(editions[index].posting.effective_on)
            change = self.addresses.change(editions[index].version) if index else None
            yield {"text": translation.says("waits_note", date=start), **self._to_current(), "change_address": change}
        elif not is_current and asked_for is None:
            yield {"text": self._earlier(index), **self._to_current()}
        elif is_current and coming is not None:
            told = self.coming(coming)
            text = translation.says("newer_waits", date=told["effective_on"])
            change = self.addresses.change(editions[coming].version) if coming else None
            label = translation.words["newer_link"]
            yield {"text": text, "address": told["address"], "label": label, "change_address": change}
            yield from self._after(coming)

    def _earlier(self, index: int) -> str:
        """That a text is no longer in force, or never was."""
        if not self.dates.period(index).is_empty:
            return self.dates.translation.words["older_note"]
        never = self.dates.status(index)
        return f"{never[:1].upper()}{never[1:]}."

    def _after(self, coming: int) -> Iterator[dict[str, Any]]:
        """Each further text that waits behind the next one, with its day."""
        for index in range(len(self.dates.editions)):
            if index == coming or not self.dates.is_to_come(index):
                continue
            told, change = self.coming(index), self.addresses.change(self.dates.editions[index].version)
            text = self.dates.translation.says("newer_soon", date=told["effective_on"])
            label = self.dates.translation.words["newer_link"]
            yield {"text": text, "address": told["address"], "label": label, "change_address": change}

    def _to_current(self) -> dict[str, Any]:
        """The way to the text in force, where there is one."""
        is_retired = self.dates.retired_on is not None and self.dates.retired_on <= self.dates.today
        if is_retired or not self.dates.has_come(self.current):
            return {"address": None}
        return {"address": self.addresses.folder, "label": self.dates.translation.words["current_link"]}
