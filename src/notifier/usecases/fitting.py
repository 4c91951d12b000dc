"""The plan whose letters and pages can be made: a mistake in words or templates keeps back alone who needs them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from notifier.errors import LedgerError, Refused
from notifier.usecases.announce import Composed, compose_notice
from notifier.usecases.plan import Announcement, Plan, make_plan
from notifier.usecases.standings import Records


def fitting_plan(records: Records, templates: Path) -> tuple[Plan, Composed | None]:
    """What a run would do, and the notice that it would make. What no letter can be made of waits and says why."""
    while True:
        plan = make_plan(records)
        told = plan.announce.announcements if plan.announce else ()
        try:
            return plan, compose_fitting(records, templates, told) if told else None
        except LedgerError:
            raise
        except Refused as error:
            alone = dict(_at_fault(records, templates, told)) if len(told) > 1 else {}
            everybody = dict.fromkeys((one.posting.policy_id for one in told), _one_line(error))
            records = replace(records, unfit={**records.unfit, **(alone or everybody)})


def _at_fault(records: Records, templates: Path, told: tuple[Announcement, ...]) -> Iterator[tuple[str, str]]:
    """Those of which not even a letter of their own can be made."""
    for one in told:
        try:
            compose_fitting(records, templates, (one,))
        except Refused as error:
            yield one.posting.policy_id, _one_line(error)


def compose_fitting(records: Records, templates: Path, told: tuple[Announcement, ...]) -> Composed:
    """The notice's letters, once the pages that they lead to were tried. Raises Refused."""
    from notifier.usecases.template_trial import try_pages  # who tells nobody draws no page for it

    assert records.ledger is not None  # noqa: S101 - who is told stands in the ledger
    composed = compose_notice(records.config, records.ledger, templates, told)
    try_pages(templates, {language for one in told for language in one.revision.texts})
    return composed


def _one_line(error: Refused) -> str:
    return f"no letter, or no page that it leads to, can be made: {'; '.join(dict.fromkeys(str(error).splitlines()))}"
