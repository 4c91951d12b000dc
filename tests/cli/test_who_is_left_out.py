"""Nobody is not everybody: whoever would not be told any more is counted, and a person asked first."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Editor, MadeOnce, Notifier
from tests.databases import write_as_ours

from notifier.ledger.by_set.first_list import FirstList

POLICY = "# Terms\n\nLast updated: March 1, 2026\n\nYou may use the service if you are at least {} years old.\n"
PEOPLE = [f"{n},person{n}@mail.example,en,{'chat' if n < 2 else ''}" for n in range(10)]


def roster(root: Path, people: list[str]) -> Path:
    path = root / "roster.csv"
    path.write_text("\n".join(["id,email,language,tags", *people]) + "\n")
    return path


@pytest.fixture
def told_here(notifier: Notifier, editor: Editor) -> Editor:
    """Ten customers from `customers.file`, who were told of one notice; here, so that it can be taken up again."""
    roster(editor.root, PEOPLE)
    config = editor.root / "config.toml"
    config.write_text(f'{config.read_text()}\n[customers]\nfile = "roster.csv"\n')
    editor.commit(POLICY.format(16), "Write it", name="policies/terms.md")
    notifier("run")
    editor.commit(POLICY.format(18), "Raise the age", name="policies/terms.md")
    assert notifier("run").code == 0
    return editor


@pytest.fixture
def told(request: pytest.FixtureRequest, editor: Editor, made_once: MadeOnce) -> Editor:
    """The same, copied."""

    def make() -> None:
        request.getfixturevalue("told_here")

    made_once(make)
    return editor


def raise_the_age(editor: Editor, front_matter: str = "") -> None:
    editor.commit(front_matter + POLICY.format(21), "Raise it again", name="policies/terms.md")


def mails(editor: Editor) -> int:
    return len(list((editor.root / ".notifier" / "outbox").rglob("*.eml")))


def newest(notifier: Notifier) -> dict[str, object]:
    found: dict[str, object] = notifier("notice", "list", "--json").json[-1]
    return found


def test_who_was_taken_out_of_the_companys_file_is_not_told_and_who_comes_back_is(
    notifier: Notifier, told: Editor
) -> None:
    roster(told.root, PEOPLE[:9])
    raise_the_age(told)
    assert notifier("run").code == 0
    assert mails(told) == 10 + 9
    assert len(notifier("customers", "list", "--json").json) == 9
    assert notifier("customers", "show", "9", "--json").json["notices"][0]["status"] == "accepted"

    roster(told.root, PEOPLE)
    told.commit(POLICY.format(30), "And again", name="policies/terms.md")
    assert notifier("run").code == 0
    assert mails(told) == 10 + 9 + 10


def test_a_roster_that_lost_more_than_a_fifth_waits_for_a_persons_reason(notifier: Notifier, told: Editor) -> None:
    strangers = [f"new{n},new{n}@mail.example,en," for n in range(10)]
    roster(told.root, [*PEOPLE[:7], *strangers])  # as many new ones do not make up for the lost
    raise_the_age(told)
    rehearsed = notifier("run", "--dry-run")
    assert rehearsed.code == 1
    assert "lost 3 of 10" in rehearsed.out

    assert notifier("run").code == 1
    waiting = newest(notifier)
    assert waiting["state"] == "awaiting_approval"
    assert "lost 3 of 10 customers" in str(waiting["why"])
    assert notifier("status").code == 1
    assert mails(told) == 10
    assert notifier("notice", "approve", waiting["id"]).code == 2
    assert notifier("notice", "approve", waiting["id"], "--because", "we sold a branch").code == 0
    assert notifier("run").code == 0
    assert mails(told) == 10 + 17


def test_a_roster_that_shrinks_between_approval_and_sending_waits_again(notifier: Notifier, told: Editor) -> None:
    config = told.root / "config.toml"
    config.write_text(f'{config.read_text()}\n[notice]\napproval = "manual"\n')
    raise_the_age(told)
    notifier("run")
    assert notifier("notice", "approve", newest(notifier)["id"]).code == 0
    roster(told.root, PEOPLE[:5])

    assert notifier("run").code == 1

    assert newest(notifier)["state"] == "awaiting_approval"
    assert mails(told) == 10


def test_a_list_that_cannot_be_read_or_has_a_bad_row_takes_nobody_away(notifier: Notifier, told: Editor) -> None:
    (told.root / "roster.csv").write_text("")
    raise_the_age(told)
    said = notifier("run")
    assert said.code == 2
    assert "roster.csv" in said.err
    assert mails(told) == 10

    roster(told.root, [*PEOPLE[:9], "9,not an address,en,"])
    assert notifier("run").code == 1
    assert len(notifier("customers", "list", "--json").json) == 10


def test_an_audience_that_shrank_with_the_revision_waits(notifier: Notifier, told: Editor) -> None:
    raise_the_age(told, "---\naudience: [chat]\n---\n\n")

    assert notifier("run").code == 1

    waiting = newest(notifier)
    assert "the audience of terms shrank" in str(waiting["why"])
    assert "8 customers would not be told" in str(waiting["why"])
    notifier("notice", "approve", waiting["id"], "--because", "only chat has an age")
    assert notifier("run").code == 0
    assert mails(told) == 10 + 2


def test_who_joins_while_the_period_runs_can_be_told_too(notifier: Notifier, told_here: Editor) -> None:
    more = told_here.root / "more.csv"
    more.write_text("id,email\nlate,late@mail.example\n")
    notice_id = newest(notifier)["id"]

    said = notifier("customers", "import", more)
    assert f"notifier notice extend {notice_id}" in said.out
    assert "has not reached 1 customer" in said.out
    idle = notifier("run").out
    assert f"{notice_id} has not reached 1 customer who joined its audience since" in idle
    assert "everybody has been told" not in idle
    before = notifier("notice", "show", notice_id, "--json").json["effective_on"]
    assert notifier("notice", "extend", notice_id).code == 0
    assert notifier("run").code == 0

    shown = notifier("notice", "show", notice_id, "--json").json
    assert (shown["state"], shown["recipients"], shown["accepted"]) == ("finished", 11, 11)
    assert shown["effective_on"] == before
    assert mails(told_here) == 11
    assert "everybody has been told" in notifier("run").out
    assert notifier("notice", "extend", notice_id).code == 2
    assert "not reached" not in notifier("customers", "import", more).out


@pytest.fixture
def over(notifier: Notifier, told_here: Editor) -> str:
    """A notice whose period is over; then an old customer comes onto the roster, a new one, and one nobody knows of."""
    more = told_here.root / "more.csv"
    since = {"old": "2020-02-01", "fresh": "2040-01-01", "somebody": ""}
    rows = "".join(f"{one},{one}@mail.example,{day}\n" for one, day in since.items())
    more.write_text(f"id,email,since\n{rows}")
    notifier("customers", "import", more)
    write_as_ours(told_here.root, "UPDATE posting SET effective_on = '2026-03-01'")
    return str(newest(notifier)["id"])


def test_whom_the_list_names_too_late_can_still_be_told_with_a_reason(
    notifier: Notifier, told_here: Editor, over: str
) -> None:
    said = notifier("status")
    assert (said.code, f"notifier notice extend {over} --because TEXT" in said.out) == (1, True)
    assert "--because TEXT" in notifier("notice", "extend", over).err
    answer = notifier("notice", "extend", over, "--because", "their rows were left out by mistake")
    assert "1 customer more; not 1 who became customers after it was posted" in answer.out

    assert notifier("run").code == 0
    shown = notifier("notice", "show", over, "--json").json
    assert (shown["recipients"], shown["accepted"], shown["effective_on"]) == (11, 11, "2026-03-01")
    assert mails(told_here) == 11
    assert notifier("status").code == 0


def test_or_a_person_says_that_they_need_not_be_told(notifier: Notifier, told_here: Editor, over: str) -> None:
    answer = notifier("notice", "accept-unreached", over, "--because", "they were told by post")

    assert "1 customer not reached" in answer.out
    assert notifier("status").code == 0
    assert notifier("run").code == 0
    assert mails(told_here) == 10


def test_who_was_a_customer_by_the_companys_own_list_and_was_not_told_is_an_alarm(
    notifier: Notifier, told_here: Editor
) -> None:
    more = told_here.root / "more.csv"
    more.write_text("id,email,since\nold,old@mail.example,2020-02-01\nfresh,fresh@mail.example,2040-01-01\n")
    notice_id = newest(notifier)["id"]
    notifier("customers", "import", more)

    said = notifier("status")
    assert (said.code, f"{notice_id} has not reached 1 customer from before it was posted" in said.out) == (1, True)
    assert notifier("run").code == 1
    assert notifier("notice", "extend", notice_id).code == 0

    assert notifier("run").code == 0
    assert notifier("status").code == 0
    assert mails(told_here) == 11


def test_a_mailbox_of_two_accounts_gets_one_letter_that_covers_both(notifier: Notifier, editor: Editor) -> None:
    for years in (16, 18):
        for name, tag in (("terms", "chat"), ("shop", "shop")):
            text = f"---\naudience: [{tag}]\n---\n\n{POLICY.format(years).replace('Terms', name.title())}"
            editor.commit(text, "Raise the age", name=f"policies/{name}.md")
        people = ["1,ana@mail.example,en,chat", "2,Ana@mail.example,en,shop", "3,ben@mail.example,en,chat"]
        notifier("customers", "import", roster(editor.root, people))
        assert notifier("run").code == 0

    letters = [path.read_text() for path in (editor.root / ".notifier" / "outbox").rglob("*.eml")]

    (to_ana,) = [letter for letter in letters if "To: Ana <" in letter or "ana@mail.example" in letter.lower()]
    assert ("Terms" in to_ana, "Shop" in to_ana, len(letters)) == (True, True, 2)
    assert "has the same address: accepted" in notifier("customers", "show", "2").out
    counts = newest(notifier)
    assert (counts["recipients"], counts["accepted"], counts["suppressed"]) == (3, 2, 1)
    assert counts["not_reached"] == 0


def test_a_second_letter_on_what_the_first_did_not_tell_is_in_the_evidence_beside_it(
    notifier: Notifier, editor: Editor
) -> None:
    """Who has a letter on one policy of a notice and then comes into the audience of the other."""
    for years in (16, 18):
        editor.commit(POLICY.format(years), "Raise the age", name="policies/terms.md")
        text = f"---\naudience: [chat]\n---\n\n{POLICY.format(years).replace('Terms', 'Chat')}"
        editor.commit(text, "Raise the age", name="policies/chat.md")
        notifier("customers", "import", roster(editor.root, ["1,ana@mail.example,en,chat", "2,ben@mail.example,en,"]))
        assert notifier("run").code == 0
    notifier("customers", "import", roster(editor.root, ["2,ben@mail.example,en,chat"]))
    assert "has not reached 1 customer who joined its audience" in notifier("status").out
    assert notifier("notice", "extend", newest(notifier)["id"]).code == 0
    assert (notifier("run").code, mails(editor)) == (0, 3)

    assert notifier("evidence", "customer", "2", "--out", "proof").code == 0
    assert len(list((editor.root / "proof").rglob("attempt-1.eml"))) == 2
    assert notifier("verify", "proof").code == 0
    assert notifier("verify").code == 0


def test_nobody_in_the_audience_is_accepted_only_with_a_reason(notifier: Notifier, told: Editor) -> None:
    raise_the_age(told, "---\naudience: [chta]\n---\n\n")
    assert notifier("run").code == 1
    notice_id = newest(notifier)["id"]

    assert notifier("notice", "approve", notice_id).code == 2
    assert notifier("notice", "approve", notice_id, "--because", "nobody has it yet").code == 0
    assert notifier("run").code == 0


def test_an_audience_that_nobody_has_is_a_mistake_in_check(notifier: Notifier, told: Editor) -> None:
    raise_the_age(told, "---\naudience: [chta]\n---\n\n")
    said = notifier("check")
    assert said.code == 1
    assert "nobody on the roster has the tag chta; write chat" in said.out

    told.commit("---\naudience: [chat]\n---\n\n" + POLICY.format(21), "Mend it", name="policies/terms.md")
    assert "audience" not in notifier("check").out


def test_a_remote_that_is_away_stops_no_notice_that_has_begun(
    notifier: Notifier, editor: Editor, tmp_path: Path
) -> None:
    remote = tmp_path / "remote.git"
    editor.git("init", "--quiet", "--bare", "-b", "main", str(remote))
    (editor.root / ".gitignore").write_text(".notifier\nsite\n")
    config = editor.root / "config.toml"
    config.write_text(f'{config.read_text()}\n[repository]\nbranch = "main"\nremote = "{remote}"\n')
    editor.git("commit", "--quiet", "--all", "-m", "Configure the remote")
    for years in (16, 18):
        editor.commit(POLICY.format(years), "Write it\n\nSignificance: significant", name="policies/terms.md")
        editor.git("push", "--quiet", str(remote), "main")
        notifier("customers", "import", roster(editor.root, PEOPLE))
        assert notifier("run").code == 0
        editor.git("fetch", "--quiet", str(remote), "main")
        editor.git("reset", "--quiet", "--hard", "FETCH_HEAD")
    more = tmp_path / "more.csv"
    more.write_text("id,email\nlate,late@mail.example\n")
    notifier("customers", "import", more)
    assert notifier("notice", "extend", newest(notifier)["id"]).code == 0
    remote.rename(tmp_path / "away.git")

    said = notifier("run")

    assert said.code == 2
    assert "cannot fetch from the remote" in said.err
    assert mails(editor) == 11
    assert notifier("status").code != 0


@pytest.mark.parametrize("has_told", [False, True])
def test_a_list_that_takes_tags_away_takes_nobody_out_of_an_audience_unasked(
    notifier: Notifier, editor: Editor, has_told: bool
) -> None:
    """Before any notice too: a list that shifted a column is as likely the first time as the tenth."""
    front_matter = "---\naudience: [chat]\n---\n"
    everybody = [f"{n},person{n}@mail.example,en,chat" for n in range(10)]
    notifier("customers", "import", roster(editor.root, everybody))
    editor.commit(front_matter + POLICY.format(16), "Write it", name="policies/terms.md")
    notifier("run")
    if has_told:
        editor.commit(front_matter + POLICY.format(18), "Raise the age", name="policies/terms.md")
        assert notifier("run").code == 0
    before = mails(editor)
    notifier("customers", "import", roster(editor.root, [one.replace(",chat", ",") for one in everybody[:9]]))
    raise_the_age(editor, front_matter)

    assert notifier("run").code == 1
    assert newest(notifier)["why"] == "9 of 10 customers lost the tag by which they are told of terms (chat)"
    assert mails(editor) == before

    notifier("notice", "approve", str(newest(notifier)["id"]), "--because", "they left the chat")
    assert notifier("run").code == 0
    assert mails(editor) == before + 1
    editor.commit(front_matter + POLICY.format(30), "And again", name="policies/terms.md")
    assert notifier("run").code == 0, "what a person has said once is not asked again"


def test_a_column_that_was_filled_down_does_not_make_one_letter_of_ten(notifier: Notifier, editor: Editor) -> None:
    everybody = [f"{n},person{n}@mail.example,en," for n in range(10)]
    notifier("customers", "import", roster(editor.root, everybody))
    editor.commit(POLICY.format(16), "Write it", name="policies/terms.md")
    notifier("run")
    notifier("customers", "import", roster(editor.root, [f"{n},person0@mail.example,en," for n in range(8)]))
    raise_the_age(editor)

    assert notifier("run").code == 1
    why = "8 of 10 customers have one and the same address, and get one letter: is that column right?"
    assert (newest(notifier)["why"], mails(editor)) == (why, 0)

    assert notifier("notice", "approve", str(newest(notifier)["id"]), "--because", "one office").code == 0
    assert notifier("run").code == 0
    assert mails(editor) == 3


def test_who_vanished_while_a_notice_waited_is_told_to_whoever_approves_it(notifier: Notifier, told: Editor) -> None:
    config = told.root / "config.toml"
    own_list = '[customers]\nfile = "roster.csv"\n'
    config.write_text(config.read_text().replace(own_list, '[notice]\napproval = "manual"\n'))
    raise_the_age(told)
    assert notifier("run").code == 1
    waiting = newest(notifier)
    assert waiting["why"] is None
    write_as_ours(told.root, "DELETE FROM customer WHERE number > 7")

    said = notifier("notice", "approve", waiting["id"])

    assert (said.code, "the roster lost 3 of 10 customers" in said.err) == (2, True)
    assert (notifier("run").code, mails(told)) == (1, 10)
    assert notifier("notice", "approve", waiting["id"], "--because", "they asked to be erased").code == 0
    assert (notifier("run").code, mails(told)) == (0, 10 + 7)


def test_a_list_that_was_cut_off_is_not_everybody(
    notifier: Notifier, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = roster(editor.root, PEOPLE)
    editor.commit(POLICY.format(16), "Write it", name="policies/terms.md")
    notifier("run")
    monkeypatch.setattr("notifier.ledger.roster.CHUNK", 4)
    take, taken = FirstList.take, list[int]()

    def cut_off(*given: Any, **more: Any) -> Any:
        taken.append(1)
        if len(taken) > 1:
            raise KeyboardInterrupt
        return take(*given, **more)

    with monkeypatch.context() as mid_way, contextlib.suppress(KeyboardInterrupt):
        mid_way.setattr(FirstList, "take", cut_off)
        notifier("customers", "import", str(people))
    raise_the_age(editor)

    assert notifier("run").code == 1
    assert mails(editor) == 0
    assert "the list roster.csv, begun " in str(newest(notifier)["why"])
    assert "is not in to its end: import it again" in notifier("doctor").out
    assert notifier("notice", "approve", str(newest(notifier)["id"])).code == 2
    assert notifier("customers", "import", str(people)).code == 0
    assert "is not in to its end" not in notifier("doctor").out
    assert notifier("notice", "approve", str(newest(notifier)["id"]), "--because", "it is in now").code == 0
    assert notifier("run").code == 0
    assert mails(editor) == 10
    editor.commit(POLICY.format(30), "And again", name="policies/terms.md")
    assert notifier("run").code == 0
