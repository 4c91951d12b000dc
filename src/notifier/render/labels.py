"""Our own words that stand among a policy's, to be seen or only heard; a translation gives those of its language."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import NamedTuple

from notifier.text.document import AlertKind

_ALERTS: Mapping[AlertKind, str] = {kind: kind.value for kind in AlertKind}


class Labels(NamedTuple):
    """What a page says beside the policy's words."""

    removed: str = "removed: "
    inserted: str = "inserted: "
    mark_end: str = " (end)"
    struck: str = "struck out: "
    table: str = "Table"
    moved_away: str = "“{title}” was moved from here: read it in its new place"
    moved_here: str = "moved here from another place"
    done: str = "done"
    not_done: str = "not done"
    picture: str = "picture"
    notes: str = "Footnotes"
    unchanged: str = "{count} paragraphs without a change"
    note_back: str = "back to footnote {number} in the text"
    alerts: Mapping[AlertKind, str] = _ALERTS


def said(text: str) -> str:
    """Text for those who hear the page."""
    return f'<span class="said">{escape(text)}</span>'
