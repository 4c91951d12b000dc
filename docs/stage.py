"""The stage of the demo and of the pictures: an installation of its own, with an editor and the real command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
CUSTOMERS = CHECKOUT / "docs" / "demo-customers.csv"
INSTALLATION = ("policies", "templates", "config.toml")
EDITOR = {
    "GIT_AUTHOR_NAME": "Erin Editor",
    "GIT_AUTHOR_EMAIL": "erin@chat.example",
    "GIT_COMMITTER_NAME": "Erin Editor",
    "GIT_COMMITTER_EMAIL": "erin@chat.example",
}


@dataclass(frozen=True, slots=True)
class Revised:
    """What an editor does to one file: words and what becomes of them, and the summary for the notice."""

    name: str
    before: str
    after: str
    summary: str


SHARED_WITH_ADVERTISERS = (
    Revised(
        "privacy.md",
        "only with processors that work for us.",
        "only with processors that work for us and with advertising partners that help us measure our campaigns.",
        "We will share personal information with advertising partners that help us measure our campaigns.",
    ),
    Revised(
        "privacy.de.md",
        "nur an Auftragsverarbeiter weiter, die für uns tätig sind.",
        "nur an Auftragsverarbeiter weiter, die für uns tätig sind, und an Werbepartner, mit denen wir unsere "
        "Kampagnen messen.",
        "Wir werden personenbezogene Daten auch an Werbepartner weitergeben, mit denen wir unsere Kampagnen messen.",
    ),
    Revised(
        "privacy.fr.md",
        "qu'avec des sous-traitants qui travaillent pour nous.",
        "qu'avec des sous-traitants qui travaillent pour nous et avec des partenaires publicitaires qui nous aident "
        "à mesurer nos campagnes.",
        "Nous partagerons aussi des données personnelles avec des partenaires publicitaires qui nous aident à mesurer "
        "nos campagnes.",
    ),
)
"""The story that demo and pictures tell: data goes to a new kind of third party."""


@dataclass(frozen=True, slots=True)
class Stage:
    """An installation below `build/`, made anew from the project's own policies, templates and config."""

    folder: Path

    def set(self) -> None:
        """An empty stage: policies in a git repository of their own, nothing committed yet."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for name in INSTALLATION:
            source = CHECKOUT / name
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, self.folder / name)
        (self.folder / ".gitignore").write_text(".notifier/\nsite/\n")
        self.git("init", "-q", "-b", "main")

    def policy(self, name: str) -> Path:
        return self.folder / "policies" / name

    def rewrite(self, name: str, before: str, after: str) -> None:
        """Change words as an editor would; the words must be there, or nothing is shown."""
        path = self.policy(name)
        text = path.read_text()
        if before not in text:
            raise SystemExit(f"{path}: {before!r} is not there any more")
        path.write_text(text.replace(before, after, 1))

    def summarise(self, name: str, summary: str) -> None:
        path = self.policy(name)
        path.write_text(f'---\nsummary: "{summary}"\n---\n\n{path.read_text()}')

    def commit(self, subject: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", subject)

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.folder, env=os.environ | EDITOR, check=True)

    def git_says(self, *arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=self.folder, check=True, capture_output=True, text=True).stdout

    def notifier(self, *arguments: str, is_shown: bool = False) -> None:
        """Run the real command; shown or not, wrong use ends everything."""
        program = [sys.executable, "-m", "notifier", *arguments]
        done = subprocess.run(program, cwd=self.folder, check=False, capture_output=not is_shown)
        if done.returncode == 2 or (is_shown and done.returncode):
            raise SystemExit((done.stderr or b"").decode() or f"notifier {' '.join(arguments)} ended with an error")

    def messages(self) -> list[Path]:
        return sorted((self.folder / ".notifier" / "outbox").glob("*/*.eml"))
