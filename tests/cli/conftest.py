"""The command line as a person meets it: arguments in; exit code, stdout and stderr out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from notifier.cli import exit_code

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
        return Answer(code, captured.out, captured.err)

    return call
