"""The law on single edits, on edits that somebody wrote by hand: a lawyer's, not a grammar's."""

from __future__ import annotations

from functools import cache

import pytest
from benchmarks.edits import call_of

from tests.edits.by_hand import HandmadeEdit, edits_of, policies


@cache
def calls(policy: str) -> tuple[tuple[HandmadeEdit, str], ...]:
    return tuple((edit, call_of(edit.old, edit.new, edit.language)[0]) for edit in edits_of(policy))


def named(policy: str, label: str, call: str) -> list[str]:
    return [edit.edit_id for edit, said in calls(policy) if edit.label == label and said == call]


@pytest.mark.parametrize("policy", policies())
def test_what_a_lawyer_would_remark_on_is_never_clearly_minor_nor_what_nobody_would_clearly_significant(
    policy: str,
) -> None:
    assert (named(policy, "significant", "minor"), named(policy, "minor", "clear")) == ([], [])
