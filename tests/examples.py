"""How many texts a law is tried on: few in the suite, and the same ones each time; many new ones by `make soak`."""

from __future__ import annotations

import os

EXAMPLES = os.environ.get("NOTIFIER_EXAMPLES", "fixed")
"""`fixed`, or `random` for new ones."""


def examples(count: int) -> int:
    """So many in the suite."""
    return count * 10 if EXAMPLES == "random" else count
