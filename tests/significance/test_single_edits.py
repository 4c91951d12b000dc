"""One short edit in a clean policy, which is what editors commit: none that weighs passes as clearly minor."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from notifier import compare
from notifier.significance import Certainty, Significance

CASES = Path(__file__).parents[1] / "cases" / "single_edits"


def edits() -> Iterator[tuple[str, str, str]]:
    for policy, table in tomllib.loads((CASES / "significant.toml").read_text("utf-8")).items():
        yield from ((policy, before, after) for before, after in table["edits"])


@pytest.mark.parametrize(("policy", "before", "after"), list(edits()))
def test_no_edit_that_weighs_is_waved_through(policy: str, before: str, after: str) -> None:
    old = (CASES / f"{policy}.md").read_text("utf-8")
    assert before in old

    verdict = compare(old, old.replace(before, after, 1), language=policy.rpartition(".")[2])

    assert (verdict.significance, verdict.certainty) != (Significance.MINOR, Certainty.CLEAR)
