"""What a letter says in one language: the sentences of `templates/notice/words/LANGUAGE.toml`, chosen by what it tells.

Which sentence is true is decided here once; a translator sees sentences and no conditions. Everything is plain text:
templates escape it for where it goes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

from notifier.errors import TemplateError
from notifier.notice.message import Announced, UpdateKind
from notifier.render.localised import day_and_month, joined, language_name
from notifier.render.localised import long_date as written_day
from notifier.render.message.content import MessageContent, Point, UpdateContent, base_of
from notifier.render.templates import brought_up, written_at
from notifier.shipped import TEMPLATES, shipped, template_file

_MOST_TITLES = 3
"""Titles that a subject names; of more it names one, and counts the others."""
_MOST_TOPICS, _MOST_OF_A_POINT = 3, 2
_LABELS = frozenset({
    "in_short_label", "agreement_label", "what_changes", "what_you_can_do",
    "before", "added", "removed", "every_change",
})  # fmt: skip
_SAME_TEXT = frozenset({UpdateKind.WITHDRAWAL, UpdateKind.END})
"""Nothing new is to be read: they are about the text that is in force."""
_LONGEST_TITLE = 60
"""Characters of a title beside which a subject has room for two days."""


class LetterWords(NamedTuple):
    """The sentences and topics of one language, as templates ask for them (`say`)."""

    language: str
    sentences: Mapping[str, str]
    topic_words: Mapping[str, str]
    blank: str = " "
    """What stands between a day and its month; in HTML one at which no line breaks."""

    # the whole letter

    def subject(self, message: MessageContent) -> str:
        only = message.only
        is_short = only is not None and len(only.title) <= _LONGEST_TITLE
        if only and is_short and only.is_to_come and only.kind is UpdateKind.CHANGE and only.instead_of:
            told = self._days_told(only)
            return self._with("subject_instead", named=only.title, date=self.long_date(only.effective_on), told=told)
        if message.is_plain or (only and only.kind is UpdateKind.CHANGE and not only.is_in_force):
            return self._with("subject", named=self._shortly(message), date=self.long_date(message.effective_on))
        if only is None:
            return self._with("subject_mixed", named=self._shortly(message))
        day = self._days_told(only) if only.kind is UpdateKind.WITHDRAWAL else self.long_date(only.effective_on)
        return self._with(f"subject_{_kind(only)}", named=only.title, date=day)

    def headline(self, message: MessageContent) -> str:
        only = message.only
        if only and only.kind is UpdateKind.END:
            return self.subject(message)
        if only and only.kind is not UpdateKind.CHANGE:
            return self._with(f"headline_{only.kind.value}{_several(only)}", named=only.title)
        name = "headline" if message.is_plain or only else "headline_mixed"
        return self._with(name, named=self._shortly(message))

    def greeting(self, name: str) -> str:
        return self._with("greeting", name=name)

    def opening(self, message: MessageContent, whole: bool = True) -> str:  # a template's call
        """What the letter is about; `whole`: also from when."""
        named, only = self._named(message), message.only
        if only is not None:
            kind = only.kind.value if only.kind is UpdateKind.NEW else _kind(only)
            first = self._with(f"opening_{kind}", named=named)
            return f"{first} {self.applies_from(only)}" if whole else first
        if not message.is_plain:
            return self._with("opening_mixed", named=named)
        name = "opening_one_date" if message.has_one_date else "opening_dates"
        return self._with(name, named=named, date=self.long_date(message.effective_on))

    def not_in_your_language(self, message: MessageContent) -> str:
        return self._with("not_in_your_language", language=language_name(message.wanted, self.language))

    def quoted_untranslated(self, message: MessageContent) -> str:
        titles = joined([update.title for update in message.untranslated], self.language)
        languages = dict.fromkeys(update.language for update in message.untranslated)
        original = joined([language_name(one, self.language) for one in languages], self.language)
        is_new = all(update.kind is UpdateKind.NEW for update in message.untranslated)
        return self._with("new_untranslated" if is_new else "quoted_untranslated", titles=titles, language=original)

    def default_action(self, message: MessageContent) -> str:
        name = "action_to_come" if message.is_to_come else "action_now"
        sentence = self._with(name, date=self.long_date(message.effective_on))
        contact = message.company.contact
        return self._with("with_contact", sentence=sentence, contact=contact) if contact else f"{sentence}."

    def why(self, message: MessageContent) -> str:  # noqa: ARG002  # what templates call
        return self.sentences["why"]

    def sender(self, message: MessageContent) -> str:
        company = message.company
        named = ", ".join(filter(None, (company.name, company.address)))
        return " · ".join(filter(None, (named, company.contact)))

    # one policy

    def applies_from(self, update: UpdateContent) -> str:
        """From when, what until then, and what becomes of what was announced before."""
        if update.kind is UpdateKind.WITHDRAWAL:
            return " ".join(self._taken_back(update))
        date = self.long_date(update.effective_on)
        if update.kind is UpdateKind.END:
            return self._with("ends_on", date=date)
        told = [self._with(self._applies(update), date=date)]
        if update.prevails:
            told.append(self._with("now_prevails", language=language_name(update.prevails, self.language)))
        if update.kind is UpdateKind.CHANGE and not update.is_in_force:
            told += [self._announced("before_that", one) for one in reversed(update.meanwhile)]
        told += [self._announced("replaces", one) for one in update.instead_of]
        if update.is_of_translation:
            told.append(self._with("in_translation", language=language_name(update.language, self.language)))
        return " ".join(told)

    def in_short(self, update: UpdateContent) -> str:
        if update.summary:
            return self._with("in_short", summary=update.summary)
        return self._with("in_short_topics", topics=self._topics(update.topics, _MOST_TOPICS))

    def in_short_words(self, update: UpdateContent) -> str:
        return update.summary or self._with("about_topics", topics=self._topics(update.topics, _MOST_TOPICS))

    def agreement(self, update: UpdateContent) -> str:
        """That the reader will be asked for a yes, until when, and what is none."""
        name = "agreement_now" if update.is_in_force else "agreement_to_come"
        asked = self._with(name, date=self.long_date(update.effective_on))
        return f"{asked} {self.sentences['agreement_not_silent']}"

    def every_change_link(self, update: UpdateContent) -> str:
        return self._with("every_change_link", title=update.title)

    def full_text(self, update: UpdateContent) -> str:
        return self.sentences[_full_text(update)]

    def full_text_link(self, update: UpdateContent) -> str:
        return self._with(f"{_full_text(update)}_link", title=update.title)

    def after(self, update: UpdateContent) -> str:
        if update.is_in_force:
            return self.sentences["after_now"]
        return self._with("after", day=self._together(day_and_month(update.effective_on, self.language)))

    def more(self, count: int) -> str:
        return self.sentences["more_one"] if count == 1 else self._with("more", count=count)

    # one change

    def heading(self, point: Point) -> str:
        if not point.section:
            return self.about(point)
        return f"{point.section} ({self._of_point(point)})" if point.has_topic else point.section

    def about(self, point: Point) -> str:
        words = self._of_point(point)
        return words[:1].upper() + words[1:]

    # labels

    def __getattr__(self, name: str) -> Callable[[], str]:
        """A sentence that holds no value, as templates call it: `say.before()`."""
        if name not in _LABELS:
            raise AttributeError(name)
        return lambda: self.sentences[name]

    def when_label(self, update: UpdateContent | None = None) -> str:
        """Of what is taken back no day is told from which it applies, but what becomes of it."""
        return self.sentences["what_changes" if update and update.kind is UpdateKind.WITHDRAWAL else "when_label"]

    # what they share

    def _with(self, sentence: str, /, **values: object) -> str:
        return self.sentences[sentence].format(**values)

    def long_date(self, on: date) -> str:
        return self._together(written_day(on, self.language))

    def _together(self, day: str) -> str:
        return day.replace(" ", self.blank, 1)

    def _named(self, message: MessageContent, longest: int | None = None) -> str:
        titles = [update.title for update in message.updates]
        named = joined(titles, self.language)
        if len(titles) > _MOST_TITLES or (longest and len(titles) > 2 and len(named) > longest):
            return self._with("and_others", first=titles[0], count=len(titles) - 1)
        return named

    def _shortly(self, message: MessageContent) -> str:
        """As a subject has room for, with the day behind it."""
        return self._named(message, _LONGEST_TITLE)

    def _applies(self, update: UpdateContent) -> str:
        if update.kind is UpdateKind.NEW:
            return "new_since" if update.is_in_force else "new_from"
        if update.is_in_force:
            return "applies_since"
        return "applies_after_others" if update.meanwhile else "applies_from"

    def _taken_back(self, update: UpdateContent) -> list[str]:
        told = [self._announced("taken_back", one) for one in update.instead_of]
        stays = [self._announced("still_comes", one) for one in update.meanwhile]
        return [*told, *(stays or [self.sentences["stays_in_force"]])]

    def _days_told(self, update: UpdateContent) -> str:
        """When what does not come was announced."""
        first, *others = (self.long_date(one.told_on) for one in update.instead_of)
        return joined([first, *(self._with("another_date", date=one) for one in others)], self.language)

    def _announced(self, name: str, one: Announced) -> str:
        return self._with(name, told=self.long_date(one.told_on), date=self.long_date(one.effective_on))

    def _of_point(self, point: Point) -> str:
        return self._topics(point.topics, _MOST_OF_A_POINT)

    def _topics(self, topics: Sequence[str], most: int) -> str:
        """In the words of the language; one that it does not know is `other`."""
        known = (self.topic_words.get(topic, self.topic_words["other"]) for topic in topics[:most])
        return ", ".join(dict.fromkeys(known))


def _kind(update: UpdateContent) -> str:
    """As the names of sentences end."""
    if update.kind in _SAME_TEXT:
        return f"{update.kind.value}{_several(update)}"
    name = "new" if update.kind is UpdateKind.NEW else "change"
    return f"{name}_in_force" if update.is_in_force else name


def _several(update: UpdateContent) -> str:
    """Also of what ends a name, where more than one change is taken back."""
    return "s" if update.kind is UpdateKind.WITHDRAWAL and len(update.instead_of) > 1 else ""


def _full_text(update: UpdateContent) -> str:
    """Is the text that it leads to in force, or one that comes?"""
    is_in_force = update.kind is UpdateKind.END or (update.kind is UpdateKind.WITHDRAWAL and not update.meanwhile)
    return "full_text_in_force" if is_in_force else "full_text"


def words_folder(templates: Path) -> Path:
    return templates / "notice" / "words"


def letter_words(templates: Path, language: str) -> LetterWords:
    """The words for a language tag (`de-AT` reads German). Raises TemplateError with the line to mend."""
    path, english = (template_file(templates, f"notice/words/{name}.toml") for name in (base_of(language), "en"))
    return _words_in(path, english, language, written_at(path, english))


@lru_cache(maxsize=64)
def _words_in(path: Path, english_path: Path, language: str, at: tuple[int, ...]) -> LetterWords:  # noqa: ARG001  # for the cache
    ours = words_folder(shipped(TEMPLATES))
    shipped_words = _read(ours / path.name) if (ours / path.name).is_file() else {}
    of_today = _read(ours / english_path.name)
    own = _read(english_path)
    words = brought_up(_read(path), own, shipped_words, of_today)
    _check(path, words, brought_up(own, own, of_today, of_today))
    topics = words.pop("topics")
    return LetterWords(language, words, topics)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise TemplateError(f"{path}:1: there is no such file") from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise TemplateError(f"{path}:{line[1] if line else 1}: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path}:1: cannot be read: {error}") from error


def _check(path: Path, words: Mapping[str, Any], english: Mapping[str, Any]) -> None:
    """Every sentence that English has, and in it no value that the English one does not name."""
    missing = sorted(english.keys() - words.keys())
    if missing:
        raise TemplateError(f"{path}:1: not translated: {', '.join(missing)}")
    for name, sentence in words.items():
        if name == "topics":
            continue
        try:
            odd = _values(sentence) - _values(english.get(name, ""))
        except (ValueError, TypeError, AttributeError) as error:
            raise TemplateError(f"{path}:{_line(path, name)}: {name}: {error}") from error
        if odd:
            raise TemplateError(f"{path}:{_line(path, name)}: {name}: has no value {', '.join(sorted(odd))}")


def _values(sentence: str) -> set[str]:
    return {f"{{{field}}}" for _, field, _, _ in Formatter().parse(sentence) if field is not None}


def _line(path: Path, name: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((at for at, line in enumerate(lines, 1) if re.match(rf"{re.escape(name)}\s*=", line)), 1)
