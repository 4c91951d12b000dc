"""`notifier init`: a whole installation from nothing, and nothing lost of what is there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.cli.conftest import Notifier

from notifier.config import load
from notifier.usecases.samples import sample_keys, speaks_as_samples


@pytest.fixture(autouse=True)
def no_identity(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Git knows nobody, as on a fresh machine."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def test_an_installation_is_made_from_nothing(notifier: Notifier, tmp_path: Path) -> None:
    answer = notifier("init", tmp_path / "legal")
    root = tmp_path / "legal"

    assert answer.code == 0
    assert "made   config.toml, policies, templates, .gitignore" in answer.out
    assert "notifier run" in answer.out
    config = load(root / "config.toml", {})
    assert config.policies_dir.is_dir()
    assert config.repository.branch == git(root, "symbolic-ref", "--short", "HEAD")
    assert git(root, "status", "--porcelain") == ""
    assert git(root, "log", "--format=%an <%ae>") == "Notifier <notifier@localhost>"
    files = set(git(root, "ls-files").splitlines())
    assert "config.toml" in files
    assert [name for name in files if name.startswith("policies/")] == ["policies/.gitkeep"]


def test_what_is_said_stands_in_the_config_and_nothing_of_the_samples(notifier: Notifier, tmp_path: Path) -> None:
    said = ("--company", 'Haus "Ü" GmbH', "--sender", "Haus, Hof <recht@haus.de>", "--pages", "https://haus.de/recht")
    answer = notifier("init", tmp_path, *said, "--language", "de")
    config = load(tmp_path / "config.toml", {})

    assert (config.company.name, config.company.address) == ('Haus "Ü" GmbH', "")
    assert (config.mail.from_, config.company.contact) == ("Haus, Hof <recht@haus.de>", "recht@haus.de")
    assert (config.page.url, config.policies.language) == ("https://haus.de/recht", "de")
    assert not sample_keys(config)
    assert not config.notice.action
    assert sorted(config.link_hosts) == ["haus.de"]
    assert "fill in" not in answer.out


def test_what_was_not_said_is_named_and_nobody_is_written_to_before_that(notifier: Notifier, tmp_path: Path) -> None:
    answer = notifier("init", tmp_path, "--company", "Haus GmbH")
    config = load(tmp_path / "config.toml", {})

    assert "1. config.toml: mail.from, page.url; nobody is written to before that" in answer.out
    assert (sample_keys(config), config.page.url) == (("mail.from",), None)
    assert "no policy here yet" in notifier("preview", "--config", tmp_path).out


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [("--sender", "privacy at firm", "not a mail address"), ("--pages", "firm.com", "expected an address such as")],
)
def test_what_cannot_be_is_refused_before_anything_is_made(
    notifier: Notifier, tmp_path: Path, option: str, value: str, said: str
) -> None:
    answer = notifier("init", tmp_path / "legal", option, value)

    assert (answer.code, (tmp_path / "legal").exists()) == (2, False)
    assert f"{option}: {said}" in answer.err


def test_asked_at_a_terminal_it_takes_answers_and_asks_again_for_what_cannot_be(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from notifier.cli import init

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(init, "_is_at_a_terminal", lambda: True)
        answers = "Firm Ltd\nfirm.com\nhttps://firm.com/legal\nFirm <privacy@firm.com>\n\n"
        CliRunner().invoke(init.command, [str(tmp_path)], input=answers, catch_exceptions=False)
    config = load(tmp_path / "config.toml", {})

    assert (config.company.name, config.page.url) == ("Firm Ltd", "https://firm.com/legal")
    assert (config.mail.from_, config.policies.language) == ("Firm <privacy@firm.com>", "en")


def test_samples_come_only_when_asked_for(notifier: Notifier, tmp_path: Path) -> None:
    notifier("init", tmp_path, "--samples")
    config = load(tmp_path / "config.toml", {})

    assert {"policies/privacy.md", "policies/privacy.de.md"} <= set(git(tmp_path, "ls-files").splitlines())
    assert (speaks_as_samples(config), config.mail.transport) == (True, "outbox")


@pytest.mark.parametrize("folder", ["legal", "docs/policies", "."])
def test_a_folder_of_policies_that_is_there_is_the_one(notifier: Notifier, tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    (tmp_path / folder / "privacy.md").write_text("# Privacy\n\nWe keep chats.\n", encoding="utf-8")
    answer = notifier("init", tmp_path)

    assert load(tmp_path / "config.toml", {}).policies.path == folder
    assert not (tmp_path / "policies").exists()
    assert "as they are" in answer.out
    assert str(Path(folder) / "privacy.md") in git(tmp_path, "ls-files").splitlines()


GERMAN = "# Datenschutz\n\nWir bewahren Ihre Nachrichten 30 Tage lang auf, nachdem Sie das Konto geschlossen haben.\n"
ENGLISH = "# Privacy Policy\n\nWe keep your messages for 30 days after you close the account with us.\n"


@pytest.mark.parametrize(
    ("translation", "text", "layout"),
    [
        ("privacy.de.md", GERMAN, "suffix"),
        ("privacy-de.md", GERMAN, "dash"),
        ("de/privacy.md", GERMAN, "folder"),
        ("privacy/de.md", GERMAN, "inside"),
        ("privacy-uk.md", ENGLISH, "suffix"),
        ("de/privacy.md", ENGLISH, "suffix"),
        ("de/imprint.md", GERMAN, "suffix"),
    ],
)
def test_the_habit_by_which_translations_are_named_is_recognised_where_it_is_plain(
    notifier: Notifier, tmp_path: Path, translation: str, text: str, layout: str
) -> None:
    for name, content in (("privacy.md", ENGLISH), (translation, text)):
        (tmp_path / "policies" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "policies" / name).write_text(content)
    assert notifier("init", tmp_path, "--company", "Firm").code == 0

    assert load(tmp_path / "config.toml").policies.layout == layout


def test_in_a_projects_own_folder_what_is_no_policy_is_left_out_by_name(notifier: Notifier, tmp_path: Path) -> None:
    for name in ("privacy.md", "README.md", "notes.md"):
        (tmp_path / name).write_text(ENGLISH)
    notifier("init", tmp_path, "--company", "Firm")
    policies = load(tmp_path / "config.toml").policies

    assert (policies.path, policies.files) == (".", ("!notes.md",))


@pytest.mark.parametrize("translation", ["privacy.de.md", "privacy-de.md", "de/privacy.md", "privacy/de.md"])
def test_in_a_projects_own_folder_the_first_commit_holds_the_translations_too(
    notifier: Notifier, tmp_path: Path, translation: str
) -> None:
    for name, text in (("privacy.md", ENGLISH), (translation, GERMAN), ("docs/notes.md", ENGLISH)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    notifier("init", tmp_path, "--company", "Firm", "--policies", ".")

    committed = [name for name in git(tmp_path, "ls-files").splitlines() if name.endswith(".md")]
    assert committed == sorted(["privacy.md", translation])


def test_the_configured_folder_is_the_one_also_the_second_time(notifier: Notifier, tmp_path: Path) -> None:
    notifier("init", tmp_path, "--policies", "words")
    again = notifier("init", tmp_path, "--json").json

    assert (again["made"], again["policies"]) == ([], "words")
    assert not (tmp_path / "policies").exists()


def test_of_several_folders_one_must_be_named(notifier: Notifier, tmp_path: Path) -> None:
    for folder in ("legal", "docs/policies"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "privacy.md").write_text("# Privacy\n", encoding="utf-8")
    asked = notifier("init", tmp_path)

    assert (asked.code, (tmp_path / "config.toml").exists()) == (2, False)
    assert "docs/policies, legal; say --policies FOLDER" in asked.err
    assert notifier("init", tmp_path, "--policies", "legal").code == 0


def test_a_site_of_their_own_is_not_written_over(notifier: Notifier, tmp_path: Path) -> None:
    (tmp_path / "site/legal").mkdir(parents=True)
    (tmp_path / "site/legal/privacy.md").write_text("# Privacy\n", encoding="utf-8")
    notifier("init", tmp_path)
    config = load(tmp_path / "config.toml", {})

    assert (config.policies.path, config.page.path) == ("site/legal", "policy-pages")
    assert "site/legal/privacy.md" in git(tmp_path, "ls-files").splitlines()


def test_a_repository_that_could_not_be_used_is_refused_before_anything_is_made(
    notifier: Notifier, tmp_path: Path
) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256")
    answer = notifier("init", tmp_path)

    assert answer.code == 2
    assert "sha256 repositories are not supported" in answer.err
    assert [path.name for path in tmp_path.iterdir()] == [".git"]


@pytest.mark.parametrize("has_commits", [False, True])
def test_a_repository_with_sha256_is_refused_with_one_line_that_mends_it(
    notifier: Notifier, tmp_path: Path, has_commits: bool
) -> None:
    legal = tmp_path / "our legal"
    legal.mkdir()
    git(legal, "init", "-q", "-b", "trunk", "--object-format=sha256")
    if has_commits:
        (legal / "privacy.md").write_text(ENGLISH)
        git(legal, "add", "-A")
        git(legal, "-c", "user.name=Erin", "-c", "user.email=erin@firm.example", "commit", "-qm", "Our policy")
    refused = notifier("init", legal)
    mend = refused.err.strip().partition("; run: ")[2]

    assert refused.code == 2
    subprocess.run(["sh", "-c", mend], check=True, capture_output=True, cwd=tmp_path)
    mended = tmp_path / "our legal-sha1" if has_commits else legal
    assert notifier("init", mended).code == 0
    if has_commits:
        assert (mended / "privacy.md").read_text() == ENGLISH
        assert git(mended, "log", "--format=%an %s", "trunk") == "Erin Our policy"


def test_where_git_makes_sha256_by_habit_it_is_told_otherwise(
    notifier: Notifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DEFAULT_HASH", "sha256")
    notifier("init", tmp_path / "legal", "--samples")

    assert notifier("preview", "--config", tmp_path / "legal").code == 0


def test_the_ledger_and_the_outbox_never_go_into_git(notifier: Notifier, tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.bak\n", encoding="utf-8")
    notifier("init", tmp_path)
    (tmp_path / ".notifier" / "ledger.db").write_bytes(b"")

    assert git(tmp_path, "status", "--porcelain") == ""
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "*.bak\n"


def test_a_roster_beside_the_config_does_not_go_into_git_by_itself(notifier: Notifier, tmp_path: Path) -> None:
    notifier("init", tmp_path)
    for name in ("customers.csv", "roster.csv", "customers-2026.csv"):
        (tmp_path / name).write_text("email\nana@mail.example\n", encoding="utf-8")

    assert git(tmp_path, "status", "--porcelain") == ""


def test_what_is_there_stays_as_it_is(notifier: Notifier, tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "ours.md").write_text("# Ours\n", encoding="utf-8")
    (tmp_path / "config.toml").write_text('[mail]\nfrom = "a@mail.example"\n', encoding="utf-8")
    answer = notifier("init", tmp_path, "--json")

    assert answer.json["kept"] == ["config.toml", "policies"]
    assert [path.name for path in (tmp_path / "policies").iterdir()] == ["ours.md"]
    assert (tmp_path / "config.toml").read_text(encoding="utf-8") == '[mail]\nfrom = "a@mail.example"\n'


def test_init_twice_changes_nothing(notifier: Notifier, tmp_path: Path) -> None:
    first = notifier("init", tmp_path, "--json").json["commit"]
    second = notifier("init", tmp_path, "--json").json

    assert (second["made"], second["commit"]) == ([], None)
    assert git(tmp_path, "rev-parse", "HEAD") == first


def test_inside_a_repository_with_commits_the_commit_is_left_to_its_people(notifier: Notifier, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "live")
    git(tmp_path, "-c", "user.name=Ana", "-c", "user.email=ana@chat.example", "commit", "--allow-empty", "-qm", "Begin")
    answer = notifier("init", tmp_path / "legal")

    assert "commit what is new" in answer.out
    assert git(tmp_path, "log", "--format=%s") == "Begin"
    assert not (tmp_path / "legal" / ".git").exists()


def test_the_first_commit_bears_the_name_that_git_knows(
    notifier: Notifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gitconfig").write_text("[user]\nname = Ana\nemail = ana@chat.example\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    notifier("init", tmp_path / "legal")

    assert git(tmp_path / "legal", "log", "--format=%an") == "Ana"


def test_a_file_in_the_way_is_named(notifier: Notifier, tmp_path: Path) -> None:
    (tmp_path / "legal").write_text("", encoding="utf-8")
    answer = notifier("init", tmp_path / "legal")

    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"{tmp_path}/legal")
