"""The first hour: own policies in place of the samples, and nobody written to in the name of a made-up company."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Editor, Notifier

from notifier.config import load
from notifier.errors import Refused
from notifier.usecases.samples import refuse_samples

OWN = "# Privacy Policy\n\nLast updated: May 1, 2024\n\nWe at Firm keep your messages for 30 days.\n"
SMTP = 'transport = "smtp"'


@pytest.fixture
def playground(notifier: Notifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Editor:
    notifier("init", tmp_path, "--samples")
    monkeypatch.chdir(tmp_path)
    return Editor(tmp_path)


def configure(root: Path, before: str, after: str) -> None:
    path = root / "config.toml"
    path.write_text(path.read_text().replace(before, after, 1))


def test_own_policies_over_the_samples_are_held_against_nothing(playground: Editor, notifier: Notifier) -> None:
    for path in (playground.root / "policies").iterdir():
        path.unlink()
    (playground.root / "policies/privacy.md").write_text(OWN)
    answer = notifier("check", "--json")

    assert answer.code == 0
    rules = {one["rule"] for one in answer.json["findings"] if one["path"] != "config.toml"}
    assert rules <= {"how-we-notify", "effective-date"}
    assert answer.json["changed"] == []


def test_check_and_doctor_know_the_samples(playground: Editor, notifier: Notifier) -> None:
    checked, examined = notifier("check"), notifier("doctor")

    assert 'policies/privacy.md:5: "Harbour Chat Pte Ltd" is the samples\'' in checked.out
    assert "config.toml:1: company.name, company.address, company.contact" in checked.out
    assert "--  samples    config.toml: company.name, company.address" in examined.out
    configure(playground.root, '# transport = "outbox"', SMTP)
    assert notifier("check").code == 1
    assert "!!  samples" in notifier("doctor").out


def test_what_is_left_of_the_samples_in_ones_own_policy_is_to_be_mended(notifier: Notifier, tmp_path: Path) -> None:
    notifier("init", tmp_path, "--company", "Firm", "--sender", "a@firm.com", "--pages", "https://firm.com/legal")
    text = OWN + "\nWrite to privacy@chat.example.\n"
    (tmp_path / "policies/privacy.md").write_text(text)
    answer = notifier("check", "--config", tmp_path)

    assert answer.code == 1
    assert 'policies/privacy.md:7: "chat.example" is the samples\'' in answer.out


def test_nobody_is_written_to_in_the_samples_name(playground: Editor, notifier: Notifier) -> None:
    notifier("run")
    playground.git("config", "user.name", "Erin")
    path = playground.root / "policies/terms.md"
    path.write_text(path.read_text().replace("30 days", "3 days"))
    playground.git("commit", "-qam", "Less time")
    configure(playground.root, '# transport = "outbox"', SMTP)
    before = playground.git("rev-parse", "HEAD")
    answer = notifier("run")

    assert (answer.code, playground.git("rev-parse", "HEAD")) == (2, before)
    assert "still the samples'; nobody is written to with them" in answer.err


@pytest.mark.parametrize(
    ("name", "people", "is_refused"),
    [
        ("Harbour Chat Pte Ltd", ["ana@mail.example"], True),
        ("Firm Ltd", ["ana@mail.example", "bo@firm.com"], True),
        ("Firm Ltd", ["ana@mail.example", "bo@example.org"], False),
    ],
)
def test_with_an_address_of_the_samples_left_only_made_up_people_are_written_to(
    tmp_path: Path, name: str, people: list[str], is_refused: bool
) -> None:
    table = f'[company]\nname = "{name}"\naddress = "1 Sample Street, Singapore"\n'
    mail = f'[mail]\nfrom = "a@chat.example"\n{SMTP}\n[page]\nurl = "https://firm.com"\n'
    (tmp_path / "config.toml").write_text(table + mail)
    config = load(tmp_path / "config.toml", {})

    if not is_refused:
        return refuse_samples(config, (), people)
    with pytest.raises(Refused, match="still the samples'"):
        refuse_samples(config, (), people)
    return None


def test_before_there_is_a_policy_nothing_is_said_to_stand(
    notifier: Notifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notifier("init", tmp_path, "--company", "Firm Ltd")
    monkeypatch.chdir(tmp_path)

    assert notifier("run").out.startswith("no policy here yet: write one as Markdown")
    assert notifier("preview").out.startswith("no policy here yet: write one as Markdown")
