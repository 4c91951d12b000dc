"""Every story begins with an installation whose policies have been adopted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.stage import Stage


@pytest.fixture
def fresh(tmp_path: Path) -> Stage:
    """Policies in git and a roster; Notifier has never run."""
    return Stage(tmp_path / "chat").set_up()


@pytest.fixture
def stage(fresh: Stage) -> Stage:
    """The same after its first run."""
    assert fresh.run_as_of("2026-11-01T09:00:00+00:00").code == 0
    return fresh
