"""A whole policy of sentences, in two texts: as it was and as it is after some of its blocks were edited."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.edits.sentence import Sentence, read, sentences

Pair = tuple[str, str]
"""Before and after."""

WORDS_WANTED = (480, 760)
"""How long a policy becomes, before its frame."""


@dataclass(frozen=True, slots=True)
class Block:
    """A sentence, list or table where it stands; empty on the side where it does not."""

    sentence: Sentence
    texts: Pair

    @property
    def stands_alone(self) -> bool:
        """No paragraph with its neighbours."""
        return self.sentence.form != "prose" or any("\n" in text for text in self.texts)


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a heading."""

    topic: str
    heading: Pair
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Title, date line, sections and the lines at the end."""

    language: str
    house: str
    title: str
    date: Pair
    intro: str
    sections: tuple[Section, ...]
    order_after: tuple[int, ...]
    """The sections as they stand after the edit."""
    closing: tuple[Pair, ...]
    product: Pair

    def text(self, side: int) -> str:
        """The policy before (0) or after (1), as Markdown."""
        order = self.order_after if side else range(len(self.sections))
        parts = [f"# {self.title}", self.date[side], self.intro]
        parts += [_section(self.sections[at], side) for at in order]
        parts += [pair[side] for pair in self.closing]
        return ("\n\n".join(parts) + "\n").replace(self.product[0], self.product[side])

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(block for section in self.sections for block in section.blocks)

    def with_block(self, changed: Block) -> Policy:
        """The same with one block edited."""
        sections = tuple(
            replace(
                section,
                blocks=tuple(changed if one.sentence is changed.sentence else one for one in section.blocks),
            )
            for section in self.sections
        )
        return replace(self, sections=sections)


def _section(section: Section, side: int) -> str:
    paragraphs: list[str] = []
    is_open = 0
    for block in section.blocks:
        text = block.texts[side]
        if block.stands_alone or not is_open:
            paragraphs.append(text)
        else:
            paragraphs[-1] = f"{paragraphs[-1]} {text}".strip()
        is_open = 0 if block.stands_alone else (is_open + 1) % 3
    return "\n\n".join([f"## {section.heading[side]}", *(text for text in paragraphs if text)])


def policy_around(subject: Sentence, rng: random.Random) -> Policy:
    """A policy of the subject's house (or any) and language in which it stands."""
    frame, houses = read(subject.language)["frame"], read(subject.language)["houses"]
    house = subject.house if subject.house != "any" else rng.choice(sorted(houses))
    names = houses[house]
    by_topic: dict[str, list[Block]] = {topic: [] for topic in frame["headings"]}
    for sentence in _chosen(subject, house, rng):
        by_topic[sentence.topics[0]].append(Block(sentence, (sentence.text, sentence.text)))
    sections = tuple(
        Section(topic, (frame["headings"][topic][0],) * 2, tuple(_prose_first(blocks)))
        for topic, blocks in by_topic.items()
        if blocks
    )
    date = rng.choice(frame["dates"]).split("|")[0]
    intro = frame["intro"].format(**names)
    press = rng.choice(frame["press"]).format(n=111, m=222, **names).split("|")[0]
    copyright_line = frame["copyright"].format(year=2024, **names)
    closing = tuple((line, line) for line in (frame["closing"], press, copyright_line))
    order = tuple(range(len(sections)))
    product = (names["product"],) * 2
    return Policy(subject.language, house, frame["title"], (date, date), intro, sections, order, closing, product)


def _prose_first(blocks: Sequence[Block]) -> list[Block]:
    """No sentence follows a list as if it belonged to it."""
    return sorted(blocks, key=lambda block: block.sentence.form != "prose")


def _chosen(subject: Sentence, house: str, rng: random.Random) -> list[Sentence]:
    """The subject among sentences of its house, as many as a policy has words."""
    pool = [one for one in sentences(subject.language) if one.house in {"any", house} and one is not subject]
    rng.shuffle(pool)
    wanted = rng.randint(*WORDS_WANTED)
    chosen, count = [subject], len(subject.text.split())
    for sentence in pool:
        if count >= wanted:
            break
        chosen.append(sentence)
        count += len(sentence.text.split())
    rng.shuffle(chosen)
    return chosen
