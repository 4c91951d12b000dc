"""Every story begins with an installation whose policies have been adopted: made once, and copied for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.stage import Stage


@pytest.fixture(scope="session")
def _fresh(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(tmp_path_factory.mktemp("fresh") / "chat").set_up()


@pytest.fixture(scope="session")
def _adopted(_fresh: Stage, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    made = _fresh.copied(tmp_path_factory.mktemp("adopted") / "chat")
    assert made.run_as_of("2026-11-01T09:00:00+00:00").code == 0
    return made


@pytest.fixture
def fresh(_fresh: Stage, tmp_path: Path) -> Stage:
    """Policies in git and a roster; Notifier has never run."""
    return _fresh.copied(tmp_path / "chat")


@pytest.fixture
def stage(_adopted: Stage, tmp_path: Path) -> Stage:
    """The same after its first run."""
    return _adopted.copied(tmp_path / "chat")
