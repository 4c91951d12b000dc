"""What pages say beside the policies: the words of each language, kept with the templates, and its dates."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from notifier.errors import TemplateError
from notifier.render.labels import Labels
from notifier.render.localised import long_date
from notifier.render.templates import brought_up, written_at
from notifier.shipped import TEMPLATES, shipped, template_file
from notifier.text.document import AlertKind

_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True)
class Translation:
    """One language of the pages: its words, and how it writes a date."""

    words: Mapping[str, str]
    topics: Mapping[str, str]
    """What to call what a change is about."""

    @property
    def language(self) -> str:
        return self.words["language"]

    def date(self, on: date) -> str:
        return long_date(on, self.language)

    def says(self, name: str, **values: object) -> str:
        return self.words[name].format(**values)

    def settled(self, word: str) -> str:
        """Who decided what, as a posting's tag says it: names without addresses, for all may read it."""
        told = _TOLD_WORD.match(_ADDRESS.sub("", word))
        if told is None:
            return _ADDRESS.sub("", word)
        who = told["who"].replace(", approved by ", ", ")
        return f"{self.words[told['says']]} ({who}){told['because']}"

    @cached_property
    def labels(self) -> Labels:
        """The words among a policy's own; English where an installation's older templates have none."""
        w = self.words
        english = Labels()
        names = (name for name in Labels._fields if name != "alerts")
        alerts = {kind: w.get(f"alert_{kind.name.lower()}", kind.value) for kind in AlertKind}
        return Labels(**{name: w.get(name, getattr(english, name)) for name in names}, alerts=alerts)


_TOLD_WORD = re.compile(r"(?P<says>minor|significant) by (?P<who>[^:]+)(?P<because>.*)", re.DOTALL)
_ADDRESS = re.compile(r" ?<[^<>]*>")


def translation_for(templates: Path, language: str) -> Translation:
    """The translation for a language tag (`de-AT` reads German), English where there is none. Raises TemplateError."""
    base, english = language.lower().partition("-")[0], template_file(templates, "pages/words/en.toml")
    path = template_file(templates, f"pages/words/{base}.toml")
    path = path if base.isalpha() and path.is_file() else english
    return _words_in(path, english, written_at(path, english))


@lru_cache(maxsize=64)
def _words_in(path: Path, english: Path, at: tuple[int, ...]) -> Translation:  # noqa: ARG001  # for the cache
    ours = shipped(TEMPLATES) / "pages" / "words"
    shipped_words = _read(ours / path.name) if (ours / path.name).is_file() else {}
    words = brought_up(_read(path), _read(english), shipped_words, _read(ours / english.name))
    missing = sorted(_read(english).keys() - words.keys())
    if missing:
        raise TemplateError(f"{path}:1: not translated: {', '.join(missing)}")
    topics = words.pop("topics")
    return Translation({**{key: str(value) for key, value in words.items()}, "language": path.stem}, topics)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TemplateError(f"{path}:1: cannot be read: {error}") from error


def direction(language: str) -> str:
    """`rtl` for languages written from right to left."""
    return "rtl" if language.lower().partition("-")[0] in _RIGHT_TO_LEFT else "ltr"
