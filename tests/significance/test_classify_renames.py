"""The same thing under another name, and the things that only look like it."""

from __future__ import annotations

import pytest

from notifier import compare
from notifier.significance import Certainty, Significance


def is_clearly_minor(old: str, new: str) -> bool:
    verdict = compare(old, new).classification
    return (verdict.significance, verdict.certainty) == (Significance.MINOR, Certainty.CLEAR)


TERMS = """# Terms

{a} lets you send a {b} to your friends.

When you delete a {b}, {a} removes it.

You may report a {b} that breaks the rules of {a}.

Each {b} counts towards your plan.
"""


def test_a_product_renamed_everywhere_with_its_word_for_what_users_write_is_minor() -> None:
    assert is_clearly_minor(TERMS.format(a="Chirper", b="chirp"), TERMS.format(a="Zed", b="note"))


def test_a_family_name_put_before_a_product_everywhere_is_minor() -> None:
    assert is_clearly_minor(TERMS.format(a="Lite", b="note"), TERMS.format(a="Harbour Lite", b="note"))


def test_a_country_that_gives_way_to_another_everywhere_is_no_rename() -> None:
    old = "We store chats in France.\n\nBackups are kept in France.\n\nSupport answers from France.\n"
    assert not is_clearly_minor(old, old.replace("France", "Brazil"))


def test_another_processor_in_the_place_of_one_is_no_rename() -> None:
    old = (
        "# Privacy Policy\n\nLast updated: 1 May 2026\n\nHarbour Chat explains what it does with your data.\n\n"
        "We share messages with Acme.\n\nAcme is our provider for mail.\n\nWe also share logs with Acme.\n"
    )
    assert not is_clearly_minor(old, old.replace("Acme", "Zephyr"))


def test_a_rule_bent_everywhere_is_no_rename() -> None:
    old = "We may delete chats.\n\nWe may close accounts.\n\nWe may bill you.\n"
    assert not is_clearly_minor(old, old.replace("may", "will"))


def test_a_recipient_added_to_three_lists_is_no_longer_name_of_its_neighbour() -> None:
    old = "We send invoices to Acme, Zephyr.\n\nWe send your phone number to Acme, Zephyr.\n\nAcme, Zephyr know you.\n"
    assert not is_clearly_minor(old, old.replace("Acme, Zephyr", "Acme, Blue Bay, Zephyr"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Refunds are decided on a case by-case basis.", "Refunds are decided on a case-by-case basis."),
        ("Residents of the United States may write to us.", "Residents of the U.S. may write to us."),
        ("See [reporting abuse or spam](/guide) for how it works.", "See [AUTOTITLE](/guide) for how it works."),
        ("Call 800.555.0100 to reach the front desk.", "Call 1-800-555-0100 to reach the front desk."),
    ],
    ids=["hyphen", "country spelled out", "label of a link", "telephone number written otherwise"],
)
def test_the_same_thing_written_otherwise_is_minor(old: str, new: str) -> None:
    frame = "# Terms\n\nHarbour Chat is a service for people who like to talk.\n\n{}\n\nThank you for reading.\n"
    assert is_clearly_minor(frame.format(old), frame.format(new))


def test_a_table_of_contents_over_headings_that_stand_below_is_minor() -> None:
    sections = ["Scope", "Fees and refunds", "Limits of liability", "Governing law"]
    text = "# Terms\n\nWelcome.\n\n" + "".join(f"## {title}\n\nThe text on it stands here.\n\n" for title in sections)
    contents = "Table of contents\n\n" + "".join(f"* {title}\n" for title in sections)
    assert is_clearly_minor(text, text.replace("Welcome.\n", f"Welcome.\n\n{contents}"))


def test_an_item_that_no_heading_names_is_not_taken_for_a_table_of_contents() -> None:
    text = "# Terms\n\nYou may not sell:\n\n* tobacco\n* weapons\n\n## Alcohol\n\nAsk your doctor.\n"
    assert not is_clearly_minor(text, text.replace("* weapons\n", "* weapons\n* medicines\n"))


def test_a_link_to_another_contract_needs_a_look_and_a_moved_page_does_not() -> None:
    text = "# Terms\n\nBy using the service you agree to the [Privacy Notice](https://old.example/legal/mail).\n"
    assert not is_clearly_minor(text, text.replace("legal/mail", "legal/radar"))
    assert is_clearly_minor(text, text.replace("old.example/legal/mail", "www.example/policies/en/mail"))


def test_a_condition_taken_off_a_template_shows_a_clause_to_others() -> None:
    text = "# Terms\n\nYou may use mail{% if plan == 'pro' %} and chat{% endif %} for your work.\n"
    shown = text.replace("{% if plan == 'pro' %}", "").replace("{% endif %}", "")
    assert not is_clearly_minor(text, shown)


def test_the_day_of_the_posting_does_not_hide_a_day_that_people_go_by() -> None:
    text = f"""# Terms

Last revised: 5 December 2018

{"These terms say how we work together. " * 12}

## Courts

The law of Ireland applies to those who signed up on or after 5 December 2018, and the law of England to all others.
"""
    assert not is_clearly_minor(text, text.replace("5 December 2018", "26 November 2025"))


def test_an_address_behind_a_link_is_a_way_to_reach_someone() -> None:
    text = "# Cookies\n\nYou reach us online: [here](mailto:privacy@example.org).\n"
    assert not is_clearly_minor(text, text.replace("mailto:privacy@example.org", "https://example.org/form"))
