"""What a posting asks of customers: proposed by its topics, said in the front matter, shown, and kept with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Editor, MadeOnce, Notifier

PRIVACY = "# Privacy Policy\n\nLast updated: March 1, 2026\n\nWe keep your messages for 30 days.\n"
TERMS = "# Terms\n\nLast updated: March 1, 2026\n\nThe fee is 10 euros a month. You can write to us at any time.\n"
DEARER, LONGER = TERMS.replace("10 euros", "20 euros"), PRIVACY.replace("30 days", "60 days")


@pytest.fixture
def posted(editor: Editor, notifier: Notifier, made_once: MadeOnce) -> Editor:

    def make() -> None:
        editor.commit(PRIVACY, "Privacy")
        editor.commit(TERMS, "Terms", name="policies/terms.md")
        assert notifier("run").code == 0

    made_once(make)
    return editor


def saying(word: str, text: str) -> str:
    return f"---\nconsent: {word}\n---\n\n{text}"


def tag_of(editor: Editor, policy: str) -> str:
    """What git keeps of the last posting."""
    tag = editor.git("tag", "--list", f"posted/{policy}/*").splitlines()[-1]
    return editor.git("tag", "-n99", "--format=%(contents)", tag)


def test_topics_propose_what_is_asked_and_every_format_shows_it(posted: Editor, notifier: Notifier) -> None:
    (posted.root / "policies/terms.md").write_text(DEARER)
    (posted.root / "policies/privacy.md").write_text(LONGER)
    said = "consent: accept: customers are asked to accept it (proposed for fees_refunds"

    assert said in notifier("preview", "terms").out
    assert "consent: acknowledge: customers are asked to acknowledge it (proposed)" in notifier("preview").out
    assert "customers are asked to accept it" in notifier("preview", "terms", "--format", "markdown").out
    assert said in notifier("preview", "terms", "--format", "html").out
    assert notifier("preview", "terms", "--json").json[0]["consent"] == "accept"
    assert f"terms: {said}" in notifier("check").out
    assert {one["policy"]: one["consent"] for one in notifier("check", "--json").json["changed"]} == {
        "privacy": "acknowledge", "terms": "accept",
    }  # fmt: skip
    assert "customers are asked to accept it" in notifier("check", "--format", "github").out


def test_the_editor_s_word_is_kept_with_its_posting_and_used_up(posted: Editor, notifier: Notifier) -> None:
    posted.commit(saying("none", DEARER), "Ask less", name="policies/terms.md")
    posted.commit(saying("accept", LONGER), "Ask more")
    assert "the front matter says so; accept is proposed for fees_refunds" in notifier("preview", "terms").out

    notifier("run")

    assert "Notifier-Consent" not in tag_of(posted, "terms")
    assert "Notifier-Consent: accept" in tag_of(posted, "privacy")
    assert "consent" not in Path(posted.root / "policies/privacy.md").read_text()


def test_a_minor_change_asks_nothing_whatever_its_front_matter_says(posted: Editor, notifier: Notifier) -> None:
    (posted.root / "policies/privacy.md").write_text(
        saying("accept", PRIVACY.replace("Privacy Policy", "**Privacy** Policy"))
    )

    answer = notifier("check")

    assert "policies/privacy.md:1: consent: accept asks for nothing: the change is minor" in answer.out
    assert notifier("preview", "privacy", "--json").json[0]["consent"] == "none"


def test_what_is_no_consent_is_an_error_with_file_and_line(posted: Editor, notifier: Notifier) -> None:
    (posted.root / "policies/terms.md").write_text("---\ntitle: Terms\nconsent: agree\n---\n\n" + DEARER)

    answer = notifier("check")

    assert answer.code == 1
    said = "policies/terms.md:3: front matter consent: expected none, acknowledge or accept, got 'agree'"
    assert said in answer.out
    assert said in notifier("preview").err


def test_a_text_taken_as_it_stands_keeps_its_line_and_its_next_change_is_to_be_accepted(
    editor: Editor, notifier: Notifier
) -> None:
    editor.commit(saying("accept", PRIVACY), "Privacy")
    notifier("run")
    assert "Notifier-Consent: accept" in tag_of(editor, "privacy")

    (editor.root / "policies/privacy.md").write_text(saying("accept", LONGER))

    assert notifier("preview", "privacy", "--json").json[0]["consent"] == "accept"


def test_the_letter_announces_the_question_where_an_editor_has_said_that_it_will_be_asked(
    posted: Editor, notifier: Notifier
) -> None:
    """What topics alone propose nobody may ever ask: a company without an application that does."""
    (posted.root / "policies/terms.md").write_text(DEARER)
    assert "your agreement" not in notifier("preview", "terms", "--email").out

    (posted.root / "policies/terms.md").write_text(saying("accept", DEARER))
    assert "We will ask for your agreement to the new text" in notifier("preview", "terms", "--email").out

    posted.commit(saying("accept", DEARER), "Dearer", name="policies/terms.md")
    notifier("run")
    [letter] = {notice["notice_id"] for notice in notifier("notice", "list", "--json").json}
    assert "We will ask for your agreement to the new text" in notifier("notice", "show", letter, "--text").out


def test_who_says_that_a_yes_will_be_asked_for_hears_that_nobody_can_ask_yet(
    posted: Editor, notifier: Notifier
) -> None:
    posted.commit(saying("accept", DEARER), "Dearer", name="policies/terms.md")
    says = notifier("doctor").out
    assert "terms: consent: accept, and the letter will say that we ask for a yes; no application can write" in says

    notifier("keys", "create", "--name", "shop")

    assert "no application can write" not in notifier("doctor").out
