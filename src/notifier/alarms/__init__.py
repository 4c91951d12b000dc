"""Alarms on their way to people: what stands, who was told of it by mail, webhook or command, and what is over.

An alarm goes out once when it is raised and once when it is over. What each channel was told is kept in a file beside
the ledger, not in it: a ledger that cannot be read is itself an alarm.
"""

from __future__ import annotations

from notifier.alarms.alarm_words import alarm
from notifier.alarms.codes import Alarm, AlarmCode

__all__ = ["Alarm", "AlarmCode", "alarm"]
