"""A run that is killed at any step is finished by the next one: the same end, nobody told twice, no posting lost."""

from __future__ import annotations

import signal
from email.message import EmailMessage

import pytest

from tests.acceptance.stage import Stage

BEFORE = "2026-11-01T09:00:00+00:00"
DAY = "2026-11-24T09:00:00+00:00"
STEPS = (
    "composed",
    "posting planned",
    "stamped",
    "tagged",
    "posted",
    "notice added",
    "delivered",
    "published",
)


def land_a_significant_revision(stage: Stage) -> None:
    text = stage.text("privacy.md").replace("work for us.", "work for us and with advertising partners.")
    stage.write("privacy.md", f"---\nsummary: We work with advertising partners.\n---\n\n{text}")
    stage.change("terms.md", "at least 16", "at least 18")
    stage.commit("Measure our campaigns", "Significance: significant")


def end_of(stage: Stage) -> tuple[object, ...]:
    """All that a person could find afterwards, in order."""
    letters = sorted((message["To"], message["Subject"], plain_text(message)) for message in stage.messages())
    return (
        stage.tags(),
        stage.text("privacy.md"),
        stage.text("terms.md"),
        stage.git("log", "--format=%s"),
        stage.git("status", "--porcelain", "--untracked-files=no"),
        letters,
    )


def plain_text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[object, ...]:
    """The end of the same run where nobody kills it."""
    stage = Stage(tmp_path_factory.mktemp("undisturbed") / "chat").set_up()
    stage.run_as_of(BEFORE)
    land_a_significant_revision(stage)
    assert stage.run_as_of(DAY).code == 0
    return end_of(stage)


@pytest.mark.parametrize("step", STEPS)
def test_a_run_killed_at(step: str, stage: Stage, undisturbed: tuple[object, ...]) -> None:
    land_a_significant_revision(stage)

    assert stage.killed_at(step, DAY) == -signal.SIGKILL
    finished = stage.run_as_of(DAY)

    assert finished.code == 0, finished.err
    assert end_of(stage) == undisturbed
    assert set(stage.told().values()) == {1}


def test_every_step_of_a_run_is_named_above(stage: Stage) -> None:
    land_a_significant_revision(stage)

    steps = stage.run_as_of(DAY).err.split("\n")

    assert set(filter(None, steps)) == set(STEPS)
