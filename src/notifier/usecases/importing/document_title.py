"""A title as the first heading, and headings in a text that has none."""

from __future__ import annotations

from notifier.usecases.importing.losses import Losses
from notifier.usecases.importing.tree_nodes import Node, header, headers_in, inlines_of, words_of

_LONGEST_HEADING = 100
_LEAST_BOLD = 2
"""So many bold lines in a text without headings are its headings."""


def titled(blocks: list[Node], own: list[Node], otherwise: str, losses: Losses) -> list[Node]:
    """The blocks below one top heading: the `own` title, the text's only one, a short first line, else a name."""
    headers = list(headers_in(blocks))
    tops = [one for one in headers if one["c"][0] == 1]
    is_first = bool(headers) and blocks[0] is headers[0]
    if own:
        if is_first and words_of(headers[0]["c"][2]) == words_of(own):
            return blocks if len(tops) == 1 else [blocks[0], *_lowered(blocks[1:])]
        return [header(1, own), *(_lowered(blocks) if tops else blocks)]
    if is_first and len(tops) == 1 and tops[0] is headers[0]:
        return blocks
    if is_first and headers[0]["c"][0] == 1:
        return [blocks[0], *_lowered(blocks[1:])]
    if tops and tops[0] is headers[0] and len(tops) == 1:
        return [tops[0], *(one for one in blocks if one is not tops[0])]
    if blocks and _may_be_title(blocks[0]):
        return [header(1, blocks[0]["c"]), *(_lowered(blocks[1:]) if tops else blocks[1:])]
    losses.add(f'no title in the file: it is called "{otherwise}" after its name')
    return [header(1, inlines_of(otherwise)), *(_lowered(blocks) if tops else blocks)]


def _may_be_title(block: Node) -> bool:
    """A short first line that is no sentence and no date: LibreOffice's own title comes as such."""
    words = words_of(block["c"]).strip() if block["t"] == "Para" else ""
    is_plain = not any(letter.isdigit() for letter in words) and not words.endswith((".", ";", ",", ":"))
    return 0 < len(words) <= _LONGEST_HEADING and is_plain


def _lowered(blocks: list[Node]) -> list[Node]:
    return [header(min(one["c"][0] + 1, 6), one["c"][2]) if one["t"] == "Header" else one for one in blocks]


def with_bold_lines_as_headings(blocks: list[Node], losses: Losses) -> list[Node]:
    """In a text without headings, as people type in Word, short lines that are bold as a whole."""
    bold = [block for block in blocks if _is_bold_line(block)]
    if len(bold) < _LEAST_BOLD:
        return blocks
    losses.add(f"{len(bold)} bold lines were taken for headings")
    return [header(2, block["c"][0]["c"]) if any(block is one for one in bold) else block for block in blocks]


def _is_bold_line(block: Node) -> bool:
    if block["t"] != "Para" or len(block["c"]) != 1 or block["c"][0]["t"] != "Strong":
        return False
    words = words_of(block["c"])
    return 0 < len(words) <= _LONGEST_HEADING and words[-1] not in ".;,"
