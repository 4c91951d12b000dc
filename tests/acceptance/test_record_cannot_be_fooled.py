"""The record cannot be fooled: one installation, attacked line by line, as a security reviewer would go through it.

Two customers were told once that chats are kept for 60 days. Each chapter does one thing to git, the ledger, the clock,
the config or the roster, and asks: was anything significant passed over, anybody told twice, anything false said?
"""

from __future__ import annotations

import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from notifier import bootstrap
from notifier.cli import exit_code
from tests.acceptance.stage import CONFIG, PRIVACY, TERMS, Stage
from tests.called import Said

FIRST = datetime(2026, 11, 2, 9, tzinfo=UTC)
TOLD = "posted/privacy/2026-11-10"
ROSTER = "id,email,language,tags\n" + "".join(
    f"{n},person{n}@mail.example,en,{'chat' if n < 4 else ''}\n" for n in range(10)
)


class Attacked(Stage):
    """The installation, with `notifier` called in this process at a moment that the story sets."""

    now = FIRST
    capture: pytest.CaptureFixture[str]

    def notifier(self, *arguments: str) -> Said:
        self.capture.readouterr()
        code = exit_code(list(arguments))
        said = self.capture.readouterr()
        return Said(code, said.out, said.err)

    def write_to(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, encoding="utf-8")

    def configure(self, table: str, line: str) -> None:
        self.write_to("config.toml", f"{(self.root / 'config.toml').read_text()}\n[{table}]\n{line}\n")

    @property
    def mails(self) -> int:
        return len(list((self.root / ".notifier").glob("outbox*/**/*.eml")))

    def pages(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in (self.root / "site").rglob("*.html")}

    def raise_the_age(self) -> None:
        self.change("terms.md", "at least 16", "at least 18")
        self.commit("Raise the age", "Significance: significant")

    def stops(self, words: str) -> None:
        """Nothing is posted, nobody is told, no page says anything new, and whoever asks is told why."""
        before = self.mails, self.git("rev-parse", "refs/heads/main"), self.pages()
        for verb in ("run", "status"):
            said = self.notifier(verb)
            assert (said.code, words in said.out + said.err) == (1, True), (verb, said)
        assert (self.mails, self.git("rev-parse", "refs/heads/main"), self.pages()) == before

    def goes_on(self, more_mails: int) -> None:
        before = self.mails
        said = self.notifier("run")
        assert said.code == 0, said
        assert self.mails == before + more_mails


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once, and copied for each chapter."""
    return tmp_path_factory.mktemp("base")


@pytest.fixture
def stage(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Attacked:
    root = tmp_path / "chat"
    stage = Attacked(root)
    object.__setattr__(stage, "capture", capfd)
    keywords = bootstrap.installation.__wrapped__.__kwdefaults__  # type: ignore[attr-defined]  # a context manager's own
    monkeypatch.setitem(keywords, "now", lambda: stage.now)
    monkeypatch.setattr(bootstrap, "utc_now", lambda: stage.now)
    if not (base / "chat").exists():
        _make(Attacked(base / "chat"), stage, monkeypatch)
    shutil.copytree(base / "chat", root, symlinks=True)
    monkeypatch.chdir(root)
    at(stage, FIRST + timedelta(days=18))
    return stage


def _make(made: Attacked, stage: Attacked, monkeypatch: pytest.MonkeyPatch) -> None:
    object.__setattr__(made, "capture", stage.capture)
    made.root.mkdir(parents=True)
    monkeypatch.chdir(made.root)
    made.write_to("config.toml", f'{CONFIG}\n[repository]\nbranch = "main"\n\n[customers]\nfile = "roster.csv"\n')
    made.write_to("roster.csv", ROSTER)
    made.git("init", "-q", "-b", "main")
    made.write("privacy.md", PRIVACY)
    made.write("terms.md", TERMS)
    made.commit("Write down our policies")
    at(stage, FIRST)
    assert made.notifier("run").code == 0
    at(stage, FIRST + timedelta(days=8))
    made.change("privacy.md", "30 days", "60 days")
    made.commit("Keep longer", "Significance: significant")
    assert made.notifier("run").code == 0
    assert made.tags()[0] == "posted/privacy/2026-03-03"
    assert TOLD in made.tags()
    assert made.mails == 10


def at(stage: Attacked, moment: datetime) -> None:
    object.__setattr__(stage, "now", moment)


# 1. Two records


def test_a_tag_that_was_moved_lightened_deleted_or_retold_is_seen_and_put_back(stage: Attacked) -> None:
    stamp, said = stage.git("rev-parse", f"{TOLD}^{{commit}}"), stage.git("tag", "-l", "--format=%(contents)", TOLD)
    for harm in (
        ("tag", "-f", "-a", "-m", said, TOLD, "HEAD~1"),
        ("tag", "-f", TOLD, stamp),
        ("tag", "-d", TOLD),
        ("tag", "-f", "-a", "-m", said.replace("significant", "minor"), TOLD, stamp),
    ):
        stage.git(*harm)
        stage.stops("the two records differ")
        assert stage.notifier("publish").code == 1
        assert stage.notifier("doctor").code == 1
        assert stage.notifier("recover").code == 0
        assert stage.git("rev-parse", f"{TOLD}^{{commit}}") == stamp
    stage.goes_on(0)


def test_a_posting_that_somebody_forged_on_another_branch_is_adopted_by_nobody(stage: Attacked) -> None:
    said = stage.git("tag", "-l", "--format=%(contents)", TOLD).replace("2026-11-10", "2026-11-19")
    stage.git("checkout", "-q", "-b", "draft")
    stage.change("privacy.md", "60 days", "900 days")
    stage.commit("Slip it in")
    stage.git("tag", "-a", "-m", said, "posted/privacy/2026-11-19", "HEAD")
    stage.git("checkout", "-q", "main")

    stage.stops("git tag -d posted/privacy/2026-11-19")
    assert stage.notifier("recover").code == 1


def test_a_stamp_commit_that_was_amended_is_an_alarm_with_the_way_on(stage: Attacked) -> None:
    stage.change("terms.md", "at least 16", "at least 18")
    stage.git("commit", "-q", "-a", "--amend", "--no-edit")

    stage.stops("its history was rewritten")
    stage.git("merge", "-q", "-s", "ours", "--no-edit", TOLD)
    assert stage.notifier("run", "--json").json["posted"][0]["significance"] == "significant"


def test_a_lost_ledger_finishes_no_notice_and_git_knows_who_was_told(stage: Attacked) -> None:
    stage.raise_the_age()
    for path in (stage.root / ".notifier").glob("ledger.db*"):
        path.unlink()

    stage.stops("the ledger has none")
    assert stage.notifier("recover").code == 0
    stage.goes_on(10)


def test_a_ledger_of_before_tells_nobody_twice(stage: Attacked) -> None:
    ledger, copy = stage.root / ".notifier" / "ledger.db", stage.root.with_name("copy.db")
    with sqlite3.connect(ledger) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    stage.raise_the_age()
    stage.goes_on(10)
    for path in ledger.parent.glob("ledger.db*"):
        path.unlink()
    shutil.copyfile(copy, ledger)

    stage.stops("git says that it ended")
    assert stage.notifier("recover").code == 0
    stage.goes_on(0)


def test_order_comes_from_ancestry_and_no_date_goes_down(stage: Attacked, monkeypatch: pytest.MonkeyPatch) -> None:
    at(stage, FIRST)
    stage.raise_the_age()
    stage.change("privacy.md", "60 days", "90 days")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2035-01-01T00:00:00Z")
    stage.commit("Keep longer still", "Significance: significant")
    monkeypatch.delenv("GIT_COMMITTER_DATE")
    said = stage.notifier("run", "--json").json
    assert [one["policy"] for one in said["posted"]] == ["terms"]
    assert [(one["policy"], one["reason"]) for one in said["waiting"]] == [("privacy", "clock")]

    stage.configure("posting", 'timezone = "Pacific/Kiritimati"')
    at(stage, FIRST + timedelta(days=18))
    assert [one["policy"] for one in stage.notifier("run", "--json").json["posted"]] == ["privacy"]
    stage.goes_on(0)


def test_a_database_of_another_company_s_gets_none_of_our_customers(stage: Attacked) -> None:
    others = Attacked(stage.root.parent / "others")  # its folder was copied, and the address of its ledger with it
    object.__setattr__(others, "capture", stage.capture)
    others.root.mkdir()
    others.write_to(
        "config.toml",
        f"""{CONFIG}
[customers]
file = "roster.csv"

[ledger]
url = "sqlite:///{stage.root}/.notifier/ledger.db"
""",
    )
    others.write_to("roster.csv", "id,email\nb1,stranger@mail.example\n")
    others.git("init", "-q", "-b", "main")
    others.write("conditions.md", TERMS)
    others.commit("Our own")
    before = stage.notifier("customers", "list").out

    said = others.notifier("run", "--config", str(others.root / "config.toml"))

    assert (said.code, "the two records differ" in said.out) == (1, True)
    assert stage.notifier("customers", "list").out == before


def test_a_changed_outbox_sends_nobody_a_second_letter(stage: Attacked) -> None:
    stage.write_to("more.csv", "id,email,language\nlate,late@mail.example,en\n")
    stage.notifier("customers", "import", "more.csv")
    assert stage.notifier("notice", "extend", "2026-11-10-privacy").code == 0
    stage.configure("mail.outbox", 'path = ".notifier/outbox-2"')

    assert "it began on" in stage.notifier("run").out
    assert stage.mails == 10


def test_what_is_published_is_the_branch_that_is_named_and_its_folder(
    stage: Attacked, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.git("checkout", "-q", "-b", "draft")
    stage.raise_the_age()
    stage.goes_on(0)
    stage.git("checkout", "-q", "main")
    stage.git("tag", "main")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    stage.goes_on(0)
    stage.git("mv", "policies", "rules")
    stage.git("commit", "-q", "-m", "Move")
    stage.stops("policies: is not on main")


def test_one_policy_that_cannot_be_read_holds_up_no_other(stage: Attacked) -> None:
    stage.raise_the_age()
    stage.write("privacy.md", "")
    stage.commit("Lose it")

    said = stage.notifier("run")

    assert said.code == 1
    assert "an empty file" in said.out
    assert stage.mails == 20


# 2. Nobody is not everybody


def test_an_audience_of_nobody_or_fewer_waits_for_a_reason(stage: Attacked) -> None:
    for audience, words in (("chta", "nobody on the roster"), ("chat", "the audience of terms shrank")):
        stage.write("terms.md", f"---\naudience: [{audience}]\n---\n\n{TERMS.replace('16', str(18 + len(words)))}")
        stage.commit(f"For {audience}", "Significance: significant")
        said = stage.notifier("run")
        assert (said.code, words in said.out) == (1, True), said
        assert stage.mails == 10
    waiting = stage.notifier("notice", "list", "--json").json[-1]["id"]
    assert stage.notifier("notice", "approve", waiting).code == 2
    assert stage.notifier("notice", "approve", waiting, "--because", "only they have it").code == 0
    stage.goes_on(4)


def test_a_roster_cut_short_waits_and_one_who_left_is_told_no_more(stage: Attacked) -> None:
    lines = ROSTER.splitlines()
    stage.write_to("roster.csv", "\n".join(lines[:-1]) + "\n")
    stage.raise_the_age()
    stage.goes_on(9)
    stage.write_to("roster.csv", "\n".join(lines[:5]) + "\n")
    stage.change("terms.md", "at least 18", "at least 21")
    stage.commit("Again", "Significance: significant")

    said = stage.notifier("run")

    assert (said.code, "the roster lost 5 of 9" in said.out) == (1, True)
    assert stage.mails == 19


def test_policies_that_come_go_or_change_their_name_are_named_and_asked_about(stage: Attacked) -> None:
    stage.write("cookies.md", "# Cookies\n\nWe set one cookie.\n")
    said = stage.notifier("check")
    assert (said.code, "announce: true or false" in said.out) == (1, True)
    stage.commit("Add a policy")
    assert stage.notifier("run").code == 1
    at(stage, stage.now + timedelta(hours=73))
    stage.goes_on(10)

    stage.git("rm", "-q", "policies/terms.md")
    stage.git("commit", "-q", "-m", "Drop the terms")
    said = stage.notifier("run")
    assert (said.code, "Must customers be told?" in said.out) == (1, True)
    stage.notifier("decide", "terms", "minor", "--because", "closed", "--by", "Zoe")
    stage.goes_on(0)

    stage.git("rm", "-q", "--cached", "policies/cookies.md")
    stage.path("cookies.md").unlink()
    stage.write("tracking.md", "# Tracking\n\nWe follow you everywhere and sell what we see for money.\n")
    assert "it was cookies" in stage.notifier("check").out
    stage.commit("Rename and rewrite", "Significance: significant")
    assert stage.notifier("run", "--json").json["posted"][0]["policy"] == "tracking"
    assert stage.mails == 30


def test_a_close_call_waits_by_one_clock_and_is_settled_as_a_whole(stage: Attacked) -> None:
    stage.write("privacy.md", stage.text("privacy.md").replace("We keep chats", "Flibber gromsk nalder wipt chats"))
    odd = stage.commit("Say something that nobody can judge")
    assert stage.notifier("run").code == 1
    at(stage, stage.now + timedelta(hours=70))
    stage.change("privacy.md", "explains here", "explains")
    stage.commit("A typo")
    waiting = stage.notifier("run", "--json").json["waiting"]
    assert odd in waiting[0]["revisions"]

    at(stage, stage.now + timedelta(hours=3))
    stage.goes_on(10)
