"""`notifier publish`: the posted pages, on demand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.cli.conftest import Editor, MadeOnce, Notifier
from tests.render import histories

from notifier.render.site.build import publish
from notifier.render.site.editions import PolicyHistory

POLICY = "# Privacy Policy\n\nLast updated: March 1, 2026\n\nWe keep chats for 30 days.\n"


@pytest.fixture
def posted(notifier: Notifier, editor: Editor, made_once: MadeOnce) -> Editor:

    def make() -> None:
        editor.commit(POLICY, "Write the policy")
        assert notifier("run").code == 0

    made_once(make)
    return editor


def test_pages_are_written_where_they_are_wanted(notifier: Notifier, posted: Editor) -> None:
    told = notifier("publish", posted.root / "elsewhere", "--json").json

    assert told["folder"] == str(posted.root / "elsewhere")
    assert told["written"] > 0
    assert "30 days" in (posted.root / "elsewhere" / "privacy" / "index.html").read_text(encoding="utf-8")


def test_what_has_not_changed_is_not_written_again(notifier: Notifier, posted: Editor) -> None:
    told = notifier("publish", "--json").json

    assert told["written"] == 0
    assert told["kept"] > 0


def test_what_is_committed_and_not_posted_is_on_no_page(notifier: Notifier, posted: Editor) -> None:
    posted.commit(POLICY.replace("30", "90"), "Keep longer", on="2026-03-02")
    notifier("publish")

    assert "90 days" not in (posted.root / "site" / "privacy" / "index.html").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_named(notifier: Notifier, posted: Editor) -> None:
    (posted.root / "taken").write_text("a file", encoding="utf-8")
    answer = notifier("publish", posted.root / "taken" / "site")

    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert "taken" in answer.err


def test_a_policy_that_could_have_no_pages_waits_alone_and_the_others_go_on(notifier: Notifier, posted: Editor) -> None:
    notifier("customers", "import", _one_customer(posted))
    posted.commit("---\nannounce: false\n---\n# Feed\n\nWords.\n", "Add", name="policies/feed.xml.md")
    posted.commit(POLICY.replace("30 days", "12 months"), "Keep longer\n\nSignificance: significant")

    checked, looked, ran = notifier("check"), notifier("run", "--dry-run"), notifier("run", "--json")

    why = (
        "policies/feed.xml.md:1: no policy can have this name: the feed of all policies stands at /feed.xml; rename it"
    )
    assert (checked.code, looked.code, ran.code) == (1, 1, 1)
    assert f"{why} (name)" in checked.out.splitlines()
    assert why in looked.out
    assert [one["policy"] for one in ran.json["posted"]] == ["privacy"]
    assert list((posted.root / "site/privacy/changes").glob("*/index.html"))
    assert posted.git("tag", "--list", "posted/feed*") == ""
    assert list((posted.root / ".notifier/outbox").rglob("*.eml"))


def _one_customer(editor: Editor) -> Path:
    path = editor.root / "customers.csv"
    path.write_text("id,email,name,language\n1,ada@x.example,Ada,en\n", encoding="utf-8")
    return path


def test_pages_that_an_older_notifier_posted_under_a_taken_name_are_left_out_by_name(tmp_path: Path) -> None:
    terms = "# Feed\n\nWords.\n"
    bad = PolicyHistory("feed.xml", (histories.posted("feed.xml", date(2026, 3, 3), {"en": terms}, is_adoption=True),))

    published = publish(histories.site(bad), tmp_path, templates=histories.TEMPLATES)

    assert published.omissions == (
        "feed.xml has no pages: the feed of all policies stands at /feed.xml; rename the policy",
    )
    assert (tmp_path / "feed.xml").is_file()
    assert (tmp_path / "privacy/index.html").is_file()
