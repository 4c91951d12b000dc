"""Policies that come, go or take another name: each is named before it lands, and customers are never forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.cli.conftest import Editor, MadeOnce, Notifier

PRIVACY = "# Privacy Policy\n\nLast updated: March 1, 2026\n\nWe keep chats for 30 days.\n"
TERMS = "# Terms\n\nLast updated: March 1, 2026\n\nYou may use the service if you are at least 16 years old.\n"


@pytest.fixture
def posted(notifier: Notifier, editor: Editor, made_once: MadeOnce) -> Editor:

    def make() -> None:
        (editor.root / "roster.csv").write_text("email\nana@mail.example\n")
        notifier("customers", "import", editor.root / "roster.csv")
        editor.commit(PRIVACY, "Write it")
        editor.commit(TERMS, "Write it", name="policies/terms.md")
        assert notifier("run").code == 0

    made_once(make)
    return editor


def mails(editor: Editor) -> int:
    return len(list((editor.root / ".notifier" / "outbox").rglob("*.eml")))


def codes(notifier: Notifier, *arguments: object) -> dict[str, str]:
    found = notifier("check", "--json", *arguments).json["findings"]
    return {one["rule"]: one["path"] for one in found}


def test_a_policy_that_goes_is_asked_about_until_a_person_has_answered(notifier: Notifier, posted: Editor) -> None:
    (posted.root / "policies" / "terms.md").unlink()
    assert codes(notifier)["policy-gone"] == "policies/terms.md"
    posted.git("commit", "--quiet", "--all", "-m", "Drop the terms")

    for verb in (("run", "--dry-run"), ("run",), ("status",)):
        said = notifier(*verb)
        assert (said.code, "Must customers be told?" in said.out) == (1, True), verb
    assert notifier("decide", "terms", "minor", "--because", "we closed that service", "--by", "Zoe").code == 0

    assert notifier("run").code == 0
    shown = notifier("status")
    assert shown.code == 0
    assert "a person said that nobody need be told" in shown.out
    assert (posted.root / "site" / "terms" / "2026-03-01" / "index.html").is_file()


def test_of_one_whose_end_was_posted_nobody_has_said_that_none_need_be_told(notifier: Notifier, posted: Editor) -> None:
    posted.git("rm", "--quiet", "policies/terms.md")
    posted.git("commit", "--quiet", "-m", "Drop the terms")
    notifier("decide", "terms", "significant", "--because", "we close that service", "--by", "Zoe")
    assert notifier("run").code == 0
    posted.git("rm", "--quiet", "policies/terms.md")
    posted.git("commit", "--quiet", "-m", "Drop what says that they end")

    shown = notifier("status")

    assert "its file was removed, as it was posted to end on" in shown.out
    assert "nobody need be told" not in shown.out


def test_one_that_goes_as_one_comes_is_the_same_policy_in_check_preview_and_run(
    notifier: Notifier, posted: Editor
) -> None:
    (posted.root / "policies" / "terms.md").unlink()
    new = posted.root / "policies" / "conditions.md"
    new.write_text("# Conditions\n\nYou pay 5 EUR a month from now on, and we may end it at any time.\n")
    assert codes(notifier)["renamed-policy"] == "policies/conditions.md"
    previewed = notifier("preview", "conditions", "--json").json[0]
    assert previewed["significance"] == "significant"
    posted.git("add", "--all", "policies")
    posted.git("commit", "--quiet", "-m", "Rename and rewrite")
    assert codes(notifier, "--from", "HEAD~1")["renamed-policy"] == "policies/conditions.md"

    made = notifier("run", "--json").json

    assert [(one["policy"], one["significance"]) for one in made["posted"]] == [("conditions", "significant")]
    assert mails(posted) == 1


def test_a_name_of_before_tells_apart_what_came_and_went_together(notifier: Notifier, posted: Editor) -> None:
    (posted.root / "policies" / "terms.md").unlink()
    for name, front_matter in (("conditions", "renamed_from: terms"), ("cookies", "announce: false")):
        text = f"---\n{front_matter}\n---\n\n# {name.title()}\n\nOther words altogether, of {name}.\n"
        (posted.root / "policies" / f"{name}.md").write_text(text)
    found = codes(notifier)
    assert found["renamed-policy"] == "policies/conditions.md"
    assert found["new-policy"] == "policies/cookies.md"
    assert "policy-gone" not in found
    posted.git("add", "--all", "policies")
    posted.git("commit", "--quiet", "-m", "Split")

    waiting = notifier("run", "--json").json

    assert [(one["policy"], one["adopted"]) for one in waiting["posted"]][-1] == ("cookies", False)
    assert {one["policy"] for one in [*waiting["waiting"], *waiting["posted"]]} == {"conditions", "cookies"}


def test_a_new_policy_that_says_nothing_waits_as_a_close_call_does_and_is_then_told(
    notifier: Notifier, posted: Editor
) -> None:
    posted.commit("# Cookies\n\nWe set one cookie.\n", "Add", name="policies/cookies.md", on="2026-03-02")
    said = notifier("check", "--from", "HEAD~1")
    assert said.code == 1
    assert "announce: true or false" in said.out

    made = notifier("run", "--json").json
    assert [(one["policy"], one["reason"]) for one in made["waiting"]] == [("cookies", "announce")]
    until = datetime.fromisoformat(made["waiting"][0]["until"])
    assert timedelta(hours=71) < until - datetime.now(UTC) <= timedelta(hours=72)
    assert "the next run, which adopts it" not in notifier("status").out
    posted.commit("# Cookies\n\nWe set a cookie.\n", "A typo", name="policies/cookies.md", on="2026-03-02")
    later = datetime.fromisoformat(notifier("run", "--json").json["waiting"][0]["until"])
    assert abs(later - until) < timedelta(minutes=1)

    config = posted.root / "config.toml"
    config.write_text(f"{config.read_text()}\n[judgement]\nwait_hours = 0\n")
    assert notifier("run").code == 0
    assert mails(posted) == 1


def test_a_decision_settles_what_a_new_policy_does_not_say(notifier: Notifier, posted: Editor) -> None:
    posted.commit("# Cookies\n\nWe set one cookie.\n", "Add", name="policies/cookies.md", on="2026-03-02")
    notifier("run")

    assert notifier("decide", "cookies", "minor", "--because", "nothing new in it", "--by", "Zoe").code == 0

    assert notifier("run").code == 0
    assert mails(posted) == 0


def test_a_new_policy_that_nobody_is_told_of_is_called_new_and_never_adopted(
    notifier: Notifier, posted: Editor
) -> None:
    imprint = "---\nannounce: false\n---\n# Imprint\n\nHarbour Chat, 1 Sample Quay.\n"
    posted.commit(imprint, "Say who we are", name="policies/imprint.md")

    shown = notifier("preview", "imprint").out
    assert ("NEW" in shown, "Nothing changed" in shown, "MINOR" in shown) == (True, False, False)
    made = notifier("run", "--json").json
    assert [(one["policy"], one["adopted"]) for one in made["posted"]] == [("imprint", False)]
    assert "adopted" not in notifier("preview").out
    assert mails(posted) == 0
