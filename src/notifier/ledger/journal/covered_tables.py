"""For which tables the journal speaks, and how it writes down a row of each: every table is here, or named as left out.

A row's image holds the columns that differ from their default, so that a column that is added later changes no image.
Long texts are in it by their hash; what names a person only as the hash of it and of the row's salt. Where the salt is
gone, so is the person: the columns must be empty then.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

import sqlalchemy as sa

from notifier.ledger.schema import metadata
from notifier.proof.entry import EntryKind

SALT = "salt"


class CoveredTable(NamedTuple):
    """One of them; `kind` is that of an entry that tells of its rows and of none in a table before it."""

    name: str
    kind: EntryKind
    by_hash: frozenset[str] = frozenset()
    sealed: tuple[str, ...] = ()
    """What names a person, or leads to one."""
    known_by: tuple[str, ...] = ()
    """Where its primary key may not stand in the journal."""
    changes: frozenset[str] | None = frozenset()
    """What ours writes anew in a row that is there; all else stays as it was first written. None: nothing is held to
    that: there are as many as letters over SMTP, and hardly a moment between their writes."""

    @property
    def table(self) -> sa.Table:
        return metadata.tables[self.name]

    @property
    def key(self) -> tuple[str, ...]:
        """What its rows are known by in the journal."""
        return self.known_by or _primary_key(self.name)


@cache
def _primary_key(name: str) -> tuple[str, ...]:
    """Asked for each image; SQLAlchemy looks for it each time."""
    return tuple(column.name for column in metadata.tables[name].primary_key)


FIXED_OF_NOTICES = frozenset({"number", "notice_id", "language", "audiences", "created_at", "send_after"})
CHANGES_OF_NOTICES = frozenset(metadata.tables["notice"].columns.keys()) - FIXED_OF_NOTICES
COVERED: Mapping[str, CoveredTable] = MappingProxyType(
    {
        one.name: one
        for one in (
            CoveredTable(
                "posting",
                EntryKind.POSTED,
                changes=frozenset({"effective_on", "must_tell", "stamp_commit_id", "confirmed_at", "notice_no"}),
            ),
            CoveredTable("decision", EntryKind.DECIDED),
            CoveredTable("close_call", EntryKind.DECIDED, changes=frozenset({"first_seen_at", "settled_at"})),
            CoveredTable("notice", EntryKind.NOTICE, changes=CHANGES_OF_NOTICES),
            CoveredTable(
                "message", EntryKind.NOTICE, by_hash=frozenset({"text", "html"}), changes=frozenset({"recipients"})
            ),
            CoveredTable("letterhead", EntryKind.NOTICE),
            CoveredTable("attempt", EntryKind.ATTEMPT, changes=None),
            CoveredTable("batch", EntryKind.ATTEMPT, changes=None),
            CoveredTable("report", EntryKind.EVENTS, by_hash=frozenset({"events"}), changes=frozenset({"events"})),
            CoveredTable(
                "acceptance",
                EntryKind.ACCEPTED,
                by_hash=frozenset({"receipt_id"}),
                sealed=("person", "context", "request_key", "request_hash"),
            ),
            CoveredTable("receipt_key", EntryKind.KEY),
            CoveredTable(
                "api_key", EntryKind.KEY, by_hash=frozenset({"secret_hash"}), changes=frozenset({"revoked_at"})
            ),
            CoveredTable("suppression", EntryKind.SUPPRESSED, sealed=("address_hash", "reason"), known_by=("mark",)),
            CoveredTable("anchor", EntryKind.ANCHORED, by_hash=frozenset({"token"})),
            CoveredTable("audit", EntryKind.NOTICE),
            CoveredTable("run", EntryKind.RUN, changes=frozenset({"finished_at", "outcome", "detail"})),
        )
    }
)
"""Row by row, in the order of what an entry about several of them is called by."""
HELD = ("notice", "posting", "decision", "close_call", "message")
"""Those from which follows what is posted, told and waited for: their rows are few, and looked at by every run."""
IN_TREES = frozenset({"delivery", "event"})
"""Many at once: frozen recipients and a provider's reports are leaves of trees whose roots the journal holds."""
LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "customer": "a copy of the company's own list, which it has a sum of; who gets a notice is in its deliveries",
        "roster_sum": "compared with the last entry that tells of the roster",
        "reader_group": "which message a group of customers gets, made anew for each part of the roster that is frozen",
        "rate": "how fast may be sent now, and whether the provider serves anybody",
        "told_alarms": "who was told of which alarm",
        "process": "who works on the ledger at the moment",
        "feed": "when a provider last reported anything",
        "secret": "keys of hashes, and the ledger's own name",
        "journal": "its entries prove themselves",
        "journal_head": "compared with the last entry",
    }
)
"""For which the journal does not speak, and why not."""
