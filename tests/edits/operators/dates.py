"""A day in a rule, which is not the document's own."""

from __future__ import annotations

from tests.edits.operator import Operator, either, grown, shrunk, significant

OPERATORS: tuple[Operator, ...] = (
    significant("dates", "date-in-rule-shifted", "the rule holds until another day", either("date")),
    significant("dates", "weekday-changed", "another day of the week", either("day")),
    significant("dates", "deadline-added", "a deadline where there was none", grown("deadline")),
    significant("dates", "deadline-dropped", "no deadline where there was one", shrunk("deadline")),
    significant("dates", "start-of-period-moved", "the period begins elsewhere", either("start")),
)
