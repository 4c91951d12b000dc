"""Sentences with slots, read from `sentences/<language>.toml`.

A slot is written `{kind:what stands there|another text}`; it may have several other texts, or none where an operator
finds them by itself. `{list:…; …|…}` and `{orlist:…; …|…}` are enumerations, whose other texts are further members.
Slots of a kind that begins with `x` are exchanged with each other. A text may close with ` @topic`, a further topic a
reader may name first, and with ` => …`, a summary that says the same. In tables `¦` parts the cells, and the first
line is the head.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "sentences"
LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))
SLOT = re.compile(r"\{([a-z]+):([^{}]*)\}")
TAGS = re.compile(r"(?: @([a-z_]+))(?= @|$)")
AND = {"en": "and", "de": "und", "fr": "et", "es": "y"}
OR = {"en": "or", "de": "oder", "fr": "ou", "es": "o"}


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a sentence that an operator may edit: what stands there, and other texts."""

    kind: str
    options: tuple[str, ...]

    @property
    def members(self) -> tuple[str, ...]:
        """Of an enumeration."""
        return tuple(self.options[0].split("; "))


@dataclass(frozen=True, eq=False)
class Sentence:
    """One sentence, list or table of a policy, with its slots."""

    sentence_id: str
    language: str
    house: str
    topics: tuple[str, ...]
    """What a reader may say it is about, the likeliest first."""
    form: str
    parts: tuple[str | Slot, ...]
    summary: str = ""
    """The same said in short, where the sentence has such a twin."""

    @cached_property
    def text(self) -> str:
        return self.render({})

    def render(self, changes: Mapping[int, str]) -> str:
        """The text as Markdown, with other words in the slots at these indexes."""
        words = [changes.get(at, self.said(part)) for at, part in enumerate(self.parts)]
        text = "".join(words).strip("\n")
        if self.form != "code":
            text = re.sub(r" {2,}", " ", re.sub(r" +(?=[.,]|$)", "", text, flags=re.M))
        return as_table(text) if self.form == "table" else text

    def said(self, part: str | Slot) -> str:
        """What stands at a part."""
        if isinstance(part, str):
            return part
        return self.enumerated(part, part.members) if part.kind in {"list", "orlist"} else part.options[0]

    def enumerated(self, slot: Slot, members: tuple[str, ...]) -> str:
        """Members as one enumeration."""
        return enumeration(members, self.language, OR if slot.kind == "orlist" else AND)

    def slots(self, *kinds: str) -> Iterator[tuple[int, Slot]]:
        """The slots of some kinds, each with its index."""
        for at, part in enumerate(self.parts):
            if isinstance(part, Slot) and part.kind in kinds:
                yield at, part


def enumeration(members: tuple[str, ...], language: str, word: Mapping[str, str]) -> str:
    """`a, b and c`."""
    if len(members) == 1:
        return members[0]
    return f"{', '.join(members[:-1])} {word[language]} {members[-1]}"


def as_table(text: str) -> str:
    """Lines of cells → a table."""
    head, *rows = ([cell.strip() for cell in line.split("¦")] for line in text.splitlines() if line.strip())
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


@cache
def sentences(language: str) -> tuple[Sentence, ...]:
    """All sentences of a language, in the file's order."""
    tables = read(language)
    return tuple(
        sentence_of(f"{language}.{house}.{topic}.{form}.{number}", text)
        for house, topics in tables.items()
        if house not in {"frame", "houses"}
        for topic, forms in topics.items()
        for form, texts in forms.items()
        for number, text in enumerate(texts, 1)
    )


@cache
def read(language: str) -> dict[str, Any]:
    """A language's file."""
    return tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))


def sentence_of(sentence_id: str, source: str) -> Sentence:
    """One text of the file, read."""
    language, house, topic, form, _ = sentence_id.split(".")
    text, _, summary = source.strip("\n").partition(" => ")
    topics = (topic, *TAGS.findall(text))
    return Sentence(sentence_id, language, house, topics, form, _parts(TAGS.sub("", text)), summary)


def _parts(text: str) -> tuple[str | Slot, ...]:
    pieces: list[str | Slot] = []
    end = 0
    for found in SLOT.finditer(text):
        pieces += [text[end : found.start()], Slot(found[1], tuple(found[2].split("|")))]
        end = found.end()
    return tuple(part for part in (*pieces, text[end:]) if part != "")
