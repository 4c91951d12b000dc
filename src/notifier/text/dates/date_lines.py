"""Date lines: where a text says when it was updated, and since when it applies, as people write it.

A line is one only if its words say nothing else: a keyword, words for the document, and a date that ends it. A date
within any other sentence is text. Looked at are the first lines of a text, and the last ones where they are set apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from notifier.text.dates.date_rank import DateLine, DateRank, rank_of
from notifier.text.dates.date_words import ALLOWED, keywords
from notifier.text.dates.first_lines import LinesView, foot_view, head_end, head_view
from notifier.text.dates.placeholders import placeholder_at
from notifier.text.dates.written import (
    HIDDEN,
    UnreadableDate,
    WrittenDate,
    example,
    find_east_asian,
    not_a_date,
    read_date,
)
from notifier.text.source_offsets import line_end

_LONGEST_LINE = 600
"""Of a line, this much is looked at: no date line of the corpus has 200 characters, tags included."""
_LABEL_LENGTH = 60
_WINDOW = 160
"""Before what may be a date, this much is looked at for its keyword."""
_MOST_STEPS = 40
"""Words and marks between a keyword and its date."""


_MAY_BE_DATE = re.compile(r"\d{4}|\d[./-]\d|[\[{_•?]|TB[ADC]|T\.B|TODO|FIXME|XX|DD|MM|(?i:month day|to be )")
_BOUNDARY = re.compile(r"[.;!?]\s|[|(\[（【·•‧∙]|\s[–—-]+\s|[。；]|(?<=\d{4})\s*[/,]\s*")
_MARKS = rf" \t\xa0\u202f:：*_~`\[\](/|,、–—>→#{HIDDEN}-"
_STEP = re.compile(rf"[{_MARKS}]+|(?P<word>[^\W\d_]+(?:['’])?)|(?P<break>\r\n|\n|\r)")
_VERSION = re.compile(rf"[\s:#{HIDDEN}]*v?\.?(?P<number>\d+(?:\.\d+)*)(?=[\s,|{HIDDEN}])", re.I)
_OF_VERSION = re.compile(r"vers|verz|fassung|rev|sürüm|редакц|верс|έκδ|版", re.I)
_COLON = re.compile(r"[:：]")
_ANNOUNCED = re.compile(r"[:：]|\b(?:on|am|le|el|op|as of|den|em|dnia)\b", re.I)
_STRICT = re.compile(
    r"last|latest|zuletzt|letzt|stand|derni|maj\b|[úu]ltim|laatst|ostatni|sen(?:ast|est)|si(?:dst|st)|viime|posledn"
    r"|последн|останн|son |utol|最|最終|최종|آخر|τελευτ",
    re.I,
)
"""Said of a date line by itself: what follows must be a date."""
_TAIL = re.compile(
    rf"[\s*_`~>\"'”’\]}}){HIDDEN}]*(?:\Z|[.;。](?![\w])|[|(\[（)）/·•‧∙]|\s[–—-]+\s|\s?(?:r|г|р|г)\.|\s(?:roku|года|року)\b|,\s*(?:v(?:ersion)?\b|stand\b)"
    r"|,?\s*(?:and|et|und|y|e|en|i)\s+(?:replaces|supersedes|is\s+effective|ersetz\w+|remplace\w*|sustituye|reemplaza"
    r"|vervangt|effective|last|was|gilt|sostituisce|substitui)\b)",
    re.I,
)
_TIME = re.compile(
    rf"[\s,{HIDDEN}]*(?:T|at\b|um\b|à\b|a\s+las\b|kl\.?|om\b|alle\b|-)?[\s{HIDDEN}]*"
    r"(?:[01]?\d|2[0-4])(?::[0-5]\d(?::\d\d)?|[h.][0-5]\d(?=\s*(?:uhr|h\b)))"
    r"(?:\s*(?:[ap]\.?m\.?|uhr|h))?(?:\s*(?:UTC|GMT|[CE]E?S?T|[MP][SD]T|Z|[+-]\d\d:?\d\d))?",
    re.I,
)
_LOOKS_LIKE = re.compile(
    rf"[^\W\d_]{{3,12}}\.?\s+\d{{1,2}}[^\W\d_]{{0,2}}\.?,?\s+\d{{4}}(?!\d)"
    rf"|\d{{1,2}}[^\s{HIDDEN}]{{0,3}}\s+(?:[^\W\d_]{{2}}\s+)?[^\W\d_]{{3,12}}\.?,?\s+(?:[^\W\d_]{{2}}\s+)?\d{{4}}(?!\d)"
    r"|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?!\d)"
)
_WITH_A_YEAR = re.compile(r"[^\r\n.|]{0,40}?(?<!\d)(?:19|20)\d\d(?!\d)")
_REST = re.compile(r"[^\r\n|.]*")
_LIST_MARK = re.compile(rf"[\s*_{HIDDEN}]*[,/|&→]?[\s*_{HIDDEN}]*")
_WORD_START = re.compile(r"(?<!\w)\w")
_NOTHING_ELSE = re.compile(rf"[\s.*_~`#>|:!)\]}}{HIDDEN}-]*")
_SHOWS_MORE = re.compile(r"<(?!/?(?:p|em|strong|b|i|u|a|time|span|small|div|sup|sub|br|h[1-6]|td|tr)\b|!--)", re.I)
"""A tag that may show something of its own, such as a picture."""
_DELIMITER_ROW = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")


def label_of(language: str) -> str:
    return (keywords(language).label or "Last updated: ") + example(language)


def date_lines(text: str, language: str) -> list[DateLine]:
    """Every date line of the body, in order; the same date once, as what says most of it."""
    head = text if "\r" in text else text[: head_end(text)]
    found = list(_in_head(head, language))
    if not any(line.rank is DateRank.UPDATED for line in found):
        found += _in_view(foot_view(text), language)
    best: dict[int, DateLine] = {}
    for line in found:
        known = best.get(line.date.start)
        if known is None or _weight(line) < _weight(known):
            best[line.date.start] = line
    return sorted(best.values(), key=lambda line: line.date.start)


@lru_cache(maxsize=64)
def _in_head(text: str, language: str) -> tuple[DateLine, ...]:
    """Of the first lines, which most edits of a policy leave as they are."""
    return tuple(_in_view(head_view(text), language))


def _weight(line: DateLine) -> float:
    """An effective date says more than `dated`, and less than what was updated or reviewed."""
    unreadable = 0.1 if isinstance(line.date, UnreadableDate) else 0
    return (2.5 if line.rank is DateRank.EFFECTIVE else line.rank) + unreadable


def _in_view(view: LinesView, language: str) -> list[DateLine]:
    found: list[DateLine | None] = []
    pattern = keywords(language).pattern
    for start, end in view.lines:
        last = min(end, start + _LONGEST_LINE)
        before = max(start - 1, 0)
        for low, high in _stretches(view.text[start:last], view.lowered[before:last], start - before, language):
            for key in pattern.finditer(view.lowered, start + low, start + high):
                rank = rank_of(key)
                found.append(_Claim(view, start, end, key, rank, language, start).line() if rank else None)
        if "日" in view.seen[start:end] or "일" in view.seen[start:end]:
            found += _with_keyword_behind(view, start, last, language)
    return [line for line in found if line is not None]


@lru_cache(maxsize=4096)
def _stretches(line: str, lowered: str, at: int, language: str) -> tuple[tuple[int, int], ...]:
    """Where in a line keywords stand: nowhere in most, and most lines of a text are those of the text before.

    `lowered[at:]` is the line in lower case, without its markup; what stands before it says whether a word begins.
    """
    pattern = keywords(language).pattern
    return tuple((low, high) for low, high in _places(line) if pattern.search(lowered, low + at, high + at))


def _places(line: str) -> Iterator[tuple[int, int]]:
    """Where in a line keywords are looked for: in a mere label everywhere, else before what may be a date."""
    start, end = 0, len(line)
    if end <= _LABEL_LENGTH or _COLON.search(line, 0, min(end, _LABEL_LENGTH)):
        yield 0, min(end, _WINDOW)
        start = min(end, _WINDOW)
    at = start
    for found in _MAY_BE_DATE.finditer(line, start, end):
        if found.start() > at:
            yield max(at, found.start() - _WINDOW), found.start()
            at = found.start()


class _Claim(NamedTuple):
    """A keyword in the line from `start` to `end`, and what it says of a date."""

    view: LinesView
    start: int
    end: int
    key: re.Match[str]
    rank: DateRank
    language: str
    first: int
    """Where the line began in which one claim asks the next: what is too far behind it is not looked at."""

    def line(self) -> DateLine | None:
        """The date line that the keyword makes; None where other words stand beside it."""
        seen, at = self.view.seen, self._value_start()
        before = seen[self.start : self.key.start()]
        if not _says_nothing(_BOUNDARY.split(before)[-1]) and not self._follows_another(before):
            return self._doubtful(at)
        blank = placeholder_at(self.view.text, self.key.end(), self.language)
        if blank is not None:
            return self._made(blank)
        date = read_date(seen, at, self.language)
        if isinstance(date, WrittenDate):
            return self._dated(date)
        return self._unreadable(at) if date is None else self._made(date)

    @property
    def _is_strict(self) -> bool:
        return self.rank is DateRank.UPDATED and _STRICT.search(self.key[0]) is not None

    @property
    def _is_led(self) -> bool:
        """Whether words stand before the keyword on its line."""
        return re.search(r"[^\W_]", self.view.seen[self.start : self.key.start()]) is not None

    def _value_start(self) -> int:
        """Where the value of the keyword begins: behind marks and small words, two line ends on, or in a cell below."""
        seen, at = self.view.seen, self._cell_below()
        if at is not None:
            return at
        at = self._behind_version()
        breaks, has_words = 0, False
        for _ in range(_MOST_STEPS):
            step = _STEP.match(seen, at)
            if step is None or (seen[at].isalnum() and read_date(seen, at, self.language) is not None):
                break
            if step["word"]:
                other = keywords(self.language).pattern.match(self.view.lowered, at)
                if breaks or (other is None and step["word"].lower() not in ALLOWED):
                    break
                at, has_words = (other or step).end(), True
                continue
            breaks += step["break"] is not None
            if breaks > 2 or (step["break"] and has_words):
                break
            at = step.end()
        return at

    def _behind_version(self) -> int:
        """Behind a version's number: `Version 3.2 | 1 May 2014`."""
        at = self.key.end()
        version = _VERSION.match(self.view.seen, at) if _OF_VERSION.match(self.key[0]) else None
        is_number = version and read_date(self.view.seen, version.start("number"), self.language) is None
        return version.end() if version and is_number else at

    def _cell_below(self) -> int | None:
        """In a table of a head row and one more: the cell below a head cell."""
        seen = self.view.seen
        rows = [seen[low:high].rstrip("\r\n") for low, high in self.view.lines if low >= self.start][:4]
        if len(rows) < 3 or "|" not in rows[0] or not _DELIMITER_ROW.fullmatch(rows[1]) or "|" in "".join(rows[3:]):
            return None
        cell, end = next((low, high) for low, high in self.view.lines if seen[low:high].startswith(rows[2]))
        for _ in range(seen.count("|", self.start, self.key.start())):
            cell = seen.find("|", cell, end) + 1
            if cell == 0:
                return None
        marks = re.compile(r"[ \t*_`]*").match(seen, cell)
        return marks.end() if marks else None

    def _dated(self, date: WrittenDate) -> DateLine | None:
        """A line with a readable date, if nothing but an end follows; a time of day would be left untrue."""
        seen, end = self.view.seen, line_end(self.view.seen, date.end)
        time = _TIME.match(seen, date.end, end)
        if time and _TAIL.match(seen[time.end() : end]):
            said = seen[date.start : time.end()].replace(HIDDEN, "").strip()
            complaint = f'the date line says a time of day, "{said}", which would be untrue of another day'
            mend = f'write the day alone, as in "{example(self.language)}"'
            return self._made(UnreadableDate(date.start, time.end(), complaint, mend))
        is_last = _TAIL.match(seen[date.end : end]) or self._goes_on(date.end, end)
        return self._made(date)._replace(is_both=self._is_both(date.start)) if is_last else self._doubtful(date.start)

    def _is_both(self, at: int) -> bool:
        """Whether the one date is said to be of the update and of the effect."""
        if re.search(r"[|\r\n]", self.view.seen[self.key.end() : at]):
            return False
        others = keywords(self.language).pattern.finditer(self.view.lowered, self.key.end(), at)
        return {DateRank.UPDATED, DateRank.EFFECTIVE} <= {self.rank, *map(rank_of, others)}

    def _follows_another(self, before: str) -> bool:
        """Whether a date line ends right before the keyword: `Effective 1 May 2014  Updated 3 May 2014`."""
        for key in keywords(self.language).pattern.finditer(before.lower()):
            for word in _WORD_START.finditer(before, key.end()) if rank_of(key) else ():
                date = read_date(before, word.start(), self.language)
                if isinstance(date, WrittenDate):
                    if _says_nothing(before[key.end() : date.start]) and _says_nothing(before[date.end :]):
                        return True
                    break
        return False

    def _goes_on(self, at: int, end: int) -> bool:
        """Whether another date line follows on the same one: `Stand 1.5.2014, gültig ab 1.6.2014`."""
        mark = _LIST_MARK.match(self.view.seen, at, end)
        key = keywords(self.language).pattern.match(self.view.lowered, mark.end(), end) if mark else None
        rank = rank_of(key) if key else None
        if mark is None or key is None or rank is None or key.start() - self.first > _LONGEST_LINE:
            return False
        line = _Claim(self.view, mark.end(), self.end, key, rank, self.language, self.first).line()
        return line is not None and isinstance(line.date, WrittenDate)

    def _unreadable(self, at: int) -> DateLine | None:
        """What stands where a date was announced, and is none."""
        if self._is_led and self.rank is DateRank.DATED:
            return None
        seen = self.view.seen
        between = seen[self.key.end() : at]
        is_announced = not self._is_led and not re.search(r"[\r\n]", between)
        odd = _LOOKS_LIKE.match(seen, at)
        if odd is None and is_announced and _ANNOUNCED.search(between):
            odd = _WITH_A_YEAR.match(seen, at)
        if odd is None and is_announced and self._is_strict and _COLON.search(between):
            odd = _REST.match(seen, at, self.end)
        if odd is not None and odd[0].replace(HIDDEN, "").strip():
            return self._made(not_a_date(odd[0].rstrip(" *_"), at, self.language))
        return self._missing(at, between) if self._is_strict and not self._is_led else None

    def _missing(self, at: int, between: str) -> DateLine | None:
        """A line that is plainly meant to say when the text was updated, and does not."""
        text, start = self.view.text, self.key.start()
        apart = _WITH_A_YEAR.match(self.view.seen, at, self.end)
        if apart is not None:
            complaint = f'"{text[start : apart.end()]}" is not understood'
            mend = f'write the date right behind it, as in "{label_of(self.language)}"'
            return DateLine(DateRank.UNCLEAR, UnreadableDate(start, apart.end(), complaint, mend))
        if not _COLON.search(between):
            return None
        complaint = f'no date follows "{text[start : self.key.end()]}:"'
        return self._made(UnreadableDate(at, at, complaint, f'write one, as in "{example(self.language)}"'))

    def _doubtful(self, at: int) -> DateLine | None:
        """A date in a sentence is text; one "last updated" may be meant as the posted date: that is asked."""
        is_label = self.rank is DateRank.UPDATED and not self._is_led
        is_label = is_label and _COLON.match(self.view.seen, self.key.end()) is not None
        date = read_date(self.view.seen, at, self.language) if self.rank is DateRank.UPDATED else None
        if not isinstance(date, WrittenDate) or not (self._is_strict or is_label or self._is_apart(date)):
            return None
        if is_label:
            said = self.view.text[self.start : line_end(self.view.seen, date.end)].strip(" *_#>")[:80]
            complaint = f'the date line "{said}" says more than a date, which would be untrue of another day'
            mend = f'write the day alone, as in "{label_of(self.language)}"'
            return self._made(UnreadableDate(date.start, date.end, complaint, mend))
        complaint = f'"{self.view.text[date.start : date.end]}" stands in a sentence; is it the posted date?'
        mend = f'write the posted date on a line of its own, as in "{label_of(self.language)}"'
        return DateLine(DateRank.UNCLEAR, UnreadableDate(date.start, date.end, complaint, mend))

    def _is_apart(self, date: WrittenDate) -> bool:
        """Whether the line is a few words, a mark, and then this claim: `Innsbruck, updated 3 May 2014`."""
        seen, end = self.view.seen, line_end(self.view.seen, date.end)
        is_short = end - self.start <= _LABEL_LENGTH and not seen[date.end : end].strip()
        return is_short and seen[self.start : self.key.start()].rstrip().endswith((",", ";", ":"))

    def _made(self, date: WrittenDate | UnreadableDate) -> DateLine:
        """The date line, with its whole line where nothing else stands on it."""
        end = line_end(self.view.seen, max(date.end, self.key.end()))
        shows_more = _SHOWS_MORE.search(self.view.text, self.start, end)
        is_alone = not (self._is_led or shows_more) and _NOTHING_ELSE.fullmatch(self.view.seen[date.end : end])
        return DateLine(self.rank, date, (self.start, end) if is_alone else None)


def _says_nothing(words: str) -> bool:
    """Whether nothing but words for the document stands there."""
    plain = _VERSION.sub(" ", words + " ")
    return all(word.lower() in ALLOWED for word in re.findall(r"[^\W_]+", plain))


_LONGEST_SUBJECT = 12
"""Characters before a date whose keyword follows it: `本隐私政策于`."""
_PARTICLE = re.compile(r"\s?(?:に|をもって|より|起|부터|자로|에)?\s?")


def _with_keyword_behind(view: LinesView, start: int, end: int, language: str) -> Iterator[DateLine]:
    """`2020年5月1日更新`, after a few words for the document."""
    for date in find_east_asian(view.seen, start, end):
        particle = _PARTICLE.match(view.seen, date.end)
        key = keywords(language).pattern.match(view.lowered, particle.end() if particle else date.end)
        left = _BOUNDARY.split(view.seen[start : date.start])[-1].strip(f"#*> {HIDDEN}")
        rank = rank_of(key) if key else None
        if rank is not None and len(left) <= _LONGEST_SUBJECT and not _COLON.search(left):
            yield DateLine(rank, date)
