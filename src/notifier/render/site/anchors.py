"""The ids of a policy's headings: a link to one keeps its meaning through every later text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from notifier.render.block_html import is_reserved
from notifier.text.document import Block, BlockKind, Document

_NUMBERING = re.compile(
    r"^\s*(?:(?:section|article|artikel|abschnitt|§)\s*)?(?:\d+(?:\.\d+)*|[a-z]|[ivxl]+)[.):]\s+", re.IGNORECASE
)


class Anchors(NamedTuple):
    """Ids of the headings of one text, by block, and everything needed to keep them in the next one."""

    ids: Mapping[int, str]
    names: tuple[tuple[str, str], ...]
    """(what the heading says without its number, id), in order."""
    used: frozenset[str]
    """Every id that any text so far has used: none gets a second meaning."""


MOST_ALIGNED = 1_000_000
"""Pairs of headings, old and new; of more, equal ones are taken in their order."""
NO_ANCHORS = Anchors({}, (), frozenset())


def next_anchors(before: Anchors, document: Document) -> Anchors:
    """The ids of a text's headings, given those of the text posted before it.

    A heading that is still there keeps its id, whatever became of its number or of other headings; a new one gets the
    id that it asks for (`{#id}`) or one made of its words, and none that another has had.
    """
    headings = [(index, block) for index, block in enumerate(document.blocks) if block.kind is BlockKind.HEADING]
    names = [_name(block) for _, block in headings]
    kept = dict(_kept(before, names))
    used = set(before.used) | set(kept.values())
    ids: dict[int, str] = {}
    counts: dict[str, int] = {}
    for position, (index, block) in enumerate(headings):
        ids[index] = kept[position] if position in kept else _fresh(block, names[position], used, counts)
        used.add(ids[index])
    found = tuple((name, ids[index]) for name, (index, _) in zip(names, headings, strict=True))
    return Anchors(ids, found, frozenset(used))


def _kept(before: Anchors, names: list[str]) -> Iterator[tuple[int, str]]:
    """(position, id) of each heading that was there before: first those in the same order, then those that moved."""
    old = [name for name, _ in before.names]
    if old == names:
        yield from enumerate(anchor for _, anchor in before.names)
        return
    is_aligned = len(old) * len(names) <= MOST_ALIGNED
    blocks = SequenceMatcher(None, old, names, autojunk=False).get_matching_blocks() if is_aligned else []
    pairs = {block.b + step: block.a + step for block in blocks for step in range(block.size)}
    free: dict[str, list[int]] = {}
    for index in sorted(set(range(len(old))) - set(pairs.values()), reverse=True):
        free.setdefault(old[index], []).append(index)
    for position, name in enumerate(names):
        if position in pairs:
            yield position, before.names[pairs[position]][1]
        elif free.get(name):
            yield position, before.names[free[name].pop()][1]


def _fresh(block: Block, name: str, used: set[str], counts: dict[str, int]) -> str:
    """`counts`: how far each has been counted already."""
    slug = next((anchor for anchor in block.anchors if not is_reserved(anchor)), slug_of(name))
    count = counts.get(slug, 1)
    anchor = slug if count == 1 else f"{slug}-{count}"
    while anchor in used:
        count += 1
        anchor = f"{slug}-{count}"
    counts[slug] = count
    return anchor


def _name(block: Block) -> str:
    return _NUMBERING.sub("", block.line) or block.line


@lru_cache(maxsize=4096)
def slug_of(title: str) -> str:
    """`What's new?` → `whats-new`, as GitHub makes them, so that links inside a policy lead somewhere."""
    kept = (c for c in title.lower() if unicodedata.category(c)[0] in "LN" or c in " -_" or unicodedata.combining(c))
    slug = "".join(kept).strip().replace(" ", "-")
    return f"section-{slug}".rstrip("-") if not slug or is_reserved(slug) else slug


def written_anchors(document: Document, anchors: Anchors) -> dict[str, str]:
    """What a link in the text may call a heading, its number and all as GitHub has it, → the heading's id."""
    counts: dict[str, int] = {}
    written: dict[str, str] = {}
    for index, anchor in anchors.ids.items():
        slug = slug_of(document.blocks[index].line)
        count = counts[slug] = counts.get(slug, -1) + 1
        written.setdefault(f"{slug}-{count}" if count else slug, anchor)
    own = set(anchors.ids.values())
    return {name: anchor for name, anchor in written.items() if name not in own}
