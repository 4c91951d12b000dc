"""How people lay out languages, and what lies beside policies: read right, or refused by name."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from notifier.repository import Repository

ENGLISH = "# Privacy Policy\n\nWe keep your messages for 30 days after you close the account with us.\n"
GERMAN = "# Datenschutz\n\nWir bewahren Ihre Nachrichten 30 Tage lang auf, nachdem Sie das Konto geschlossen haben.\n"
POLISH = "# Prywatność\n\nPrzechowujemy Twoje wiadomości przez 30 dni po zamknięciu konta i nikomu ich nie dajemy.\n"


def repository(root: Path, files: dict[str, str], *, policies: str = "policies") -> Repository:
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=root, check=True)
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    subprocess.run(["git", "add", "-A"], cwd=root, check=True)
    command = ["git", "-c", "user.name=E", "-c", "user.email=e@chat.example", "commit", "-qm", "Begin"]
    subprocess.run(command, cwd=root, check=True)
    private = [root / name for name in (".notifier", "site")]
    return Repository.open(root, branch="main", policies_path=policies, private=private)


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
