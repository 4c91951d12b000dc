"""The law of the one road, for as long as somebody has time."""

from __future__ import annotations

import pytest

from tests.usecases.one_road import play


@pytest.mark.soak
@pytest.mark.parametrize("_part", range(20))
def test_preview_dry_run_and_run_give_one_answer(_part: int) -> None:
    play(stories=15, steps=20)
