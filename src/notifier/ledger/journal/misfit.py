"""One thing that is not as the journal has it."""

from __future__ import annotations

from typing import NamedTuple


class Misfit(NamedTuple):
    """A line for people, and the number of the first entry that does not fit; None where none tells of it."""

    entry: int | None
    says: str
