"""The pages of one policy in one language: the text in force, every text ever posted, and what changed each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from notifier.policy.posting import Posting, told_before
from notifier.render.dates import language_name
from notifier.render.site.addresses import Place
from notifier.render.site.desk import Desk, places
from notifier.render.site.redlines import NOTHING_BEFORE, compared
from notifier.render.site.site import Edition, PolicyHistory, editions, in_force, span, waiting
from notifier.render.site.text import NO_ANCHORS, Anchors, draw_policy, next_anchors, plain_text
from notifier.render.site.voice import Voice, direction
from notifier.significance import Significance


@dataclass(frozen=True, slots=True)
class Card:
    """A policy as the list of policies shows it."""

    title: str
    place: Place
    posted_on: str
    status: str
    waiting: dict[str, str] | None


@dataclass(frozen=True)
class PolicyPages:
    """One policy in one language."""

    desk: Desk
    history: PolicyHistory
    language: str

    @cached_property
    def editions(self) -> tuple[Edition, ...]:
        return editions(self.history, self.language)

    @cached_property
    def postings(self) -> tuple[Posting, ...]:
        return tuple(edition.posting for edition in self.editions)

    @cached_property
    def place(self) -> Place:
        return places(self.history)[self.language]

    @cached_property
    def voice(self) -> Voice:
        return self.desk.voice(self.language)

    @cached_property
    def anchors(self) -> tuple[Anchors, ...]:
        """Of each edition, each made from the one before."""
        found: list[Anchors] = []
        for edition in self.editions:
            found.append(next_anchors(found[-1] if found else NO_ANCHORS, edition.text.text))
        return tuple(found)

    @cached_property
    def current(self) -> int:
        """The text in force today; before any is, the first that will be."""
        return in_force(self.postings, self.desk.site.today) or 0

    def files(self) -> Iterator[tuple[str, str]]:
        """Every page with its address: what others link to first, the pages that link to it last."""
        for index, edition in enumerate(self.editions):
            yield self.place.source(edition.version), edition.text.text
            yield self.place.plain(edition.version), plain_text(edition.text.text)
            yield self.place.version(edition.version), self.text_page(index, self.place.version(edition.version))
            told = compared(self, index - 1, index, self.place.change(edition.version)) if index else NOTHING_BEFORE
            yield self.place.change(edition.version), self._redline(index, self.place.change(edition.version), told)
            if index:
                address = self.place.comparison(self.editions[index - 1].version, edition.version)
                yield address, self._redline(index, address, told)
            yield from self._since_told(index)
        yield self.place.changes, self.changes_page()
        yield self.place.folder, self.text_page(self.current, self.place.folder)

    def _since_told(self, index: int) -> Iterator[tuple[str, str]]:
        """The page that a notice links to where minor postings lie between it and what customers were told before."""
        is_told = index > 0 and self.editions[index].posting.significance is Significance.SIGNIFICANT
        told = told_before([edition.posting for edition in self.editions], index) if is_told else index - 1
        if told != index - 1:
            address = self.place.comparison(self.editions[told].version, self.editions[index].version)
            yield address, self.comparison_page(told, index, address)

    # pages

    def text_page(self, index: int, address: str, *, asked_for: date | None = None) -> str:
        """One posted text; `asked_for`, the day a reader wanted to know about."""
        edition = self.editions[index]
        drawn = draw_policy(edition.text.text, self.anchors[index], table_label=self.voice.words["table"])
        drawn = replace(drawn, body=self.desk.relinked(drawn.body, address, edition.text.path))
        same = self._others(lambda place: place.version(edition.version), edition.version)
        if address == self.place.folder:
            same = self._others(lambda place: place.folder)
        return self._page(
            "policy.html.j2",
            address,
            edition,
            title=edition.text.title,
            others=same,
            canonical=address if asked_for is None else self.place.version(edition.version),
            drawn=drawn,
            notes=list(self._notes(index, asked_for)),
            posted_on=self.voice.date(edition.posting.posted_on),
            change_address=self.place.change(edition.version) if index else None,
            earlier=self._neighbour(index - 1),
            later=self._neighbour(index + 1),
            plain_address=self.place.plain(edition.version),
            source_address=self.place.source(edition.version),
        )

    def comparison_page(self, before: int, after: int, address: str) -> str:
        """What changed from any posted text to any other."""
        told = compared(self, before, after, address)
        return self._redline(after, address, told, is_step=after - before == 1)

    def _redline(self, after: int, address: str, told: Mapping[str, Any], *, is_step: bool = True) -> str:
        """`is_step`: from one posting to the next, so that the posting's own significance and summary tell of it."""
        edition = self.editions[after]
        posting = edition.posting
        same = self._others(lambda place: place.change(edition.version), edition.version)
        return self._page(
            "redline.html.j2",
            address,
            edition,
            title=f"{edition.text.title}: {self._named(edition)}" if is_step else self._about(edition),
            others=same if is_step else {self.language: address},
            canonical=self.place.change(edition.version) if is_step else address,
            after=self.linked(after),
            significance=posting.significance.value if is_step and after else "",
            summary=posting.summary if is_step and self.language == self._own_language else "",
            word=posting.word if is_step else "",
            **told,
        )

    def changes_page(self) -> str:
        """The list of all postings, newest first."""
        newest = self.editions[self.current]
        return self._page(
            "changes.html.j2",
            self.place.changes,
            newest,
            title=self._about(newest),
            others=self._others(lambda place: place.changes),
            changes=[self._listed(index) for index in reversed(range(len(self.editions)))],
        )

    def card(self) -> Card:
        edition = self.editions[self.current]
        coming = waiting(self.postings, self.desk.site.today)
        return Card(
            edition.text.title,
            self.place,
            self.voice.date(edition.posting.posted_on),
            self.status(self.current),
            self._coming(coming) if coming is not None and coming != self.current else None,
        )

    def status(self, index: int) -> str:
        """When the text is, was or will be in force."""
        days = span(self.postings, index)
        start = self.voice.date(days.start)
        if days.is_empty:
            return self.voice.words["never_in_force"]
        if days.start > self.desk.site.today:
            return self.voice.says("in_force_from", date=start)
        if days.until is None or days.until >= self.desk.site.today:
            return self.voice.says("in_force_since", date=start)
        return self.voice.says("in_force_until", start=start, end=self.voice.date(days.until))

    # what they share

    @cached_property
    def _own_language(self) -> str:
        return self.history.postings[-1].revision.language

    def _page(self, template: str, address: str, edition: Edition, **said: Any) -> str:
        index = self.editions.index(edition)
        said = {"status": self.status(index), "place": self.place, "home": self.place.prefix, **said}
        return self.desk.page(
            template,
            address,
            language=self.language,
            text_language=self.language,
            direction=direction(self.language),
            **said,
        )

    def _others(self, address_in: Callable[[Place], str], version: str = "") -> dict[str, str]:
        """The same page in every language that has it."""
        return {
            language: address_in(place)
            for language, place in places(self.history).items()
            if not version or any(edition.version == version for edition in editions(self.history, language))
        }

    def _about(self, edition: Edition) -> str:
        return self.voice.says("changes_to", title=edition.text.title)

    def _named(self, edition: Edition) -> str:
        return self.voice.says("changes_title", date=self.day_of(edition))

    def day_of(self, edition: Edition) -> str:
        """The day of a posting, with its number where it is not the first of that day."""
        day = self.voice.date(edition.posting.posted_on)
        number = edition.version.partition(".")[2]
        return f"{day} ({number})" if number else day

    def linked(self, index: int) -> dict[str, str]:
        edition = self.editions[index]
        return {"address": self.place.version(edition.version), "date": self.day_of(edition)}

    def _neighbour(self, index: int) -> dict[str, str] | None:
        return self.linked(index) if 0 <= index < len(self.editions) else None

    def _coming(self, index: int) -> dict[str, str]:
        edition = self.editions[index]
        effective = self.voice.date(edition.posting.effective_on)
        return {"address": self.place.version(edition.version), "effective_on": effective}

    def _notes(self, index: int, asked_for: date | None) -> Iterator[dict[str, Any]]:
        """What a reader must know before reading this text."""
        says, postings, today = self.voice.says, self.postings, self.desk.site.today
        if asked_for is not None:
            yield {"text": says("on_day", date=self.voice.date(asked_for)), "address": None}
        if self.language != self._own_language:
            own = places(self.history)[self._own_language]
            language = language_name(self._own_language, self.voice.language)
            yield {"text": says("is_controlling", language=language), "address": own.folder, "label": language}
        coming = waiting(postings, today)
        is_current = index == self.current and postings[index].effective_on <= today
        if postings[index].effective_on > today:
            yield {"text": says("waits_note", date=self.voice.date(postings[index].effective_on)), **self._to_current()}
        elif not is_current and asked_for is None:
            yield {"text": self.voice.words["older_note"], **self._to_current()}
        elif is_current and coming is not None:
            told = self._coming(coming)
            text = says("newer_waits", date=told["effective_on"])
            yield {"text": text, "address": told["address"], "label": self.voice.words["newer_link"]}

    def _to_current(self) -> dict[str, Any]:
        return {"address": self.place.folder, "label": self.voice.words["current_link"]}

    def _listed(self, index: int) -> dict[str, Any]:
        edition = self.editions[index]
        return {
            "posted_on": self.day_of(edition),
            "change_address": self.place.change(edition.version),
            "text_address": self.place.version(edition.version),
            "significance": edition.posting.significance.value,
            "status": self.status(index),
            "summary": edition.posting.summary if self.language == self._own_language else "",
            "topics": (),
            "is_first": index == 0,
        }
