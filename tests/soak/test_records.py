"""Tags, ledgers, clocks and transports harmed at random: somebody is told, or `status` says who is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak.records_story import RecordsStory
from tests.usecases.road import PEOPLE

SEEDS = 1_000
TOGETHER = 20


def test_a_few_seeds_of_harmed_records(tmp_path: Path) -> None:
    story = RecordsStory(6, tmp_path / "chat")
    story.tell(5)
    assert len(story.letters()) == 2 * len(PEOPLE), "in this seed two notices go out"


@pytest.mark.soak
@pytest.mark.parametrize("first", range(0, SEEDS, TOGETHER))
def test_a_thousand_seeds_of_harmed_records(first: int, tmp_path: Path) -> None:
    for seed in range(first, first + TOGETHER):
        RecordsStory(seed, tmp_path / str(seed) / "chat").tell()
