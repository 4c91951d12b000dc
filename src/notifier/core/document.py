"""Markdown → `Document`: sections, blocks and their positions in the source. Positions are offsets in `text`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """What a stretch of source lines is, as a reader sees it."""

    FRONT_MATTER = "front_matter"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CODE = "code"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text as an editor counts it: line and column from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Block:
    """One leaf block: `text[start:end]` of the source, under the headings `section` (outermost first).

    `paragraph` counts the leaf blocks of its section from 1 (the heading itself is 0).
    """

    kind: BlockKind
    start: int
    end: int
    section: tuple[str, ...]
    paragraph: int


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown text and its leaf blocks in order; what lies between blocks is markup."""

    text: str
    blocks: tuple[Block, ...]
