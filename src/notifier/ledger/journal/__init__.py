"""The journal: what the ledger says, chained entry by entry, appended in the transaction of what it tells of.

Every transaction that touches a covered table ends in one entry with the images of the rows as they then stand
(`journaling`), whatever wrote them. So, of every row the journal speaks for: the last image is the row as it is.
"""

from __future__ import annotations

from notifier.ledger.journal.entries import Journal, append, note

__all__ = ["Journal", "append", "note"]
