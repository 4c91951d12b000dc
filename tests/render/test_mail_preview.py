"""A message shown before anybody gets it."""

from __future__ import annotations

from notifier.notice.message import NAME_TAG_HTML
from notifier.render.message.lint import lint
from notifier.render.message.mail_preview import draw_html, draw_message
from tests.render.notices import HOSTS, change, message_about

LONGEST = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh"


def drawn(summary: str, *, colour: bool = False) -> str:
    message = message_about(change(summary=summary))
    found = lint(message, [change(summary=summary)], hosts=HOSTS)
    return draw_message(message, name=LONGEST, sender="a <b@c.test>", width=78, colour=colour, findings=found)


def test_the_editor_sees_sender_subject_size_and_the_letter_to_the_longest_name() -> None:
    lines = drawn("It changes.").splitlines()

    assert lines[0].startswith("── en · privacy ──")
    assert lines[0].endswith("KB ──")
    assert len(lines[0]) == 78
    assert lines[1:5] == [
        "From:    a <b@c.test>",
        "Subject: Changes to our Privacy Policy from 22 December 2026",
        "",
        f"Hello {LONGEST},",
    ]


def test_what_keeps_a_message_from_going_out_stands_first() -> None:
    assert drawn("Order now.").splitlines()[1].startswith('will not be sent · text: "Order now" is marketing')


def test_without_colour_no_escape_is_printed() -> None:
    assert "\x1b" not in drawn("It changes.")
    assert "\x1b" in drawn("It changes.", colour=True)


def test_a_name_cannot_bring_markup_into_the_page() -> None:
    html = draw_html(message_about(change()), name="<b>Ana</b>")

    assert "Hello &lt;b&gt;Ana&lt;/b&gt;," in html
    assert NAME_TAG_HTML not in html
