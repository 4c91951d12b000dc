"""The pages of evidence: drawn from facts alone, so that whoever checks a folder can draw them again.

Their templates stand here and not among the operator's: a page in court says what the program says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from notifier.diff.redline import Redline
from notifier.render.evidence.words import WORDS
from notifier.render.redline.html import draw_html
from notifier.render.templates import open_environment, render

FOLDER = Path(__file__).parent


def draw_index(said: Mapping[str, Any]) -> bytes:
    """`index.html`."""
    return _drawn("index.html.j2", said)


def draw_redline(redline: Redline, said: Mapping[str, Any]) -> bytes:
    """A page with every change from one text to another."""
    return _drawn("redline.html.j2", {**said, "drawn": draw_html(redline, show_targets=True)})


def _drawn(name: str, said: Mapping[str, Any]) -> bytes:
    words: Mapping[str, str] = WORDS if said.get("format", 1) > 2 else {}
    filters = {"moment": moment, "day": written_day, "words": lambda code: words.get(code, code)}
    environment = open_environment(FOLDER, escapes=True, filters=filters)
    style = (FOLDER / "style.css").read_text(encoding="utf-8")
    return render(environment, name, {"style": style, **said}).encode()


def moment(value: str | None) -> str:
    """`2026-11-22T09:30:01.000000Z` → `22 November 2026, 09:30:01 UTC`."""
    if not value:
        return "–"
    at = datetime.fromisoformat(value)
    return f"{at.day} {at:%B %Y, %H:%M:%S} {at:%Z}"


def written_day(value: str | None) -> str:
    """`2026-11-22` → `22 November 2026`."""
    if not value:
        return "–"
    on = date.fromisoformat(value)
    return f"{on.day} {on:%B %Y}"
