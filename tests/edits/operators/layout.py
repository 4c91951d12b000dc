"""Lines, bullets, tables, enumerations: the same members in another dress."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from tests.edits.operator import Operator, harmless
from tests.edits.sentence import Sentence, Slot


def rewrapped(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """Lines break at another width."""
    if sentence.form in {"prose", "definition"} and len(sentence.text) > 90 and "\n" not in sentence.text:
        wrapped = textwrap.fill(sentence.text, 72, break_long_words=False, break_on_hyphens=False)
        yield from ((sentence.text, wrapped), (wrapped, sentence.text))


def members_reordered(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """The members of one enumeration in another order."""
    for at, slot in sentence.slots("list", "orlist"):
        first, *rest = slot.members
        yield sentence.text, sentence.render({at: sentence.enumerated(slot, (*rest, first))})


def serial_comma(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """a, b and c → a, b, and c."""
    for at, slot in sentence.slots("list", "orlist"):
        if sentence.language == "en" and len(slot.members) > 2:
            *head, last = slot.members
            word = "and" if slot.kind == "list" else "or"
            new = sentence.render({at: f"{', '.join(head)}, {word} {last}"})
            yield from ((sentence.text, new), (new, sentence.text))


def bulleted(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """An enumeration that ends a sentence becomes a list, and back."""
    if sentence.form != "prose" or len(sentence.parts) < 3 or sentence.parts[-1] != ".":
        return
    last = sentence.parts[-2]
    if isinstance(last, Slot) and last.kind == "list":
        items = "\n".join(f"- {member}" for member in last.members)
        head = sentence.render({len(sentence.parts) - 2: "", len(sentence.parts) - 1: ""}).rstrip().rstrip(":")
        new = f"{head}{colon(sentence.language)}\n\n{items}"
        yield from ((sentence.text, new), (new, sentence.text))


def colon(language: str) -> str:
    """French sets it apart."""
    return " :" if language == "fr" else ":"


def bullets_restyled(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """- → *."""
    if re.search(r"^- ", sentence.text, re.M) and sentence.form in {"list", "heading"}:
        stars = re.sub(r"^- ", "* ", sentence.text, flags=re.M)
        yield from ((sentence.text, stars), (stars, sentence.text))


def bullets_numbered(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """- → 1., 2., 3."""
    runs = re.findall(r"^- ", sentence.text, re.M)
    if sentence.form != "list" or len(runs) < 2 or "- [" in sentence.text or re.search(r"\n\n(?!- )", sentence.text):
        return
    numbers = iter(range(1, len(runs) + 1))
    numbered = re.sub(r"^- ", lambda _: f"{next(numbers)}. ", sentence.text, flags=re.M)
    yield from ((sentence.text, numbered), (numbered, sentence.text))


def items_reordered(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """The first item of a list of one kind comes last."""
    lines = sentence.text.split("\n")
    items = [at for at, line in enumerate(lines) if line.startswith("- ")]
    is_one_list = items and items[-1] - items[0] == len(items) - 1 and items[-1] == len(lines) - 1
    if sentence.form == "list" and is_one_list and len(items) > 2:
        yield sentence.text, "\n".join([*lines[: items[0]], *lines[items[0] + 1 :], lines[items[0]]])


def rows_reordered(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """The first row comes last."""
    lines = sentence.text.split("\n")
    if sentence.form == "table" and len(lines) > 4:
        yield sentence.text, "\n".join([*lines[:2], *lines[3:], lines[2]])


def table_restyled(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """Cells padded to one width, and columns aligned."""
    if sentence.form != "table":
        return
    rows = [_cells(line) for line in sentence.text.split("\n")]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    rule = [":" + "-" * max(width - 1, 2) for width in widths]
    padded = [rows[0], rule, *rows[2:]]
    new = "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in padded
    )
    yield from ((sentence.text, new), (new, sentence.text))


def table_as_list(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """A table of two columns becomes a list of the same pairs."""
    if sentence.form != "table":
        return
    head, _, *rows = (_cells(line) for line in sentence.text.split("\n"))
    if len(head) == 2:
        new = "\n".join(
            [
                f"{head[0]} – {head[1]}{colon(sentence.language)}",
                "",
                *(f"- {row[0]}{colon(sentence.language)} {row[1]}" for row in rows),
            ]
        )
        yield from ((sentence.text, new), (new, sentence.text))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("| ").split(" | ")]


def html_as_markdown(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """<p> and <strong> become Markdown, and back."""
    found = re.fullmatch(r"<p>(.*)</p>", sentence.text, re.S)
    if found and "<" not in re.sub(r"</?strong>", "", found[1]):
        new = re.sub(r"</?strong>", "**", found[1])
        yield from ((sentence.text, new), (new, sentence.text))


OPERATORS: tuple[Operator, ...] = (
    harmless("layout", "rewrapped", "a line's end is a space", rewrapped),
    harmless("layout", "members-reordered", "the same members", members_reordered),
    harmless("layout", "serial-comma", "the same members", serial_comma),
    harmless("layout", "bulleted", "the same members", bulleted),
    harmless("layout", "bullets-restyled", "another mark", bullets_restyled),
    harmless("layout", "bullets-numbered", "another mark", bullets_numbered),
    harmless("layout", "items-reordered", "the same items", items_reordered),
    harmless("layout", "rows-reordered", "the same rows", rows_reordered),
    harmless("layout", "table-restyled", "the same cells", table_restyled),
    harmless("layout", "table-as-list", "the same pairs", table_as_list),
    harmless("layout", "html-as-markdown", "the same words", html_as_markdown),
)
