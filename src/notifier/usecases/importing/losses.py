"""What an import could not carry over."""

from __future__ import annotations

from collections import Counter


class Losses:
    """What could not be carried over, each kind once with how often."""

    def __init__(self) -> None:
        self._found: Counter[str] = Counter()

    def add(self, what: str) -> None:
        self._found[what] += 1

    def told(self) -> tuple[str, ...]:
        return tuple(f"{what} ({count} times)" if count > 1 else what for what, count in self._found.items())
