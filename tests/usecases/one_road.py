"""Random histories of edits, commits, trailers, decisions, approvals, clocks, and of runs killed at every step."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from notifier.significance import Significance
from tests.usecases.road import NEWCOMERS, STEPS, SWAPS, TRAILERS, adopted


class OneRoad(RuleBasedStateMachine):
    """An editor and an operator, at random."""

    @initialize(approval=st.sampled_from(["auto", "manual"]))
    def set_up(self, approval: str) -> None:
        self.opened = ExitStack()
        folder = self.opened.enter_context(tempfile.TemporaryDirectory())
        self.road = self.opened.enter_context(adopted(Path(folder), approval))

    @rule(edits=st.lists(st.sampled_from(sorted(SWAPS)), min_size=1, max_size=2))
    def edit(self, edits: list[str]) -> None:
        for edit in edits:
            self.road.swap(edit)

    @rule(name=st.sampled_from(sorted(NEWCOMERS)))
    def add_a_policy(self, name: str) -> None:
        self.road.newcomer(name)

    @rule(trailers=st.sampled_from(sorted(TRAILERS)))
    def commit(self, trailers: str) -> None:
        self.road.commit(trailers)

    @rule(significance=st.sampled_from(Significance))
    def decide(self, significance: Significance) -> None:
        self.road.decide(significance)

    @rule()
    def approve(self) -> None:
        self.road.approve()

    @rule(hours=st.sampled_from([1, 30, 80, 24 * 40]))
    def wait(self, hours: int) -> None:
        self.road.now += timedelta(hours=hours)

    @rule(step=st.sampled_from(STEPS))
    def run_and_be_killed(self, step: str) -> None:
        self.road.run(killed_at=step)
        self.road.status_says_who_is_not_told()

    @rule()
    def go_on(self) -> None:
        self.road.go_on()

    @rule()
    def compare(self) -> None:
        self.road.compare()

    @invariant()
    def nothing_false_is_told(self) -> None:
        if hasattr(self, "road"):
            self.road.nothing_false_is_told()

    def teardown(self) -> None:
        if hasattr(self, "road"):
            self.road.compare()
            self.opened.close()


def play(stories: int, steps: int) -> None:
    """So many random histories of so many steps each."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        OneRoad,
        settings=settings(
            max_examples=stories,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=slow,
            phases=(Phase.generate,),  # shrinking a story of real git takes longer than reading it
        ),
    )
