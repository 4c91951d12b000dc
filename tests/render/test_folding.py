"""A redline page of a long policy shows what changed and folds the rest, losing none of it."""

from __future__ import annotations

from notifier.diff import diff
from notifier.diff.redline import draw
from notifier.render.redline.html import draw_html
from notifier.text.markdown import parse
from tests.render.reading import read

SECTIONS = [
    f"## Section {number}\n\n" + "\n\n".join(f"Rule {number}.{i} stays." for i in range(10)) for number in range(6)
]
POLICY = "# Terms\n\n" + "\n\n".join(SECTIONS) + "\n"


def drawn(before: str, after: str) -> str:
    return draw_html(draw(diff(parse(before), parse(after)))).body


def open_part(html: str) -> str:
    """What a reader sees before opening anything."""
    return read("".join(part.rpartition("</details>")[2] for part in html.split('<details class="unchanged">')))


def test_a_reader_sees_the_change_its_neighbours_and_its_heading() -> None:
    html = drawn(POLICY, POLICY.replace("Rule 3.6 stays.", "Rule 3.6 goes."))
    assert (
        open_part(html)
        == "Terms Section 3 Rule 3.5 stays. Rule 3.6 removed: stays (end)inserted: goes (end). Rule 3.7 stays."
    )


def test_nothing_is_lost_in_a_fold() -> None:
    after = POLICY.replace("Rule 3.6 stays.", "Rule 3.6 goes.")
    assert read(drawn(POLICY, after), "folded", "said", "del") == " ".join(after.replace("#", " ").split()).replace(
        "goes.", "goes."
    )


def test_a_fold_says_how_much_is_in_it() -> None:
    html = drawn(POLICY, POLICY.replace("Rule 0.0 stays.", "Rule 0.0 goes."))
    assert '<span class="folded">63 paragraphs without a change</span>' in html


def test_a_short_stretch_stays_open() -> None:
    short = "# Terms\n\nOne.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.\n"
    assert "<details" not in drawn(short, short.replace("One.", "None."))


def test_a_list_with_a_change_in_it_is_shown_whole() -> None:
    items = "".join(f"- item {number} as before\n" for number in range(20))
    html = drawn(f"# Terms\n\n{items}", f"# Terms\n\n{items.replace('item 7 as', 'item 7 not as')}")
    assert "item 19 as before" in open_part(html)


def test_texts_without_a_change_are_shown_whole() -> None:
    assert "<details" not in drawn(POLICY, POLICY)
