"""Laws of every redline target: each word that went or came is shown as such, without colour, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from notifier import redline
from notifier.diff import Layer
from notifier.diff.redline import Redline
from notifier.render.redline.html import draw_html
from notifier.render.redline.json import redline_json
from notifier.render.redline.pull_request import draw_redline_markdown
from notifier.render.redline.terminal import draw_redline

from .reading import elements

CASES = Path(__file__).parents[1] / "cases" / "redlines.txt"
PAIRS = [tuple(case.split("\n=>\n")) for case in CASES.read_text(encoding="utf-8").split("\n----\n")]


def in_terminal(found: Redline, sign: str) -> str:
    drawn = draw_redline(found, width=100, colour=False)
    whole = [line[3:] for line in drawn.splitlines() if line.startswith(f" {sign} ")]
    return " ".join([*whole, *re.findall(rf"\[\{sign}(.*?)\{sign}\]", " ".join(drawn.split()))])


def in_html(found: Redline, sign: str) -> str:
    return " ".join(elements(draw_html(found).body, "del" if sign == "-" else "ins"))


def in_a_comment(found: Redline, sign: str) -> str:
    tag = "del" if sign == "-" else "ins"
    return " ".join(re.findall(rf"<{tag}>(.*?)</{tag}>", draw_redline_markdown(found)))


def in_json(found: Redline, sign: str) -> str:
    side = "before" if sign == "-" else "after"
    return " ".join(edit[side]["text"] for edit in redline_json(found)["edits"])  # type: ignore[union-attr,index,call-overload,misc]


def words_of(text: str) -> set[str]:
    """Words, and characters of scripts without blanks; not the numbers of a list, which a page counts itself."""
    bare = re.sub(r"^\s*\d+[.)]\s", "", text.replace("\\", ""), flags=re.M)
    return set(re.findall(r"[\u3000-\u9fff]|[^\W\u3000-\u9fff]+", bare))


@pytest.mark.parametrize("shown", [in_terminal, in_html, in_a_comment, in_json])
@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_every_word_that_went_or_came_is_shown_as_such(before: str, after: str, shown: object) -> None:
    found = redline(before, after)
    edits = [edit for edit in found.diff.edits if edit.layer is Layer.WORDS]

    assert edits
    for sign, side in (("-", "before"), ("+", "after")):
        marked = words_of(shown(found, sign))  # type: ignore[operator]
        assert words_of(" ".join(getattr(edit, side).text for edit in edits)) <= marked
        assert marked <= words_of(f" {before if sign == '-' else after}".replace("\n", " / "))
