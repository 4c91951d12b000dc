"""`notifier at`: somebody asks years later which text bound them on a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.cli.conftest import Editor, MadeOnce, Notifier

POLICY = "# Privacy Policy\n\nLast updated: March 1, 2026\n\nWe keep chats for 30 days.\n"


@pytest.fixture
def posted(notifier: Notifier, editor: Editor, made_once: MadeOnce) -> Editor:
    """Adopted as of 1 March 2026; today a significant change is posted, which binds in 30 days."""

    def make() -> None:
        editor.commit(POLICY, "Write the policy")
        assert notifier("run").code == 0
        (editor.root / "customers.csv").write_text("email\nada@x.example\n")
        notifier("customers", "import", "customers.csv")
        editor.commit(POLICY.replace("30 days", "12 months"), "Keep longer", on="2026-03-02")
        assert notifier("run").code == 0

    made_once(make)
    return editor


def day(offset: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=offset)).isoformat()


def test_each_day_has_an_answer_that_is_true(notifier: Notifier, posted: Editor) -> None:
    past = notifier("at", "privacy", "2026-03-15")
    assert past.code == 0
    assert past.out.splitlines()[0] == "privacy: the text posted on 2026-03-01 was in force on 2026-03-15"
    assert f"from 2026-03-01 until {day(29)}" in past.out
    assert "git show posted/privacy/2026-03-01:policies/privacy.md" in past.out
    assert posted.git("show", "posted/privacy/2026-03-01:policies/privacy.md") == POLICY.strip()
    assert notifier("at", "privacy", "2026-03-15", "--text").out == POLICY

    assert f"is in force on {day(0)}" in notifier("at", "privacy", day(0)).out
    to_come = notifier("at", "privacy", day(30)).out
    assert f"as things stand today, the text posted on {day(0)}" in to_come
    assert f"will be in force on {day(30)}" in to_come
    assert "12 months" in notifier("at", "privacy", day(30), "--text").out

    none = notifier("at", "privacy", "2020-01-01")
    assert none.code == 1
    assert none.out == (
        "privacy: no text was in force on 2020-01-01; the first on record is in force from 2026-03-01 "
        "(posted 2026-03-01)\n"
    )


def test_programs_get_the_same_as_fields_under_any_name_the_policy_had(notifier: Notifier, posted: Editor) -> None:
    posted.git("mv", "policies/privacy.md", "policies/data.md")
    posted.git("commit", "-q", "-m", "Rename")
    notifier("run")

    told = notifier("at", "privacy", "2026-03-15", "--json").json
    assert (told["policy"], told["asked_for"]) == ("data", "privacy")
    assert told["in_force"]["tag"] == "posted/privacy/2026-03-01"
    assert told["in_force"]["until"] == day(29)
    assert notifier("at", "privacy", "2026-03-15").out.splitlines()[0] == "privacy is called data today"
    assert notifier("at", "data", "2026-03-15").code == 0


def test_a_wrong_question_is_told_how_to_ask(notifier: Notifier, posted: Editor) -> None:
    for arguments, said in (
        (("privcy", "2026-03-15"), "privcy: no policy was ever posted under this name in policies/; posted are: priv"),
        (("privacy", "March 1st"), 'expected a day such as "2026-03-01", got "March 1st"'),
        (("privacy", "2026-03-15", "--language", "de"), "was not posted in de; it has: en"),
    ):
        told = notifier("at", *arguments)
        assert (told.code, told.out) == (2, "")
        assert said in told.err


def test_nobody_proves_what_was_so_on_a_day_that_has_not_come(notifier: Notifier, adopted: Editor) -> None:
    refused = notifier("evidence", "customer", "ana@example.com", "--at", "2999-01-01")

    assert refused.code == 2
    assert "2999-01-01 has not come yet" in refused.err
    assert not list(adopted.root.glob("evidence-*"))
