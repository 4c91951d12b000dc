"""A defined term renamed all over a policy: said once, and what else changed beside it stays in sight."""

from __future__ import annotations

from notifier.render.redline.html_page import draw_page
from notifier.render.redline.pull_request import draw_redline_markdown
from notifier.render.redline.terminal import draw_redline

from .shown import comparison

BEFORE = "\n\n".join(f"Clause {at}: the Vendor keeps record {at} of the Vendor for thirty days." for at in range(20))
AFTER = BEFORE.replace("Vendor", "Supplier")


def drawn(after: str, *, show_all: bool = False) -> str:
    return draw_redline(comparison(BEFORE, after).redline, width=100, colour=False, show_all=show_all)


def test_a_renamed_term_is_said_once_and_shown_twice() -> None:
    shown = drawn(AFTER)

    assert shown.startswith("“Vendor” became “Supplier” in 40 places\n")
    assert shown.count("[-Vendor-] [+Supplier+]") == 4
    assert "… 18 paragraphs with nothing but that" in shown


def test_a_paragraph_in_which_more_than_the_name_changed_is_shown() -> None:
    shown = drawn(AFTER.replace("record 12 of the Supplier for thirty", "record 12 of the Supplier for ninety"))

    assert "ninety" in shown
    assert "… 10 paragraphs with nothing but that" in shown
    assert shown.endswith("… 7 paragraphs with nothing but that")


def test_a_name_changed_to_another_one_in_a_single_place_is_shown() -> None:
    assert "[-Vendor-] [+Buyer+]" in drawn(AFTER.replace("record 12 of the Supplier", "record 12 of the Buyer"))


def test_every_place_of_a_renamed_term_is_shown_on_demand() -> None:
    assert drawn(AFTER, show_all=True).count("[-Vendor-] [+Supplier+]") == 40


def test_figures_that_changed_alike_are_no_rename() -> None:
    assert "became" not in drawn(BEFORE.replace("thirty", "30").replace("30 days", "60 days"))
    assert drawn(BEFORE.replace("thirty", "30")).count("[-thirty-] [+30+]") == 20


def test_a_pull_request_and_a_page_say_it_too() -> None:
    compared = comparison(BEFORE, AFTER)

    assert "“Vendor” became “Supplier” in 40 places" in draw_redline_markdown(compared.redline)
    assert "“Vendor” became “Supplier” in 40 places" in draw_page(compared, "terms")
