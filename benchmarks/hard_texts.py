"""Pairs of texts made to break a differ: size, repetition, nesting, order. All made up, all the same at every run."""

from __future__ import annotations

import random
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

_NOUNS = "account address cookie device message partner payment photo profile purchase question record setting"
NOUNS = tuple(_NOUNS.split())
_VERBS = "collect store share use process delete transfer encrypt review publish receive analyse"
VERBS = tuple(_VERBS.split())
ENDS = (
    "for as long as we need it",
    "when you ask us to",
    "with our partners",
    "to improve the service",
    "under the law",
)


class Case(NamedTuple):
    """Two texts; `moves` says whether a move may be found in them, `words` how many changed, where that is known."""

    name: str
    old: str
    new: str
    moves: bool = False
    words: int | None = None


def prose(words: int, seed: int) -> list[str]:
    """Sentences a policy might hold, no two alike."""
    rng = random.Random(seed)
    sentences: list[str] = []
    written = 0
    while written < words:
        middle = " ".join(rng.choice(NOUNS) for _ in range(rng.randrange(2, 7)))
        number = rng.randrange(1, 400)
        sentences.append(f"We {rng.choice(VERBS)} your {middle} {number} {rng.choice(ENDS)}.")
        written += len(sentences[-1].split())
    return sentences


def policy(sections: int, seed: int, words: int = 700) -> list[str]:
    """Sections of prose, each with its heading."""
    return [
        f"## Part {seed}.{number}: {NOUNS[number % len(NOUNS)]}\n\n"
        + "\n\n".join(" ".join(chunk) for chunk in _chunks(prose(words, seed * 1000 + number), 5))
        + "\n\n"
        for number in range(sections)
    ]


def cases() -> Iterator[Case]:
    """Every hard pair."""
    for kind in KINDS.values():
        yield from kind()


def _sections() -> Iterator[Case]:
    sections = policy(28, 1)
    text = "".join(sections)
    yield Case("a whole rewrite, 140 KB", text, "".join(policy(28, 2)), moves=True)
    yield Case("sections reversed", text, "".join(sections[::-1]), moves=True, words=0)
    yield Case("sections shuffled", text, "".join(random.Random(3).sample(sections, len(sections))), True, 0)


def _repetition() -> Iterator[Case]:
    equal = ["Intentionally omitted."] * 10_000
    yield Case(
        "10,000 equal paragraphs, one more",
        "\n\n".join(equal),
        "\n\n".join([*equal[:7_000], "New.", *equal[7_000:]]),
        words=1,
    )
    yield Case("10,000 equal lines, 500 fewer", "\n".join(equal), "\n".join(equal[500:]), words=1_000)
    rng = random.Random(4)
    letters = [[" ".join(rng.choices("abcdefghijklmnop", k=30)) for _ in range(2_000)] for _ in range(2)]
    yield Case("2,000 paragraphs of 16 words", "\n\n".join(letters[0]), "\n\n".join(letters[1]))
    numbers = [" ".join(str(rng.randrange(3_000)) for _ in range(30_000)) for _ in range(2)]
    yield Case("30,000 words in one line, all in another order", numbers[0], numbers[1])


def _tables_and_lists() -> Iterator[Case]:
    for name, cell in (("distinct", "item {0}"), ("alike", "item"), ("like a dozen others", "item {1}")):
        rows = [f"| {cell.format(at, at % 160)} | {at % 7} | text |" for at in range(2_000)]
        old = "\n".join(["| a | b | c |", "|---|---|---|", *rows])
        new = "\n".join(["| a | b | c | d |", "|---|---|---|---|", *(f"{row} extra |" for row in rows)])
        yield Case(f"2,000 {name} rows, a column added", old, new, words=2_001)
    for name, item in (("distinct", "clause {0} says something"), ("equal", "the same words")):
        items = [item.format(at) for at in range(1_500)]
        old, new = (_numbered(listed) for listed in (items, ["something new first", *items]))
        yield Case(f"1,500 {name} items renumbered", old, new, words=3)
    old = _numbered([f"clause {at} says something" for at in range(1_500)])
    yield Case(
        "1,500 bullets instead of numbers",
        old,
        "".join(f"- {line.split(' ', 1)[1]}\n" for line in old.splitlines()),
        words=0,
    )


def _lines() -> Iterator[Case]:
    text = "".join(policy(28, 1))
    words = " ".join(prose(22_000, 5)).split(" ")
    changed = [f"changed{at}" if at % 10 == 0 else word for at, word in enumerate(words)]
    yield Case("one line of 130 KB, every tenth word changed", " ".join(words), " ".join(changed))
    wrapped = "\n\n".join(part if part.startswith("#") else textwrap.fill(part, 80) for part in text.split("\n\n"))
    yield Case("140 KB wrapped at 80 columns", text, wrapped, words=0)
    first = 0x4E00 + random.Random(6).randrange(3_000)
    line = "".join(chr(first + at % 7) for at in range(60_000))
    yield Case("60,000 ideographs in one line, two changed", line, f"{line[:100]}甲{line[101:30_000]}乙{line[30_001:]}")
    lines = [f"line {at} of it" for at in range(100_000)]
    yield Case("100,000 lines, one changed", "\n".join(lines), "\n".join([*lines[:50_000], "other", *lines[50_001:]]))


def _nesting() -> Iterator[Case]:
    yield Case("10,000 quotes deep", ">" * 10_000 + " hello there\n", ">" * 10_000 + " hello you\n", words=2)
    yield Case(
        "100,000 list markers in one line", "- " * 100_000 + "hello there", "- " * 100_000 + "hello you", words=2
    )
    yield Case("20,000 comments", "<!-- a -->\n" * 20_000, "<!-- a -->\n" * 19_999 + "<!-- b -->\n", words=0)
    yield Case("100,000 open brackets in a heading", "# " + "[" * 100_000, "# " + "[" * 100_000 + " new", words=1)
    yield Case("an unclosed fence over 140 KB", "".join(policy(28, 1)), "```\n" + "".join(policy(28, 1)), words=0)
    for name, old, new in (
        ("unclosed links", "[a](", "[b]("),
        ("unclosed tags", "<a ", "<b "),
        ("stray stars", "*a ", "**a "),
        ("unclosed comments", "<!-- ", "<!-- x "),
    ):
        yield Case(f"20,000 {name}", old * 20_000, new * 20_000)


def _numbered(items: list[str]) -> str:
    return "".join(f"{at}. {item}\n" for at, item in enumerate(items, start=1))


def _chunks(sentences: list[str], size: int) -> Iterator[list[str]]:
    for at in range(0, len(sentences), size):
        yield sentences[at : at + size]


KINDS = {
    "sections": _sections,
    "repetition": _repetition,
    "tables and lists": _tables_and_lists,
    "lines": _lines,
    "nesting": _nesting,
}
"""What makes the pairs of each kind: to write them down takes a second, so only who compares them does."""
