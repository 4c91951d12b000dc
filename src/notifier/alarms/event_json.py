"""An event as programs get it, by webhook and on a command's standard input."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from notifier.alarms.dispatch import AlarmEvent, Occasion


def event_json(event: AlarmEvent, installation: str, now: datetime) -> dict[str, Any]:
    """`type`, `timestamp` and `data`, as Standard Webhooks has them."""
    standing = event.standing
    is_over = event.occasion is Occasion.OVER
    return {
        "type": f"alarm.{event.occasion}",
        "timestamp": (now if is_over else standing.raised_at).isoformat(),
        "data": {
            "alarm_id": standing.alarm_id,
            "installation": installation,
            "raised_at": standing.raised_at.isoformat(),
            **standing.alarm.as_json(),
        },
    }


def event_bytes(event: AlarmEvent, installation: str, now: datetime) -> bytes:
    """The same as UTF-8."""
    return json.dumps(event_json(event, installation, now), ensure_ascii=False, default=datetime.isoformat).encode()
