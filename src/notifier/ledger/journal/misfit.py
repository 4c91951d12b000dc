"""One thing that is not as the journal has it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Misfit:
    """A line for people, and the number of the first entry that does not fit; None where none tells of it."""

    entry: int | None
    says: str
