"""The command line as a person meets it: arguments in; exit code, stdout and stderr out."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.schemas import hold_to_schema
from tests.standins.hooks import HookReceiver, hook_receiver

from notifier.cli import exit_code

ALARMS_SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
LEAST_CONFIG = '[mail]\nfrom = "Harbour Chat <privacy@chat.example>"\n'


@dataclass(frozen=True)
class Answer:
    """What one call of `notifier` came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Notifier = Callable[..., Answer]
Configure = Callable[..., None]
MadeOnce = Callable[[Callable[[], object]], None]


@dataclass(frozen=True)
class Editor:
    """Somebody who writes policies and commits them with plain git."""

    root: Path

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=Erin", "-c", "user.email=erin@chat.example")
        done = subprocess.run(["git", *identity, *arguments], cwd=self.root, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, text: str, subject: str, *, name: str = "policies/privacy.md", on: str = "2026-03-01") -> str:
        """Write `text` into the policy `name` and commit it as of the day `on`; the commit's id."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.git("add", "--", name)
        date = f"{on}T12:00:00+00:00"
        subprocess.run(
            ["git", "-c", "user.name=Erin", "-c", "user.email=erin@chat.example", "commit", "-q", "-m", subject],
            cwd=self.root,
            check=True,
            env=os.environ | {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date},
        )
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with the least config, and the folder in which `notifier` is called."""
    (tmp_path / "config.toml").write_text(LEAST_CONFIG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("NOTIFIER_LEDGER_URL", "NOTIFIER_DEBUG", "SENDGRID_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def notifier(capfd: pytest.CaptureFixture[str]) -> Notifier:
    """Call `notifier` in this process."""

    def call(*arguments: str | Path) -> Answer:
        capfd.readouterr()
        code = exit_code([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        if code in (0, 1):
            hold_to_schema([str(argument) for argument in arguments], captured.out)
        return Answer(code, captured.out, captured.err)

    return call


@pytest.fixture(scope="session")
def _repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One in which the least config is committed: to copy, which costs a tenth of making it."""
    editor = Editor(tmp_path_factory.mktemp("repository"))
    (editor.root / "config.toml").write_text(LEAST_CONFIG, encoding="utf-8")
    editor.git("init", "-q", "-b", "main")
    editor.git("add", "config.toml")
    editor.git("commit", "-q", "-m", "Configure")
    return editor.root / ".git"


@pytest.fixture
def editor(root: Path, _repository: Path) -> Editor:
    """An editor in a fresh repository; the config is committed."""
    shutil.copytree(_repository, root / ".git", symlinks=True)
    return Editor(root)


@pytest.fixture(scope="session")
def _kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def made_once(root: Path, _kept: Path) -> MadeOnce:
    """Makes what several stories begin with; for the second and later ones it is copied.

    Not where a notice went out and is taken up again: it knows the outbox by its place, and waits at another.
    """

    def ready(make: Callable[[], object]) -> None:
        assert {each.name for each in root.iterdir()} <= {".git", "config.toml"}, "make it first: it would be kept too"
        assert (root / "config.toml").read_text(encoding="utf-8") == LEAST_CONFIG
        kept = _kept / f"{make.__module__}.{make.__qualname__}"
        if kept.exists():
            shutil.rmtree(root / ".git", ignore_errors=True)  # what git keeps there nobody may write over
            shutil.copytree(kept, root, symlinks=True, dirs_exist_ok=True)
        else:
            make()
            shutil.copytree(root, kept, symlinks=True)

    return ready


@pytest.fixture
def configure(root: Path) -> Configure:
    """Write the least config, and what is given below it."""

    def write(*parts: str) -> None:
        (root / "config.toml").write_text("\n".join((LEAST_CONFIG, *parts)), encoding="utf-8")

    return write


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> Iterator[HookReceiver]:
    """Somebody who takes alarms by webhook, and the secret in the environment."""
    monkeypatch.setenv("NOTIFIER_ALARMS_WEBHOOK_SECRET", ALARMS_SECRET)
    with hook_receiver() as desk:
        yield desk


@pytest.fixture
def adopted(editor: Editor, notifier: Notifier, made_once: MadeOnce) -> Editor:
    """A policy that stands as posted."""

    def make() -> None:
        editor.commit("# Privacy\n\nUpdated March 1, 2026.\n\nWe keep chats for 30 days.\n", "Write")
        assert notifier("run").code == 0

    made_once(make)
    return editor


TERMS = "# Terms\n\nUpdated March 2, 2026.\n\nBe kind.\n"


@pytest.fixture
def waiting(adopted: Editor) -> Editor:
    """Beside it a new one, and nobody says whether customers are told: it waits for a person."""
    adopted.commit(TERMS, "Write terms", name="policies/terms.md", on="2026-03-02")
    return adopted
