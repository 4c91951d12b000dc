"""Alarms by mail: one plain message with all that is new, by the transport that is configured, past the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from notifier.alarms.dispatch import AlarmEvent, Occasion

Post = Callable[[str, str, str], None]
"""Send one message: to this address, with this subject and text."""
LONGEST_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class MailChannel:
    """Writes to one address; several are several channels, so that one that fails has nobody told twice."""

    address: str = field(repr=False)
    installation: str
    post: Post

    name = "mail"
    takes_many = True

    @property
    def destination(self) -> str:
        """The address."""
        return self.address

    def send(self, events: Sequence[AlarmEvent], now: datetime) -> None:
        """One message with all of it."""
        self.post(self.address, self._subject(events), self._text(events, now))

    def _subject(self, events: Sequence[AlarmEvent]) -> str:
        raised = [event for event in events if event.occasion is Occasion.RAISED]
        first = (raised or list(events))[0].standing.alarm
        more = f" (and {len(events) - 1} more)" if len(events) > 1 else ""
        subject = f"{self.installation}: {'alarm' if raised else 'over'}: {first.text}"
        return (subject if len(subject) <= LONGEST_SUBJECT else subject[: LONGEST_SUBJECT - 1] + "…") + more

    def _text(self, events: Sequence[AlarmEvent], now: datetime) -> str:
        parts = [f"{self.installation}, {now:%Y-%m-%d %H:%M} UTC."]
        for occasion, head in ((Occasion.RAISED, "Needs a person:"), (Occasion.OVER, "Over:")):
            lines = [_line(event) for event in events if event.occasion is occasion]
            parts += [head, *lines] if lines else []
        parts.append("`notifier status` shows how things stand; docs/operator.md says what each alarm means.")
        return "\n\n".join(parts) + "\n"


def _line(event: AlarmEvent) -> str:
    standing = event.standing
    since = f", since {standing.raised_at:%Y-%m-%d %H:%M} UTC" if event.occasion is Occasion.OVER else ""
    return f"  {standing.alarm.text}\n  [{standing.alarm.code}{since}]"
