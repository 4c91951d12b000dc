"""Links that lead elsewhere now, told beside the link: the address that was and the one that is."""

from __future__ import annotations

import re
from html import escape

from notifier.diff import Layer
from notifier.diff.redline import Redline
from notifier.render.redline.annotations import Annotations, BlockPlaces

_SAME, _DIFFERENT = 16, 30
"""Characters of an address shown: of the part both have in common, and of what follows it."""


def lay_targets(laid: Annotations, redline: Redline) -> list[tuple[str, str]]:
    """Note in the blocks of the new text where a link leads elsewhere; the addresses before and after, by number."""
    found: list[tuple[str, str]] = []
    places = BlockPlaces(laid.new)
    for edit in redline.diff.edits:
        before, after = edit.before.text, edit.after.text
        block = places.nearest(edit.after.start)
        if edit.layer is Layer.LINKS and before.startswith("](") and after.startswith("](") and block >= 0:
            laid.new_blocks[block].targets.append((edit.after.end, len(found)))
            found.append((before[2:].rstrip(")"), after[2:].rstrip(")")))
    return found


def target_html(before: str, after: str, said: tuple[str, str]) -> str:
    """`…/list/old …/list/new` as struck out and put in; `said` is said before each to those who hear the page."""
    old, new = (escape(_cut(one, other)) for one, other in ((before, after), (after, before)))
    return f' <small class="target"><del>{said[0]}{old}</del> <ins>{said[1]}{new}</ins></small>'


_HOST = re.compile(r"(?:\w+:/*)?([^/?#]+/)")


def apart(before: str, after: str) -> tuple[str, str]:
    """Two long addresses as host and the part that differs; anything else as it is."""
    if not all("://" in text and not re.search(r"\s", text) for text in (before, after)):
        return before, after
    return _with_host(before, _cut(before, after)), _with_host(after, _cut(after, before))


def _with_host(address: str, shown: str) -> str:
    host = _HOST.match(address)
    return f"{host[1]}{shown}" if host and shown.startswith("…") else shown


def _cut(address: str, other: str) -> str:
    """An address from a little before the place where it differs from another."""
    same = next(
        (at for at, (a, b) in enumerate(zip(address, other, strict=False)) if a != b), min(len(address), len(other))
    )
    start = max(same - _SAME, 0) if same > 2 * _SAME else 0
    end = same + _DIFFERENT
    return f"{'…' * bool(start)}{address[start:end]}{'…' * (end < len(address))}"
