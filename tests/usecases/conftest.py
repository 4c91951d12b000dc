"""The sender on SQLite alone: that both databases give the same answers is shown in `tests/ledger`, that it survives
kills and faults on both in `test_deliver_kill` and `tests/soak`.
"""

from __future__ import annotations

import pytest


@pytest.fixture
def ledger_url(sqlite_url: str) -> str:
    """A fresh ledger."""
    return sqlite_url
