"""A policy as plain text: no markup left but around struck-out words, which would otherwise read as if they stood."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

from notifier.render.block_html import drawing_order, note_numbers, note_of
from notifier.render.styled_text import columns, harmless
from notifier.text.document import Block, BlockKind, Container, ContainerKind, Document, Run, RunKind, TextStyle
from notifier.text.list_numbers import numeral

_WIDTH = 78
_STRUCK = "~~"
"""As chat programs and Markdown have it; a word for it would have to be in the policy's language."""
_INDENTING = frozenset({ContainerKind.ITEM, ContainerKind.QUOTE, ContainerKind.ALERT, ContainerKind.DEFINITION})


def to_text(runs: Iterable[Run]) -> str:
    """The words of inline runs on one line."""
    parts: list[str] = []
    for is_struck, group in groupby(runs, lambda run: TextStyle.STRUCK in run.styles):
        text = "".join([f"[{run.text}]" if run.kind is RunKind.FOOTNOTE else run.text for run in group])
        parts.append(struck(text) if is_struck else text)
    return " ".join("".join(parts).split())


def struck(text: str) -> str:
    """Words that the editor struck out, in signs that say so."""
    bare = text.strip()
    return text.replace(bare, f"{_STRUCK}{bare}{_STRUCK}") if bare else text


def block_text(block: Block) -> str:
    """The words of a block on one line, the cells of a row parted."""
    return " | ".join([to_text(cell.runs) for cell in block.cells])


def plain_text(document: Document) -> str:
    """The policy as text for any reader: lines of at most 78 columns, footnotes last."""
    found = leads(document)
    parts: list[str] = []
    last: Block | None = None
    for index in drawing_order(document):
        block = document.blocks[index]
        shown = _shown(block, found.get(index, ""))
        if shown:
            parts.append(("\n" if last and _is_close(last, block) else "\n\n") + shown if parts else shown)
            last = block
    return "".join(parts) + "\n"


def _is_close(last: Block, block: Block) -> bool:
    """Are they two rows of a table, or two items of a list without blank lines?"""
    if last.kind is block.kind is BlockKind.TABLE_ROW:
        return True
    is_item = block.is_tight and last.is_tight and block.kind is BlockKind.LIST_ITEM
    return is_item and block.path[0] in last.path


def _shown(block: Block, lead: str) -> str:
    indent = "  " * sum(container.kind in _INDENTING for container in block.path)
    if block.kind is BlockKind.RULE:
        return "* * *"
    if block.kind is BlockKind.CODE:
        return "\n".join(f"{indent}    {harmless(line)}".rstrip() for line in block.text.splitlines())
    if lead and block.runs and block.runs[0].kind is RunKind.NUMBER:  # it says what leads the item already
        block, lead = (block._replace(runs=block.runs[1:]), lead) if len(block.runs) > 1 else (block, "")
    text = harmless(block_text(block))
    if block.kind is BlockKind.HEADING:
        return f"{text}\n{'=-~'[min(block.level, 3) - 1] * min(columns(text), _WIDTH)}"
    return text if block.kind is BlockKind.TABLE_ROW else _filled(text, indent, lead)


def leads(document: Document) -> dict[int, str]:
    """What stands before the first words of items and footnotes: a dash, or their number."""
    notes, counts, found = note_numbers(document), Counter[Container](), dict[int, str]()
    seen: set[Container] = set()
    for index, block in enumerate(document.blocks):
        note = note_of(block.path)
        if note in notes and note not in seen:
            seen.add(note)
            found[index] = f"[{notes[note]}] "
        elif block.kind is BlockKind.LIST_ITEM:
            listed = block.path[-2]
            counts[listed] += 1
            is_counted = listed.kind is ContainerKind.ORDERED_LIST
            found[index] = f"{numeral(listed.start + counts[listed] - 1, listed.numbering)}. " if is_counted else "- "
    return found


@lru_cache(maxsize=4096)
def _filled(text: str, indent: str, lead: str) -> str:
    """The text in lines; what leads it hangs to the left where there is room for it."""
    lines = textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=f"{indent.removesuffix(' ' * len(lead))}{lead}",
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)
