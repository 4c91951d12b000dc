"""What customers were told, as git keeps it: postings, counts and hashes of one notice, and no person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

TOLD = "Notifier-Told-Of"
MESSAGE = "Notifier-Message"
EFFECTIVE = "Notifier-Takes-Effect"
COUNT = "Notifier-Count"


class TellingStage(StrEnum):
    """How far a notice had come when this was written."""

    BEGUN = "begun"  #: Its recipients are frozen; the first message may leave.
    ENDED = "ended"  #: Nobody more is written to.


class NoticeTold(NamedTuple):
    """One notice at one stage."""

    notice_id: str
    stage: TellingStage
    state: str
    """As the ledger had it: finished, cancelled and the like."""
    postings: tuple[str, ...]
    """Tags of the postings that it tells of."""
    counts: Mapping[str, int] = {}
    messages: tuple[str, ...] = ()
    """Language, policies and hash of each frozen text."""
    effective: Mapping[str, date] = {}
    """When each posting takes effect, as that stood then."""

    @property
    def says(self) -> str:
        """In a few words."""
        counts = ", ".join(f"{name} {count:,}" for name, count in self.counts.items() if count)
        return f"{self.stage}, {self.state}" + (f": {counts}" if counts else "")


def trailers_of(told: NoticeTold) -> Iterator[tuple[str, str]]:
    """As trailers, in the order in which they are written."""
    yield "Notifier-Notice", told.notice_id
    yield "Notifier-Stage", told.stage.value
    yield "Notifier-State", told.state
    yield from ((TOLD, tag) for tag in told.postings)
    yield from ((EFFECTIVE, f"{tag} {day.isoformat()}") for tag, day in told.effective.items())
    yield from ((COUNT, f"{name} {count}") for name, count in told.counts.items())
    yield from ((MESSAGE, message) for message in told.messages)


def read_told(trailers: Iterable[tuple[str, str]]) -> NoticeTold | None:
    """The notice that trailers tell of; None where they tell of none."""
    pairs = tuple(trailers)
    said = dict(pairs)
    try:
        return NoticeTold(
            notice_id=said["Notifier-Notice"],
            stage=TellingStage(said["Notifier-Stage"]),
            state=said["Notifier-State"],
            postings=tuple(value for key, value in pairs if key == TOLD),
            counts={name: int(count) for name, count in _split(pairs, COUNT)},
            messages=tuple(value for key, value in pairs if key == MESSAGE),
            effective={tag: date.fromisoformat(day) for tag, day in _split(pairs, EFFECTIVE)},
        )
    except (KeyError, ValueError):
        return None


def _split(pairs: Iterable[tuple[str, str]], wanted: str) -> Iterator[tuple[str, str]]:
    for key, value in pairs:
        name, _, rest = value.rpartition(" ")
        if key == wanted:
            yield name, rest
