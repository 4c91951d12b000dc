"""Comparisons for tests of the renderers: a real redline, with the verdict a test wants to see."""

from __future__ import annotations

from notifier.significance import Certainty, Classification, Reason, Significance
from notifier.significance.comparison import Comparison

BEFORE = """# Privacy Policy

Last words of greeting.

## How long we keep data

Chats are kept for 30 days after they end.

## Sharing

We share personal data only with processors that work for us.

| Cookie | Life |
|---|---|
| session | 1 day |
| choice | 1 year |
"""
AFTER = (
    BEFORE.replace("30 days", "12 months")
    .replace("for us.", "for us and with advertising partners.")
    .replace("1 year", "2 years")
)


def reason(**fields: object) -> Reason:
    facts: dict[str, object] = {
        "topic": "retention",
        "rule": "period-longer",
        "section": ("Privacy Policy", "How long we keep data"),
        "paragraph": 1,
        "before": "Chats are kept for 30 days after they end.",
        "after": "Chats are kept for 12 months after they end.",
        "changed_before": "30 days",
        "changed_after": "12 months",
        "basis": "WP260 ¶30",
        "weight": 1.0,
        "line": 7,
    }
    return Reason(**{**facts, **fields})  # type: ignore[arg-type]


def comparison(before: str = BEFORE, after: str = AFTER, *reasons: Reason) -> Comparison:
    verdict = Classification(Significance.SIGNIFICANT, Certainty.CLEAR, reasons or (reason(),))
    return Comparison(verdict, (before, after))
