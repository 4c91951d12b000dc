"""A policy's text as a page shows it: body, contents with lasting anchors, and plain text."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

from notifier.render.block_html import leaf_html
from notifier.render.blocks import Leaf, Leaves, leaves
from notifier.render.containers import Placed, assemble
from notifier.render.inline import plain, words
from notifier.render.sanitiser import clean
from notifier.render.styled_text import columns, harmless

_NUMBERING = re.compile(
    r"^\s*(?:(?:section|article|artikel|abschnitt|§)\s*)?(?:\d+(?:\.\d+)*|[a-z]|[ivxl]+)[.):]\s+", re.IGNORECASE
)
_PLAIN_WIDTH = 78
_DEEPEST = 3
"""Levels of headings that the contents name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A heading in the contents; `depth` counts from 1."""

    title: str
    anchor: str
    depth: int


@dataclass(frozen=True, slots=True)
class DrawnPolicy:
    """A policy as HTML.

    `title` is the heading it begins with, taken out of the body where it can stand as the page's own; `has_title`:
    there is such a heading, if not at the very beginning.
    """

    body: str
    contents: tuple[Entry, ...]
    title: str
    has_title: bool


@dataclass(frozen=True, slots=True)
class Anchors:
    """Ids of the headings of one text, by leaf, and everything needed to keep them in the next one."""

    ids: Mapping[int, str]
    names: tuple[tuple[str, str], ...]
    """(what the heading says without its number, id), in order."""
    used: frozenset[str]
    """Every id that any text so far has used: none gets a second meaning."""


NO_ANCHORS = Anchors({}, (), frozenset())


def next_anchors(before: Anchors, text: str) -> Anchors:
    """The ids of a text's headings, given those of the text posted before it.

    A heading that is still there keeps its id, whatever became of its number or of other headings; a new one gets an
    id that none has had.
    """
    found = leaves(text)
    headings = [(index, _name(leaf, found)) for index, leaf in enumerate(found.leaves) if leaf.kind == "heading"]
    kept = dict(_kept(before, [name for _, name in headings]))
    used = set(before.used)
    ids: dict[int, str] = {}
    for position, (index, name) in enumerate(headings):
        ids[index] = kept[position] if position in kept else _fresh(name, used)
        used.add(ids[index])
    names = tuple((name, ids[index]) for index, name in headings)
    return Anchors(ids, names, frozenset(used))


def _kept(before: Anchors, names: list[str]) -> Iterator[tuple[int, str]]:
    """(position, id) of each heading that was there before: first those in the same order, then those that moved."""
    old = [name for name, _ in before.names]
    if old == names:
        yield from enumerate(anchor for _, anchor in before.names)
        return
    blocks = SequenceMatcher(None, old, names, autojunk=False).get_matching_blocks()
    pairs = {block.b + step: block.a + step for block in blocks for step in range(block.size)}
    free = [i for i in range(len(old)) if i not in set(pairs.values())]
    for position, name in enumerate(names):
        match = pairs.get(position, next((i for i in free if old[i] == name), None))
        if match is not None:
            free = [i for i in free if i != match]
            yield position, before.names[match][1]


def _fresh(name: str, used: set[str]) -> str:
    slug = slug_of(name)
    anchor, count = slug, 1
    while anchor in used:
        count += 1
        anchor = f"{slug}-{count}"
    return anchor


def _name(leaf: Leaf, found: Leaves) -> str:
    title = " ".join(words(leaf.proses[0].content, found.references).split())
    return _NUMBERING.sub("", title) or title


def slug_of(title: str) -> str:
    """`What's new?` → `whats-new`, as GitHub makes them, so that links inside a policy lead somewhere."""
    kept = (c for c in title.lower() if unicodedata.category(c)[0] in "LN" or c in " -_" or unicodedata.combining(c))
    slug = "".join(kept).strip().replace(" ", "-")
    return slug if slug and not re.match(r"(change|move|text)-?\d*\Z", slug) else f"section-{slug}".rstrip("-")


def written_anchors(text: str, anchors: Anchors) -> dict[str, str]:
    """What a link in the text may call a heading, its number and all as GitHub has it, → the heading's id."""
    found = leaves(text)
    counts: dict[str, int] = {}
    written: dict[str, str] = {}
    for index, anchor in anchors.ids.items():
        slug = slug_of(" ".join(words(found.leaves[index].proses[0].content, found.references).split()))
        count = counts[slug] = counts.get(slug, -1) + 1
        written.setdefault(f"{slug}-{count}" if count else slug, anchor)
    return {name: anchor for name, anchor in written.items() if name not in anchors.ids.values()}


def _with_links_home(html: str, written: Mapping[str, str]) -> str:
    """Links within the text lead to the ids that its headings have here."""

    def home(link: re.Match[str]) -> str:
        anchor = written.get(unquote(unescape(link["name"])))
        return f'href="#{anchor}"' if anchor else link[0]

    return re.sub(r'href="#(?P<name>[^"]+)"', home, html) if written else html


def draw_policy(text: str, anchors: Anchors, *, table_label: str) -> DrawnPolicy:
    """The text as sanitised HTML with its contents."""
    found = leaves(text)
    headings = [leaf for leaf in found.leaves if leaf.kind == "heading"]
    has_title = bool(headings) and headings[0].level == 1 and sum(leaf.level == 1 for leaf in headings) == 1
    level = shift = 0 if has_title else 1
    title = ""
    placed: list[Placed] = []
    contents: list[Entry] = []
    for index, leaf in enumerate(found.leaves):
        inline = [plain(prose.content, found.references) for prose in leaf.proses]
        attributes = ""
        if leaf.kind == "heading":
            level = min(leaf.level + shift, level + 1, 6)
            attributes = f' id="{anchors.ids[index]}"'
            said = " ".join(words(leaf.proses[0].content, found.references).split())
            contents.append(Entry(harmless(said), anchors.ids[index], level - 1))
        html = leaf_html(leaf, inline, attributes=attributes, level=level)
        if index == 0 and has_title and leaf.kind == "heading":
            title = clean(html)
        else:
            placed.append(Placed(leaf.path, html, leaf.kind == "row"))
    body = clean(_with_links_home(assemble(placed, table_label=table_label), written_anchors(text, anchors)))
    shallow = tuple(entry for entry in contents if 0 < entry.depth <= _DEEPEST)
    return DrawnPolicy(body, shallow, title, has_title)


def plain_text(text: str) -> str:
    """The policy as text for any reader: no markup left, lines of at most 78 columns."""
    found = leaves(text)
    parts: list[str] = []
    last: Leaf | None = None
    for leaf in found.leaves:
        shown = _plain_leaf(leaf, found)
        if shown:
            is_close = (last is not None and last.kind == leaf.kind == "row") or _is_next_item(last, leaf)
            parts.append(("\n" if is_close else "\n\n") + shown if parts else shown)
            last = leaf
    return "".join(parts) + "\n"


def _is_next_item(last: Leaf | None, leaf: Leaf) -> bool:
    return last is not None and leaf.is_tight and last.is_tight


def _plain_leaf(leaf: Leaf, found: Leaves) -> str:
    inline = [harmless(" ".join(words(prose.content, found.references).split())) for prose in leaf.proses]
    if leaf.kind == "heading":
        return f"{inline[0]}\n{'=-~'[min(leaf.level, 3) - 1] * min(columns(inline[0]), _PLAIN_WIDTH)}"
    if leaf.kind == "row":
        return " | ".join(inline)
    if leaf.kind == "rule":
        return "* * *"
    depth = sum(container.tag in ("li", "blockquote") for container in leaf.path)
    shown = inline[0] if inline else harmless(" ".join(re.sub(r"<[^>]*>", " ", leaf.raw).split()))
    return _filled(shown, depth, is_item=bool(leaf.path) and leaf.path[-1].tag == "li")


@lru_cache(maxsize=4096)
def _filled(text: str, depth: int, *, is_item: bool) -> str:
    """The text in lines, indented by its depth; an item of a list with its dash."""
    indent = "  " * depth
    lines = textwrap.wrap(
        text,
        _PLAIN_WIDTH,
        initial_indent=f"{indent[2:]}- " if is_item else indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)
