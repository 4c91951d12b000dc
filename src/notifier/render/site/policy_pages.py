"""The pages of one policy in one language: the text in force, every text ever posted, and what changed each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from notifier.policy.posting import Posting
from notifier.policy.timeline import Timeline
from notifier.policy.translations.left_behind import LeftBehind, left_behind
from notifier.render.plain_text import plain_text
from notifier.render.site.anchors import NO_ANCHORS, Anchors, next_anchors, written_anchors
from notifier.render.site.context import SiteContext, addresses_of
from notifier.render.site.editions import Edition, PolicyHistory, editions, kept_editions
from notifier.render.site.page_addresses import PageAddresses
from notifier.render.site.page_notes import PageNotes
from notifier.render.site.policy_body import draw_policy
from notifier.render.site.policy_dates import PolicyDates
from notifier.render.site.text_changes import NOTHING_BEFORE, compared
from notifier.render.site.translations import Translation, direction
from notifier.significance import Significance
from notifier.text.markdown import parse


@dataclass(frozen=True)
class PolicyPages:
    """One policy in one language."""

    context: SiteContext
    history: PolicyHistory
    language: str

    @cached_property
    def editions(self) -> tuple[Edition, ...]:
        return editions(self.history, self.language)

    @cached_property
    def timeline(self) -> Timeline:
        """Of the postings that readers of this language have."""
        return self.history.timeline_of([edition.posting for edition in self.editions])

    @cached_property
    def _all(self) -> Timeline:
        """Of all the policy's postings."""
        return self.history.timeline

    @cached_property
    def dates(self) -> PolicyDates:
        today, language = self.context.site.today, self._own_language
        return PolicyDates(
            self.editions,
            self.timeline,
            self._all,
            self.translation,
            today,
            language,
            self.behind,
            self.history.retired_on,
            self.history.ended_by,
            self.history.led_by,
        )

    @cached_property
    def notes(self) -> PageNotes:
        controlling = self._in_every_language[self._own_language][0]
        newest = self.history.postings[-1].posting.version
        return PageNotes(self.dates, self.addresses, controlling, newest, self.current)

    @cached_property
    def behind(self) -> LeftBehind | None:
        """What this translation lacks; None for the controlling text."""
        return left_behind(self.history.postings, self.language)

    def withdrawn_by(self, posting: Posting) -> Posting | None:
        """The posting that took this one back before it came into force."""
        return self._all.withdrawn_by(self._all.index(posting))

    @cached_property
    def addresses(self) -> PageAddresses:
        return self._in_every_language[self.language][0]

    @cached_property
    def _in_every_language(self) -> Mapping[str, tuple[PageAddresses, frozenset[str]]]:
        """Where the policy stands in each language, and the versions that readers of it have."""
        return {
            language: (addresses, frozenset(edition.version for edition in editions(self.history, language)))
            for language, addresses in addresses_of(self.history).items()
        }

    @cached_property
    def translation(self) -> Translation:
        return self.context.translation(self.language)

    @cached_property
    def _anchors(self) -> list[Anchors]:
        """Of the editions that were asked for, and of all before them."""
        return []

    def anchors(self, index: int) -> Anchors:
        """Of one edition, made from those of the one before."""
        while len(self._anchors) <= index:
            before = self._anchors[-1] if self._anchors else NO_ANCHORS
            self._anchors.append(next_anchors(before, parse(self.editions[len(self._anchors)].text.text)))
        return self._anchors[index]

    @cached_property
    def current(self) -> int:
        """The text in force today; before any is, the first that will be; after an end, the next."""
        today, timeline = self.context.site.today, self.timeline
        now, next_one = timeline.in_force(today), timeline.pending(today)
        return now if now is not None else (next_one or 0) if timeline.last_bound(today) is not None else 0

    def files(self) -> Iterator[tuple[str, str]]:
        """Every page with its address: what others link to first, the pages that link to it last."""
        for index, edition in enumerate(self.editions):
            yield self.addresses.source(edition.version), edition.text.text
            yield self.addresses.plain(edition.version), plain_text(parse(edition.text.text))
            yield (
                self.addresses.version(edition.version),
                self.text_page(index, self.addresses.version(edition.version)),
            )
            yield from self._steps(index)
            yield from self._since_told(index)
        for version, edition in kept_editions(self.history, self.language):
            address = self.addresses.version(version)
            yield address, self.text_page(self.editions.index(edition), address)
        yield self.addresses.changes, self.changes_page()
        yield self.addresses.folder, self.text_page(self.current, self.addresses.folder)

    def _steps(self, index: int) -> Iterator[tuple[str, str]]:
        """The page of what a posting changed, also at its address as a comparison: links from both are the same."""
        change = self.addresses.change(self.editions[index].version)
        if not index:
            yield change, self._redline(-1, 0, change, NOTHING_BEFORE)
            return
        comparison = self.addresses.comparison(self.editions[index - 1].version, self.editions[index].version)
        html = self.comparison_page(index - 1, index, comparison)
        yield change, html
        yield comparison, html

    def _since_told(self, index: int) -> Iterator[tuple[str, str]]:
        """The pages that a notice may link to where postings lie between it and what it is set against: what customers
        were told before, or, where that never comes, a text that was in force or waited when this was posted.
        """
        posting, told = self.editions[index].posting, self._told_before(index)
        if posting.significance is Significance.MINOR:
            return
        waiting = self.timeline.in_force(posting.posted_on)
        possible = {*range(index if waiting is None else waiting, index), index if told is None else told}
        for before in sorted(one for one in possible if one < index - 1):
            address = self.addresses.comparison(self.editions[before].version, self.editions[index].version)
            yield address, self.comparison_page(before, index, address)

    def _told_before(self, index: int) -> int | None:
        """The edition that a notice of this one sets it against; a minor one has no notice."""
        posting = self.editions[index].posting
        if posting.significance is Significance.MINOR:
            return None
        known = self._all.set_against(posting)
        return next((at for at, edition in enumerate(self.editions) if edition.posting == known), None)

    # pages

    def text_page(self, index: int, address: str, *, asked_for: date | None = None) -> str:
        """One posted text; `asked_for`, the day a reader wanted to know about."""
        edition = self.editions[index]
        document = parse(edition.text.text)
        href = self.context.links(address, edition.text.path, written_anchors(document, self.anchors(index)))
        drawn = draw_policy(document, self.anchors(index), self.translation.labels, href)
        same = self.others(lambda addresses: addresses.version(edition.version), edition.version)
        if address == self.addresses.folder:
            same = self.others(lambda addresses: addresses.folder)
        return self._page(
            "policy.html.j2",
            address,
            index,
            title=edition.text.title,
            others=same,
            canonical=address if address == self.addresses.folder else self.addresses.version(edition.version),
            drawn=drawn,
            notes=list(self.notes.of(index, asked_for)),
            posted_on=self.translation.date(edition.posting.posted_on),
            change_address=self.addresses.change(edition.version) if index else None,
            earlier=self._neighbour(index - 1),
            later=self._neighbour(index + 1),
            permanent=self.context.absolute(self.addresses.version(edition.version)),
            plain_address=self.addresses.plain(edition.version),
            source_address=self.addresses.source(edition.version),
        )

    def comparison_page(self, before: int, after: int, address: str) -> str:
        """What changed from any posted text to any other. A minor posting gives no reasons; what lies between other
        texts may be significant."""
        edition = self.editions[after]
        is_minor_step = edition.significance is Significance.MINOR and after - before == 1
        told = compared(
            self.editions[before],
            edition,
            anchors=self.anchors(after),
            translation=self.translation,
            language=self.language,
            links=lambda written: self.context.links(address, edition.text.path, written),
            has_reasons=not is_minor_step,
        )
        return self._redline(before, after, address, told)

    def _redline(self, before: int, after: int, address: str, told: Mapping[str, Any]) -> str:
        """`before` is -1 for the first posting. Of one step its own significance and summary tell, and of what its
        notice compares."""
        edition = self.editions[after]
        posting = edition.posting
        is_step = after - before == 1
        is_told = is_step or before == self._told_before(after)
        same = self.others(lambda addresses: addresses.change(edition.version), edition.version)
        return self._page(
            "redline.html.j2",
            address,
            after,
            title=f"{edition.text.title}: {self.named(posting) if is_step else self.dates.between(before, after)}",
            others=same if is_step else {self.language: address},
            canonical=self.addresses.change(edition.version) if is_step else address,
            before=self._neighbour(before),
            after=self.linked(after),
            significance=edition.significance.value if is_told and after else "",
            summary=self.summary(posting) if is_told else "",
            word=self.translation.settled(posting.word) if is_step else "",
            was=self.dates.earlier_label(before, after) if before >= 0 else "",
            becomes=self.dates.later_label(after),
            **told,
        )

    def changes_page(self) -> str:
        """The list of all postings, newest first."""
        newest = self.editions[self.current]
        return self._page(
            "changes.html.j2",
            self.addresses.changes,
            self.current,
            title=self._about(newest),
            others=self.others(lambda addresses: addresses.changes),
            changes=[self._listed(index) for index in reversed(range(len(self.editions)))],
        )

    def status(self, index: int) -> str:
        """When the text is, was or will be in force."""
        return self.dates.status(index)

    # what they share

    @cached_property
    def _own_language(self) -> str:
        return self.history.postings[-1].revision.language

    def _page(self, template: str, address: str, index: int, **said: Any) -> str:
        said = {"status": self.status(index), "addresses": self.addresses, "home": self.addresses.prefix, **said}
        return self.context.page(
            template,
            address,
            language=self.language,
            text_language=self.language,
            direction=direction(self.language),
            **said,
        )

    def others(self, address_in: Callable[[PageAddresses], str], version: str = "") -> dict[str, str]:
        """The same page in every language that has it."""
        return {
            language: address_in(addresses)
            for language, (addresses, versions) in self._in_every_language.items()
            if not version or version in versions
        }

    def _about(self, edition: Edition) -> str:
        return self.translation.says("changes_to", title=edition.text.title)

    def named(self, posting: Posting) -> str:
        """What a posting's changes are called."""
        return self.translation.says("changes_title", date=self.dates.day_of(posting))

    def lacks(self, posting: Posting) -> str:
        """That the controlling text was changed by this posting, and this translation lacks it."""
        return self.dates.lacks(posting, weighs=posting.significance is Significance.SIGNIFICANT)

    def linked(self, index: int) -> dict[str, str]:
        edition = self.editions[index]
        return {"address": self.addresses.version(edition.version), "date": self.dates.day_of(edition.posting)}

    def _neighbour(self, index: int) -> dict[str, str] | None:
        return self.linked(index) if 0 <= index < len(self.editions) else None

    def summary(self, posting: Posting) -> str:
        """What changed in plain words of this language; empty where nobody said it."""
        return posting.summary_in(self.language, controlling=self.history.led_by[posting.tag]) or ""

    def _listed(self, index: int) -> dict[str, Any]:
        edition = self.editions[index]
        return {
            "posted_on": self.dates.day_of(edition.posting),
            "change_address": self.addresses.change(edition.version),
            "text_address": self.addresses.version(edition.version),
            "significance": edition.significance.value,
            "status": self.status(index),
            "summary": self.summary(edition.posting),
            "topics": (),
            "is_first": index == 0,
        }
