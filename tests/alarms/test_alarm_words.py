"""What alarms say is said in one place, for every code."""

from __future__ import annotations

import re
from pathlib import Path

import notifier
from notifier.alarms import AlarmCode, alarm
from notifier.alarms.alarm_words import SENTENCES

SOURCE = Path(notifier.__file__).parent


def test_every_code_has_a_sentence_and_nobody_else_words_an_alarm() -> None:
    makers = [path.name for path in SOURCE.rglob("*.py") if re.search(r"(?<![\w\"])Alarm\((?!\*\*)", path.read_text())]

    assert {key for key in SENTENCES if isinstance(key, AlarmCode)} == set(AlarmCode)
    assert makers == ["alarm_words.py"]


def test_an_alarm_keeps_its_fields_and_takes_nothing_in_a_name_for_a_placeholder() -> None:
    held = alarm(AlarmCode.HELD, notice="2026-11-02-privacy", count=3, why="{count} of {nobody}")

    assert held.text == (
        "notice 2026-11-02-privacy is held ({count} of {nobody}): notifier notice resume 2026-11-02-privacy, or cancel"
    )
    assert (held.notice, held.count) == ("2026-11-02-privacy", 3)
