"""One and many, as a person says them: every line that counts something asks here."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """`1 row`, `2,000 rows`, `3 entries`."""
    return f"{count:,} {noun if count == 1 else _many(noun)}"


def are(count: int) -> str:
    """The verb behind such a number: `1 customer is`, `2 customers are`."""
    return "is" if count == 1 else "are"


def _many(noun: str) -> str:
    is_like_entry = noun.endswith("y") and noun[-2] not in "aeiou"
    return f"{noun[:-1]}ies" if is_like_entry else f"{noun}s"
