"""What a message says, in order, before templates put it into words: changes by section, the weightiest first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from notifier.notice.message import Announced, Company, PolicyUpdate, UpdateKind
from notifier.render.message.excerpts import Excerpt, excerpts
from notifier.render.message.quotation import one_line, quote
from notifier.significance import Reason


class Wording(NamedTuple):
    """One change of words; nothing stands before a new sentence, nothing after a removed one."""

    before: Excerpt | None
    after: Excerpt | None


class Point(NamedTuple):
    """What changes in one section. `section` is empty for words above the first heading."""

    section: str
    topics: tuple[str, ...]
    wordings: tuple[Wording, ...]
    line: int = 0
    """Where the first of them is: in the new text, or in the old one where that `is_gone`."""
    is_gone: bool = False

    @property
    def has_topic(self) -> bool:
        """Is anything known of what it is about? "Other terms" below a heading says nothing."""
        return not self.section or any(topic != _OTHER for topic in self.topics)


class UpdateContent(NamedTuple):
    """What the message says about one policy; `more` changes are left to the redline: all but those quoted."""

    title: str
    language: str
    is_fallback: bool
    posted_on: date
    effective_on: date
    summary: str
    topics: tuple[str, ...]
    points: tuple[Point, ...]
    more: int
    redline_url: str
    text_url: str
    is_of_translation: bool = False
    prevails: str = ""
    kind: UpdateKind = UpdateKind.CHANGE
    is_in_force: bool = False
    instead_of: tuple[Announced, ...] = ()
    meanwhile: tuple[Announced, ...] = ()
    asks_agreement: bool = False

    @property
    def is_numbered(self) -> bool:
        """Are its points to be counted? Not where sections have numbers of their own: "1. 2. Prices" is none."""
        return not any(point.section[:1].isdigit() for point in self.points)

    @property
    def is_untranslated(self) -> bool:
        """Does it quote a text that is not in the reader's language? A withdrawal and an end quote none."""
        return (
            self.is_fallback
            and not self.is_of_translation
            and (self.kind not in (UpdateKind.WITHDRAWAL, UpdateKind.END) or bool(self.summary))
        )

    @property
    def is_to_come(self) -> bool:
        """Is there a day to come from which it applies?"""
        return self.kind is not UpdateKind.WITHDRAWAL and not self.is_in_force

    @property
    def is_plain(self) -> bool:
        """Is it a change to come, and nothing else?"""
        return self.kind is UpdateKind.CHANGE and self.is_to_come

    def quotations(self) -> Iterator[str]:
        """Everything that is cited from the policy rather than said by us."""
        yield self.title
        for point in self.points:
            yield point.section
            for wording in point.wordings:
                yield from (str(excerpt) for excerpt in (wording.before, wording.after) if excerpt)


class MessageContent(NamedTuple):
    """All that the templates may say. `wanted` is the language the reader would have had, `language` the message's."""

    language: str
    wanted: str
    company: Company
    updates: tuple[UpdateContent, ...]
    action: str

    @property
    def effective_on(self) -> date:
        """The first day to come on which any of it applies; where none of it is to come, the first on which it does."""
        coming = [update.effective_on for update in self.updates if update.is_to_come]
        return min(coming or [update.effective_on for update in self.updates])

    @property
    def only(self) -> UpdateContent | None:
        """The one update that it tells of; None where there are several."""
        return self.updates[0] if len(self.updates) == 1 else None

    @property
    def is_plain(self) -> bool:
        """Does it tell of nothing but changes to come?"""
        return all(update.is_plain for update in self.updates)

    @property
    def is_to_come(self) -> bool:
        """Is there a day to come before which a reader could do something?"""
        return any(update.is_to_come for update in self.updates)

    @property
    def entries(self) -> tuple[UpdateContent, ...]:
        """The updates, as the templates of older installations call them."""
        return self.updates

    @property
    def has_one_date(self) -> bool:
        """Do the texts that readers have now stay in force until one day, and what comes applies from then?"""
        days = {update.effective_on for update in self.updates}
        return self.is_plain and len(days) == 1 and not any(map(_says_more, self.updates))

    @property
    def untranslated(self) -> tuple[UpdateContent, ...]:
        """The policies quoted in another language than the message's; none where that is said of the whole message."""
        if self.is_fallback:
            return ()
        own = base_of(self.language)
        return tuple(update for update in self.updates if update.is_untranslated and update.language != own)

    @property
    def is_fallback(self) -> bool:
        return base_of(self.wanted) != base_of(self.language)


def _says_more(update: UpdateContent) -> bool:
    """Than from when it applies: what becomes of what was told before, or which text counts."""
    return bool(update.meanwhile or update.instead_of or update.prevails or update.is_of_translation)


def update_content(change: PolicyUpdate, *, most: int, hosts: Collection[str]) -> UpdateContent:
    """What a message says about `change`, quoting at most `most` of its changed sentences."""
    told = _distinct(_with_renamed_headings(change.reasons))
    return UpdateContent(
        title=one_line(change.title),
        language=base_of(change.language),
        is_fallback=change.is_fallback,
        posted_on=change.posted_on,
        effective_on=change.effective_on,
        summary=quote(change.summary or "", hosts),
        topics=_known_topics(_weighty(told)) or _known_topics(_weighty(_distinct(change.judged))),
        points=tuple(_points(told[:most], change.title, hosts)),
        more=max(change.changes, len(told)) - len(told[:most]),
        redline_url=change.redline_url,
        text_url=change.text_url,
        is_of_translation=change.is_of_translation,
        prevails=change.prevails,
        kind=change.kind,
        is_in_force=change.is_in_force,
        instead_of=change.instead_of,
        meanwhile=change.meanwhile,
        asks_agreement=change.asks_agreement,
    )


def _with_renamed_headings(reasons: Sequence[Reason]) -> list[Reason]:
    """A heading that is gone and the only new one beside it are one heading that has other words now, unless something
    else is gone from its section: what stands below it is nothing that was removed."""
    headings = [reason for reason in reasons if not reason.paragraph]
    gone = {reason.section: reason for reason in headings if not reason.after}
    new = {reason.section: reason for reason in headings if not reason.before}
    emptied = {reason.section for reason in reasons if reason.paragraph and not reason.after}
    renamed: dict[tuple[str, ...], tuple[Reason, Reason]] = {}
    for section, one in gone.items():
        others = [other for at, other in new.items() if at[:-1] == section[:-1]]
        is_only = len(others) == 1 == sum(at[:-1] == section[:-1] for at in gone)
        if is_only and section not in emptied and _number_of(one.before) == _number_of(others[0].after):
            renamed |= {section: (one, others[0]), others[0].section: (one, others[0])}
    return [_renamed(reason, renamed) for reason in reasons]


def _number_of(heading: str) -> str:
    return heading.strip("# ").partition(" ")[0] if heading.strip("# ")[:1].isdigit() else ""


def _renamed(reason: Reason, renamed: Mapping[tuple[str, ...], tuple[Reason, Reason]]) -> Reason:
    if reason.paragraph or reason.section not in renamed:
        return reason
    was, now = renamed[reason.section]
    return replace(reason, section=now.section, before=was.before, after=now.after, line=now.line)


def _distinct(reasons: Sequence[Reason]) -> list[list[Reason]]:
    """Reasons by falling weight, those about the same sentence together; minor ones only where there are no others."""
    weighty = [reason for reason in reasons if reason.topic] or list(reasons)
    sentences: dict[tuple[tuple[str, ...], str, str], list[Reason]] = {}
    for reason in sorted(weighty, key=lambda reason: -reason.weight):
        sentences.setdefault((reason.section, reason.before, reason.after), []).append(reason)
    return list(sentences.values())


def _weighty(told: Sequence[Sequence[Reason]]) -> list[list[Reason]]:
    """The reasons that weigh nearly as much as the first: what a change is about, and not what it touches, too."""
    most = max((reason.weight for reasons in told for reason in reasons), default=0.0)
    return [[reason for reason in reasons if reason.weight >= _NEARLY * most] for reasons in told]


_NEARLY = 0.7
_CALL = re.compile(r"\[\^([^\]\s]+)\](?!:)")
_OTHER = "other"
"""No topic that says anything: "the change is about other provisions" is left out."""


def _known_topics(told: Sequence[Sequence[Reason]]) -> tuple[str, ...]:
    topics = dict.fromkeys(reason.topic for reasons in told for reason in reasons)
    return tuple(topic for topic in topics if topic and topic != _OTHER)


def _points(told: Sequence[list[Reason]], title: str, hosts: Collection[str]) -> Iterator[Point]:
    sections: dict[str, list[list[Reason]]] = {}
    shared = _headings_of_several(reasons[0] for reasons in told)
    for reasons in told:
        sections.setdefault(_section(reasons[0], title, shared), []).append(reasons)
    for section, found in sections.items():
        first = found[0][0]
        wordings = tuple(_wording(reasons[0], hosts) for reasons in found)
        yield Point(section, _known_topics(found) or (_OTHER,), wordings, first.line, is_gone=not first.after)


def _section(reason: Reason, title: str, shared: Collection[str]) -> str:
    """The nearest heading, with the one above it where others have the same; the policy's own title says nothing about
    where."""
    heading = one_line(reason.section[-1]) if reason.section else ""
    if heading in shared and _above(reason):
        return f"{one_line(_above(reason))} › {heading}"
    return "" if heading == one_line(title) else heading


def _headings_of_several(reasons: Iterable[Reason]) -> set[str]:
    """Headings such as "Exceptions", which several sections have."""
    above: dict[str, set[str]] = {}
    for reason in reasons:
        if reason.section:
            above.setdefault(one_line(reason.section[-1]), set()).add(_above(reason))
    return {heading for heading, sections in above.items() if len(sections) > 1}


def _above(reason: Reason) -> str:
    """The heading above the nearest one; none where that is the title of the whole text."""
    return reason.section[-2] if len(reason.section) > 2 else ""


def _wording(reason: Reason, hosts: Collection[str]) -> Wording:
    texts = [quote(text, hosts) for text in (reason.before, reason.after)]
    if texts[0] == texts[1]:  # they differ in the footnotes that they call
        texts = [quote(_CALL.sub(r"(\1)", text), hosts) for text in (reason.before, reason.after)]
    before, after = excerpts(*texts)
    return Wording(before if str(before) else None, after if str(after) else None)


def base_of(language: str) -> str:
    """`de` of `de-AT`."""
    return language.replace("_", "-").split("-")[0].lower()
