"""The law of the one road: `preview` says what a dry run says, and the run does what both said; and one verdict."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from notifier import compare
from notifier.policy.revision import Commit, PolicyText, Revision, read_front_matter
from notifier.policy.revision_comparison import compare_revisions
from tests.usecases.one_road import play
from tests.usecases.road import SWAPS, TEXTS


def test_preview_dry_run_and_run_give_one_answer() -> None:
    play(stories=5, steps=8)


@pytest.mark.parametrize("edit", [edit for edit, (name, _, _) in SWAPS.items() if ".de." not in name])
@pytest.mark.parametrize("on", ["*Last updated: 3 March 2026*", "*Last updated: 9 October 2026*", ""])
def test_diff_and_run_give_one_verdict_whatever_became_of_date_and_front_matter(edit: str, on: str) -> None:
    name, one, other = SWAPS[edit]
    old = TEXTS[name]
    new = old.replace(one, other).replace("*Last updated: 3 March 2026*\n\n", f"{on}\n\n" if on else "")

    by_diff = compare(old, new).classification
    by_run = compare_revisions(_revision(old), _revision(new)).classification

    assert (by_diff.significance, by_diff.certainty) == (by_run.significance, by_run.certainty)
    assert [reason.rule for reason in by_diff.reasons] == [reason.rule for reason in by_run.reasons]


def _revision(text: str) -> Revision:
    commit = Commit("c", datetime(2026, 3, 3, tzinfo=UTC), "Erin", "e@x.example", "e@x.example", "s", "")
    read = PolicyText("policies/p.md", "en", str(hash(text)), text, read_front_matter(text), "P")
    return Revision("p", "en", commit, {"en": read})
