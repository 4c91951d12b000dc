"""All operators on one sentence, by kind: the significant ones, then the harmless ones."""

from __future__ import annotations

from tests.edits.operator import Operator
from tests.edits.operators import (
    dates,
    definitions,
    force,
    layout,
    membership,
    notation,
    numbers,
    parties,
    places,
    polarity,
    qualifiers,
    typography,
    wording,
)

SIGNIFICANT: tuple[Operator, ...] = (
    *numbers.OPERATORS,
    *force.OPERATORS,
    *polarity.OPERATORS,
    *parties.OPERATORS,
    *membership.OPERATORS,
    *qualifiers.OPERATORS,
    *places.OPERATORS,
    *dates.OPERATORS,
    *definitions.OPERATORS,
)
HARMLESS: tuple[Operator, ...] = (
    *wording.OPERATORS,
    *typography.OPERATORS,
    *layout.OPERATORS,
    *notation.OPERATORS,
)
