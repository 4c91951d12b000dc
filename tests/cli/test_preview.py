"""`notifier preview` as an editor reads it: what stands, what would go out, what waits, and for whom."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Editor, MadeOnce, Notifier

PRIVACY = (
    "# Privacy Policy\n\nLast updated: March 1, 2026\n\nWe keep your messages for 30 days.\n\n"
    "We share it only with processors that work for us.\n"
)
TERMS = "# Terms\n\nLast updated: March 1, 2026\n\nYou pay 10 euros a month.\n"
NOBODY_CAN_JUDGE = PRIVACY.replace("work for us", "wipt for us")


@pytest.fixture
def posted(editor: Editor, notifier: Notifier, made_once: MadeOnce) -> Editor:

    def make() -> None:
        editor.commit(PRIVACY, "Privacy")
        editor.commit(TERMS, "Terms", name="policies/terms.md")
        (editor.root / "roster.csv").write_text("email,language\nana@mail.example,en\nbea@mail.example,es\n")
        notifier("customers", "import", "roster.csv")
        assert notifier("run").code == 0

    made_once(make)
    return editor


def write(editor: Editor, text: str, name: str = "privacy") -> None:
    (editor.root / f"policies/{name}.md").write_text(text)


def test_before_the_first_run_it_says_that_texts_are_taken_as_they_stand(editor: Editor, notifier: Notifier) -> None:
    editor.commit(PRIVACY, "Privacy")

    assert notifier("preview").out == (
        "privacy · Privacy Policy\n  the first run takes it as it stands, as posted 2026-03-01, and tells nobody\n"
    )


def test_on_a_clean_tree_it_says_what_stands_and_no_verdict_of_what_is_out(posted: Editor, notifier: Notifier) -> None:
    posted.commit(PRIVACY.replace("30", "60"), "Keep longer")
    notifier("run")
    all_of_them, one = notifier("preview").out, notifier("preview", "privacy").out

    assert all_of_them.startswith("nothing to post: every policy reads as posted\n  privacy: posted ")
    assert "as significant; in force from" in one
    assert "until then the text posted 2026-03-01; customers are told" in one
    assert "terms: posted 2026-03-01, the first text on record; in force since 2026-03-01" in all_of_them
    assert "SIGNIFICANT" not in all_of_them + one
    assert notifier("preview", "privacy", "--json").json[0]["reasons"] == []


def test_once_somebody_decided_it_shows_the_word(posted: Editor, notifier: Notifier) -> None:
    posted.commit(NOBODY_CAN_JUDGE, "A joke")
    before = notifier("preview").out
    notifier("decide", "privacy", "minor", "--because", "a joke of ours", "--by", "Ann")
    after = notifier("preview").out

    assert "waits for an editor's word, until" in before
    assert "unless somebody decides, posted" in before
    assert "posted without a notice; minor by Ann: a joke of ours" in after


def test_once_it_is_posted_check_asks_for_no_word_any_more(posted: Editor, notifier: Notifier) -> None:
    posted.commit(NOBODY_CAN_JUDGE, "A joke")
    asked = notifier("check").out
    notifier("decide", "privacy", "minor", "--because", "a joke of ours", "--by", "Ann")
    notifier("run")

    assert "a close call" in asked
    assert "a close call" not in notifier("check").out


def test_what_waits_stands_apart_from_what_goes_out(posted: Editor, notifier: Notifier) -> None:
    posted.commit(NOBODY_CAN_JUDGE, "A joke")
    write(posted, TERMS.replace("10 euros", "12 euros"), "terms")
    shown = notifier("preview").out

    going, waiting = shown.split("what follows waits, and would not go out now:")
    assert ("terms ·" in going, "privacy ·" in going) == (True, False)
    assert "customers will be told: 2" in going
    assert "privacy ·" in waiting


def test_the_letter_tells_of_what_goes_out_and_of_nothing_that_waits(posted: Editor, notifier: Notifier) -> None:
    posted.commit(NOBODY_CAN_JUDGE, "A joke")
    alone = notifier("preview", "--email").out
    write(posted, TERMS.replace("10 euros", "12 euros"), "terms")
    letter = notifier("preview", "--email", "--json").json

    assert alone.splitlines()[0] == "no message: a run now would tell nobody of anything"
    assert "privacy waits: close call" in alone
    assert {tuple(one["policies"]) for one in letter} == {("terms",)}
    assert sum(one["recipients"] for one in letter) == 2


def test_of_one_policy_it_shows_the_letter_that_would_go_with_all_it_tells(posted: Editor, notifier: Notifier) -> None:
    write(posted, PRIVACY.replace("30", "60"))
    write(posted, TERMS.replace("10 euros", "12 euros"), "terms")

    letter = notifier("preview", "terms", "--email", "--json").json
    assert {tuple(one["policies"]) for one in letter} == {("privacy", "terms")}


def test_a_letter_in_a_language_that_nobody_speaks_here_is_said_to_lack_its_words(
    posted: Editor, notifier: Notifier
) -> None:
    write(posted, PRIVACY.replace("30", "60"))
    unknown = notifier("preview", "--email", "--language", "tlh")
    unread = notifier("preview", "--email", "--language", "fr", "--json")

    assert unknown.code == 1
    assert "no message in tlh: there are no words for it" in unknown.out
    assert [(one["language"], one["recipients"]) for one in unread.json] == [("fr", 0)]


def test_a_newcomer_that_says_nothing_waits_and_is_not_said_to_go_out(posted: Editor, notifier: Notifier) -> None:
    write(posted, "# Cookies\n\nWe set one cookie.\n", "cookies")
    shown = notifier("preview", "cookies").out

    assert "waits" in shown
    assert "write announce: true or false into its front matter" in shown
    assert "posted without a notice" not in shown


def test_a_policy_whose_file_is_gone_is_said_to_go(posted: Editor, notifier: Notifier) -> None:
    (posted.root / "policies/terms.md").unlink()
    all_of_them, one = notifier("preview"), notifier("preview", "terms")

    for answer in (all_of_them, one):
        assert answer.code == 0
        assert "terms: its file is removed: what was posted stays public" in answer.out


def test_a_language_that_goes_is_said_to_go(posted: Editor, notifier: Notifier) -> None:
    german = "policies/privacy.de.md"
    posted.commit("# Datenschutz\n\nStand: 1. März 2026\n\nWir speichern sie 30 Tage.\n", "German", name=german)
    assert f"{german}:1: a language that is new: it is posted as a translation" in notifier("preview").out
    assert "translation-new" in notifier("check").out
    assert notifier("run").code == 0
    assert "a language that is new" not in notifier("preview").out + notifier("check").out, "that is out"
    (posted.root / german).unlink()

    assert f"{german}:1: kept no longer: its page will say so" in notifier("preview").out
    assert [one["rule"] for one in notifier("check", "--json").json["findings"] if one["path"] == german] == [
        "translation-gone"
    ]
    posted.git("rm", "-q", "--cached", german)
    posted.git("commit", "-q", "-m", "German goes")
    notifier("run")
    assert "kept no longer" not in notifier("preview").out + notifier("check").out, "that is out"


def test_a_text_that_waits_for_a_mistake_still_shows_what_changed(posted: Editor, notifier: Notifier) -> None:
    write(posted, "---\neffective: 2026-03-05\n---\n" + PRIVACY.replace("30 days", "60 days"))
    shown = notifier("preview").out

    assert "SIGNIFICANT, clear" in shown
    assert "is too early" in shown
    assert "keep your messages for [-30-] [+60+] days" in shown


def test_a_new_policy_is_said_to_be_new_and_not_adopted(posted: Editor, notifier: Notifier) -> None:
    posted.commit("---\nannounce: true\n---\n# Cookies\n\nWe set one cookie.\n", "Cookies", name="policies/cookies.md")
    ran = " ".join(notifier("run").out.split())

    assert "cookies posted" in ran
    assert "adopted" not in ran
    assert "as a new policy; in force from" in notifier("preview").out


def test_json_has_an_entry_for_a_policy_whose_file_is_gone(posted: Editor, notifier: Notifier) -> None:
    (posted.root / "policies/terms.md").unlink()
    (gone,) = notifier("preview", "--json").json

    assert (gone["policy"], gone["fate"], gone["significance"]) == ("terms", "went", None)
    assert "notifier decide terms minor|significant" in gone["mend"]


def test_a_mistake_in_one_policy_hides_no_other(posted: Editor, notifier: Notifier) -> None:
    write(posted, TERMS.replace("March 1, 2026", "03/04/2026"), "terms")
    write(posted, PRIVACY.replace("30 days", "60 days"))
    everything, one = notifier("preview"), notifier("preview", "privacy")

    assert everything.code == 1
    assert "policies/terms.md:3: the posted date" in everything.err
    assert "keep your messages for [-30-] [+60+] days" in everything.out
    assert (one.code, one.err) == (0, "")


@pytest.fixture
def laptop(posted: Editor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Editor:
    """A clone of the installation on an editor's own machine: git is there, the ledger is not."""
    clone = tmp_path / "laptop"
    posted.git("clone", "-q", str(posted.root), str(clone))
    (clone / "config.toml").write_text((posted.root / "config.toml").read_text())
    monkeypatch.chdir(clone)
    return Editor(clone)


def test_in_a_clone_it_answers_from_git_and_says_what_it_cannot_know(laptop: Editor, notifier: Notifier) -> None:
    write(laptop, PRIVACY.replace("30 days", "60 days"))
    shown, letter = notifier("preview", "privacy").out, notifier("preview", "--email").out
    (told,) = notifier("preview", "--json").json

    assert "SIGNIFICANT, clear                  customers will be told\n" in shown
    assert "if posted today" in shown
    assert "waits" not in shown
    assert "judged by git alone: the ledger is where Notifier runs" in shown
    assert "60 days" in letter
    assert told["is_by_git"]
    assert told["is_told"]


def test_a_clone_that_pulled_without_tags_reads_what_was_posted_from_the_stamps(
    posted: Editor, laptop: Editor, notifier: Notifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted.commit(PRIVACY.replace("30 days", "60 days"), "Longer")
    monkeypatch.chdir(posted.root)
    assert "privacy   posted" in notifier("run").out
    monkeypatch.chdir(laptop.root)
    tags = laptop.git("tag")
    laptop.git("pull", "-q", "origin", "main")  # git follows no tags where it is told what to pull
    assert laptop.git("tag") == tags

    assert "privacy: posted 20" in notifier("preview").out
    write(laptop, (laptop.root / "policies/privacy.md").read_text().replace("60 days", "61 days"))
    for said in (notifier("check"), notifier("check", "--from", "HEAD")):
        assert (said.code, "changed by hand" in said.out) == (0, False)
    assert "for [-60-] [+61+] days" in notifier("preview").out
    with (laptop.root / "config.toml").open("a") as config:
        config.write('[repository]\nremote = "origin"\n')
    assert "lacks what was pushed" not in notifier("preview").out
    laptop.git("reset", "-q", "--hard", "HEAD~1")
    with (laptop.root / "config.toml").open("a") as config:
        config.write('[repository]\nremote = "origin"\n')
    assert "this checkout lacks what was pushed since: git pull" in notifier("preview").out


def test_in_a_clone_nobody_decides_into_a_ledger_that_no_run_reads(laptop: Editor, notifier: Notifier) -> None:
    laptop.commit(PRIVACY.replace("30 days", "60 days"), "Longer")
    answer = notifier("decide", "privacy", "significant", "--because", "it is longer")

    assert answer.code == 2
    assert "decide where Notifier runs, or write trailers into the commit" in answer.err


def test_a_policy_under_another_name_is_said_to_be_the_same(posted: Editor, notifier: Notifier) -> None:
    (posted.root / "policies/terms.md").rename(posted.root / "policies/agreement.md")
    shown = notifier("preview").out

    assert "agreement: it was terms: the same policy" in shown
    assert "terms: its file is removed" not in shown


def test_the_site_stands_as_it_would_once_posted(posted: Editor, notifier: Notifier) -> None:
    write(posted, PRIVACY.replace("30 days", "60 days"))
    answer = notifier("preview", "--site")
    folder = posted.root / ".notifier/preview"

    assert answer.code == 0
    assert f"{folder}/preview.html: the pages and letters as they would stand" in answer.out
    start = (folder / "preview.html").read_text()
    redline = max(folder.glob("privacy/changes/*/index.html"))
    assert redline.relative_to(folder).as_posix() in start
    assert ">60<" in redline.read_text()
    assert "60 days" in (folder / "letters/1-en.txt").read_text()
    assert "letters/1-en.html" in start
    assert "60 days" not in (posted.root / "site/privacy/index.html").read_text()
    assert posted.git("status", "--porcelain", "--untracked-files=no") == "M policies/privacy.md"


def test_a_site_with_nothing_to_post_says_so(posted: Editor, notifier: Notifier, tmp_path: Path) -> None:
    assert "nothing would be posted: the pages stand as they are" in notifier("preview", "--site").out


def test_each_language_that_changed_shows_its_own_redline_the_weightiest_first(
    posted: Editor, notifier: Notifier
) -> None:
    german = (
        "# Datenschutz\n\nStand: 1. März 2026\n\nWir speichern Ihre Nachrichten 30 Tage lang und teilen sie nicht.\n"
    )
    write(posted, german, "privacy.de")
    posted.commit(german, "Translate", name="policies/privacy.de.md")
    write(posted, german.replace("30 Tage", "90 Tage"), "privacy.de")
    write(posted, PRIVACY.replace("30 days", "90 days"))

    (told,) = notifier("preview", "privacy", "--from", "HEAD", "--json").json

    assert told["reasons"][0]["changed_after"] == "90 days"
    assert told["languages"]["de"]["edits"][0]["after"]["text"] == "90"
    for shape in ("terminal", "markdown", "html"):
        drawn = notifier("preview", "privacy", "--from", "HEAD", "--format", shape).out
        assert "privacy (de) · Datenschutz" in drawn, shape
        assert "90" in drawn.partition("privacy (de)")[2], shape


def test_lines_are_those_of_the_file_below_its_front_matter(posted: Editor, notifier: Notifier) -> None:
    text = "---\ntitle: Privacy\naudience: [all]\n---\n" + PRIVACY.replace("30 days", "90 days")
    write(posted, text)
    line = next(number for number, one in enumerate(text.splitlines(), 1) if "90 days" in one)

    (told,) = notifier("preview", "privacy", "--json").json

    assert (told["reasons"][0]["line"], told["edits"][0]["after"]["line"]) == (line, line)
    assert f"line {line} ──" in notifier("preview", "privacy").out
    assert f", line {line}" in notifier("preview", "privacy", "--format", "markdown").out
