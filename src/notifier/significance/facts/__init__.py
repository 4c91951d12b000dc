"""Differences in facts, one file a kind: what shows on a change that no proof explains."""

from __future__ import annotations

from notifier.significance.facts.direction import DIRECTION
from notifier.significance.facts.force import FORCE
from notifier.significance.facts.governing_law import GOVERNING_LAW
from notifier.significance.facts.membership import MEMBERSHIP
from notifier.significance.facts.names import NAMES
from notifier.significance.facts.parties import PARTIES
from notifier.significance.facts.qualifiers import QUALIFIERS
from notifier.significance.facts.quantities import QUANTITIES
from notifier.significance.facts.statements import STATEMENTS
from notifier.significance.facts.unread import UNREAD
from notifier.significance.facts.wording import WORDING
from notifier.significance.rule import Rule
from notifier.significance.unexplained import Difference

FACT_RULES: tuple[Rule, ...] = (
    *QUANTITIES, *FORCE, *DIRECTION, *PARTIES, *QUALIFIERS, *NAMES, *GOVERNING_LAW, *MEMBERSHIP, *STATEMENTS,
    *WORDING, *UNREAD,
)  # fmt: skip


def rules_on(difference: Difference) -> tuple[Rule, ...]:
    """The rules that show on what is unexplained of a pair."""
    if not difference.runs:
        return ()
    return tuple(rule for rule in FACT_RULES if rule.test(difference))
