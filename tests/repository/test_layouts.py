"""How people lay out languages, and what lies beside policies: read right, or refused by name."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from notifier.repository import Repository

ENGLISH = "# Privacy Policy\n\nWe keep your messages for 30 days after you close the account with us.\n"
GERMAN = "# Datenschutz\n\nWir bewahren Ihre Nachrichten 30 Tage lang auf, nachdem Sie das Konto geschlossen haben.\n"
POLISH = "# Prywatność\n\nPrzechowujemy Twoje wiadomości przez 30 dni po zamknięciu konta i nikomu ich nie dajemy.\n"


def repository(root: Path, contents: dict[str, str], *, policies: str = "policies", **said: Any) -> Repository:
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=root, check=True)
    for name, text in contents.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    subprocess.run(["git", "add", "-A"], cwd=root, check=True)
    command = ["git", "-c", "user.name=E", "-c", "user.email=e@chat.example", "commit", "-qm", "Begin"]
    subprocess.run(command, cwd=root, check=True)
    private = [root / name for name in (".notifier", "site")]
    return Repository.open(root, branch="main", policies_path=policies, private=private, **said)


@pytest.mark.parametrize(
    ("name", "text", "mend"),
    [
        ("privacy-de.md", GERMAN, "policies/privacy.de.md"),
        ("privacy_de.md", GERMAN, "policies/privacy.de.md"),
        ("privacy.DE.md", GERMAN, "policies/privacy.DE.md"),
        ("privacy-de-AT.md", GERMAN, "policies/privacy.de-AT.md"),
        ("privacy_de_AT.md", GERMAN, "policies/privacy.de-AT.md"),
        ("de/privacy.md", GERMAN, "policies/privacy.de.md"),
        ("legal/de/privacy.md", GERMAN, "policies/legal/privacy.de.md"),
        ("privacy/de.md", GERMAN, "policies/privacy.de.md"),
        ("privacy-pl.md", POLISH, "policies/privacy.pl.md"),
    ],
)
def test_a_translation_by_its_name_is_refused_with_the_name_it_needs(
    tmp_path: Path, name: str, text: str, mend: str
) -> None:
    with repository(tmp_path, {"policies/privacy.md": ENGLISH, f"policies/{name}": text}) as opened:
        heads = opened.heads()

    assert list(heads.revisions) == ["privacy"]
    [finding] = [one for findings in heads.mistakes.values() for one in findings if one.line == 1]
    assert (finding.path, f"call it {mend}," in finding.mend) == (f"policies/{name}", True)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("terms-uk.md", ENGLISH),
        ("privacy-it.md", ENGLISH),
        ("de/privacy.md", ENGLISH),
        ("terms/en.md", ENGLISH),
        ("privacy-de.md", f"---\nlanguage: de\n---\n{GERMAN}"),
    ],
)
def test_a_name_alone_proves_nothing(tmp_path: Path, name: str, text: str) -> None:
    with repository(tmp_path, {"policies/privacy.md": ENGLISH, f"policies/{name}": text}) as opened:
        heads = opened.heads()

    assert not heads.mistakes
    assert len(heads.revisions) == 2


def test_in_the_projects_own_folder_only_policies_are_policies(tmp_path: Path) -> None:
    beside = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE.md", "README.de.md", "docs.mdx", ".github/a.md")
    files = {"privacy.md": ENGLISH, "legal/security.md": ENGLISH, ".gitignore": "/build/\n"}
    with repository(tmp_path, files | dict.fromkeys(beside, "# Our project\n"), policies=".") as opened:
        for name in (
            "site/privacy/2026-01-01.md",
            "public/terms/2026-01-01.2.md",
            "build/out.md",
            "node_modules/x/terms.md",
        ):
            (tmp_path / name).parent.mkdir(parents=True)
            (tmp_path / name).write_text(ENGLISH)

        assert list(opened.heads().revisions) == ["legal/security", "privacy"]
        assert opened.heads().mistakes == {}
        assert opened.working_policies() == ("legal/security", "privacy")
        assert opened.working_mistakes() == {}


def test_there_a_file_that_people_take_for_a_policy_is_named_where_it_is_read_as_none(tmp_path: Path) -> None:
    files = {"legal/terms.md": ENGLISH, "legal/privacy.markdown": ENGLISH, "node_modules/x/terms.MD": ENGLISH}
    with repository(tmp_path, files, policies=".") as opened:
        heads, working = opened.heads().mistakes, opened.working_mistakes()

    named = [str(finding) for findings in (heads, working) for found in findings.values() for finding in found]
    assert [one.split(" is not")[0] for one in named] == ["legal/privacy.markdown:1: .markdown"] * 2


def test_what_a_translation_cannot_say_is_named_and_not_passed_over(tmp_path: Path) -> None:
    said = "post_on: 2027-02-01\nretired: 2027-06-01\naudience: [vip]\nannounce: true\nlanguage: fr"
    english = f"---\naudience: [vip]\nannounce: false\n---\n{ENGLISH}"
    files = {"policies/privacy.md": english, "policies/privacy.de.md": f"---\n{said}\n---\n{GERMAN}"}
    with repository(tmp_path, files) as opened:
        heads, working = opened.heads(), opened.working_mistakes()

    found = [(one.path, one.message.split(" says nothing")[0]) for one in heads.mistakes["privacy"]]
    named = ["post_on", "retired", "announce", "by its name it is de, whatever its front matter says"]
    assert found == [("policies/privacy.de.md", name) for name in named]
    assert working == heads.mistakes
    assert "write it into policies/privacy.md" in str(heads.mistakes["privacy"][0])


@pytest.mark.parametrize(
    ("habit", "controlling", "german"),
    [
        ("dash", "privacy.md", "privacy-de.md"),
        ("dash", "legal/privacy_en.md", "legal/privacy_de_AT.md"),
        ("folder", "privacy.md", "de/privacy.md"),
        ("folder", "en/legal/privacy.md", "de/legal/privacy.md"),
        ("inside", "privacy.md", "privacy/de.md"),
        ("inside", "privacy/en.md", "privacy/de.md"),
    ],
)
def test_translations_by_the_habit_of_the_house_are_read(
    tmp_path: Path, habit: str, controlling: str, german: str
) -> None:
    files = {f"policies/{controlling}": ENGLISH, f"policies/{german}": GERMAN, "policies/terms.md": ENGLISH}
    with repository(tmp_path, files, habit=habit) as opened:
        heads = opened.heads()

    assert heads.mistakes == {}
    (policy,) = (one for name, one in heads.revisions.items() if name.endswith("privacy"))
    assert {text.path for text in policy.texts.values()} == {f"policies/{controlling}", f"policies/{german}"}
    assert {language[:2] for language in policy.texts} == {"en", "de"}


def test_a_translation_by_the_habit_of_the_house_needs_its_text_as_any_does(tmp_path: Path) -> None:
    with repository(
        tmp_path, {"policies/privacy.md": ENGLISH, "policies/de/terms.md": GERMAN}, habit="folder"
    ) as opened:
        [finding] = opened.heads().mistakes["terms"]

    assert finding.message == "a translation without its controlling text"


def test_what_no_policy_is_called_is_published_only_after_a_word(tmp_path: Path) -> None:
    files = {"policies/privacy.md": ENGLISH, "policies/README.md": "# How we edit\n\nAsk Lena first.\n"}
    with repository(tmp_path, files) as opened:
        heads = opened.heads()
        [finding] = heads.mistakes["README"]
    assert list(heads.revisions) == ["privacy"]
    assert 'policies.files = ["!README.md"]' in finding.mend

    (tmp_path / "policies/README.md").write_text("---\nannounce: false\n---\n# Privacy at a glance\n\nAll of it.\n")
    with repository(tmp_path, {}) as opened:
        assert list(opened.heads().revisions) == ["README", "privacy"]


def test_the_config_names_the_files_that_are_policies(tmp_path: Path) -> None:
    files = {f"policies/{name}.md": ENGLISH for name in ("privacy", "README", "legal/dpa", "draft")}
    files["policies/privacy.de.md"] = GERMAN
    with repository(tmp_path, files, files=("!README.md", "!draft.md")) as opened:
        assert list(opened.heads().revisions) == ["legal/dpa", "privacy"]
        assert opened.heads().mistakes == {}
        assert list(opened.heads().revisions["privacy"].texts) == ["en", "de"]
    with repository(
        tmp_path, {"policies/new.md": ENGLISH}, files=("privacy.md", "legal/*", "!README.md", "!draft.md")
    ) as opened:
        assert list(opened.heads().revisions) == ["legal/dpa", "privacy"]
        [finding] = opened.heads().mistakes[""]
        assert (finding.path, finding.message) == (
            "policies/new.md",
            "policies.files does not name it: it is not published",
        )


def test_in_the_projects_own_folder_a_stray_text_waits_for_a_word(tmp_path: Path) -> None:
    files = {"privacy.md": ENGLISH, "docs/guide.md": "# Guide\n\nHello.\n", "notes.md": "# Notes\n\nHello.\n"}
    with repository(tmp_path, files, policies=".") as opened:
        heads = opened.heads()

    assert list(heads.revisions) == ["privacy"]
    assert list(heads.mistakes) == ["notes"]
