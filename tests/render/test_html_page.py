"""A comparison as one file: what a reviewer sees first, and where it leads."""

from __future__ import annotations

import re

from notifier.render.redline.html_page import draw_page

from .shown import AFTER, BEFORE, comparison, reason


def test_the_verdict_and_the_number_of_changes_come_before_the_text() -> None:
    page = draw_page(comparison(), "privacy")

    assert page.index("<strong>significant</strong>, clear") < page.index("3 changes") < page.index("<hr>")


def test_every_section_named_at_the_top_leads_to_its_first_change() -> None:
    page = draw_page(comparison(), "privacy")

    targets = re.findall(r'<li><a href="#([^"]+)">', page)
    assert targets
    assert all(f'id="{target}"' in page for target in targets)


def test_a_moved_section_is_named_at_the_top_and_linked_to_where_it_stands_now() -> None:
    one, two = ("## Alpha\n\n" + "alpha beta " * 30, "## Gamma\n\n" + "gamma delta " * 40)
    page = draw_page(comparison(f"{one}\n\n{two}\n", f"{two}\n\n{one}\n"), "privacy")

    assert '<li><a href="#move-1-here">Alpha</a></li>' in page
    assert 'id="move-1-here"' in page


def test_a_page_asks_nothing_of_anyone() -> None:
    page = draw_page(comparison(BEFORE, AFTER + "\n![seen](https://spy.example/pixel.png)\n"), "privacy")

    assert not re.search(r"<(?:script|img|link|iframe)\b|@import|url\(", page)


def test_words_of_a_policy_or_a_reason_are_no_markup_of_the_page() -> None:
    page = draw_page(comparison(BEFORE, AFTER, reason(changed_after="<script>x</script>")), "<b>privacy</b>")

    assert "<script>" not in page
    assert "<b>privacy" not in page


def test_links_alone_are_no_changed_words() -> None:
    page = draw_page(comparison("See [it](https://a.example/a).\n", "See [it](https://a.example/b).\n"), "privacy")

    assert "<p>No words changed.</p>" in page
    assert "And 1 link." in page
    assert '<small class="target">' in page
