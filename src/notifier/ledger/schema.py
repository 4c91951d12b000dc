"""Every table of the ledger, once, for SQLite and PostgreSQL.

A delivery's `status` is empty while it simply follows its batch (pending → queued, sending → attempted, …), so that to
send a thousand people is a write of one row; it gets a value of its own once something is known about this delivery.
Instants are aware UTC; personal data stands in `customer`, `delivery`, and as providers send it in `report`, only.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, MetaData, String, Table, Text


class UtcDateTime(sa.TypeDecorator[dt.datetime]):
    """An aware instant, kept in UTC; SQLite keeps it as text that sorts by time."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Refuse naive instants: they are a bug at the caller."""
        if value is not None and value.tzinfo is None:
            raise ValueError("the ledger keeps aware instants only")
        return value and value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:  # noqa: ARG002  # the same
        """Give back an aware instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


metadata = MetaData()

customer = Table(
    "customer",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("customer_id", String, nullable=False, unique=True),
    Column("email", String, nullable=False),
    Column("email_key", String, nullable=False),
    Column("name", String, nullable=False),
    Column("language", String, nullable=False),
    Column("tags", String, nullable=False),
    Column("left_at", UtcDateTime),
    Column("lost_tags", String, nullable=False, server_default="[]"),
    Column("is_from_file", Boolean, nullable=False, server_default=sa.false()),
    Column("since", Date),
    Column("left_before", UtcDateTime),  # of who came back after a notice that went without them
    Column("tagged_after", Integer),  # the newest notice that had gone out when a list gave them another tag
    Index("customer_email_key", "email_key"),
    sqlite_autoincrement=True,
)

posting = Table(
    "posting",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("tag", String, nullable=False, unique=True),
    Column("policy_id", String, nullable=False),
    Column("commit_id", String, nullable=False),
    Column("posted_on", Date, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("significance", String, nullable=False),
    Column("is_adoption", Boolean, nullable=False),
    Column("must_tell", Boolean, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("summary", Text),
    Column("consent", String, nullable=False, server_default="none"),
    Column("blobs", Text, nullable=False),
    Column("planned_at", UtcDateTime, nullable=False),
    Column("stamp_commit_id", String),
    Column("confirmed_at", UtcDateTime),
    Column("notice_no", Integer, sa.ForeignKey("notice.number")),
    Column("judged_by", String),  # the version of the judgement
    Column("restores", String, nullable=False, server_default=""),
    Index("posting_policy", "policy_id", "number"),
)

close_call = Table(
    "close_call",
    metadata,
    Column("policy_id", String, primary_key=True),
    Column("commit_id", String, primary_key=True),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
)

decision = Table(
    "decision",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("commit_id", String, nullable=False, index=True),
    Column("significance", String, nullable=False),
    Column("because", Text, nullable=False),
    Column("decided_by", String, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("outcome", String),
    Column("detail", Text),
)

notice = Table(
    "notice",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("notice_id", String, nullable=False, unique=True),
    Column("state", String, nullable=False),
    Column("why", Text),
    Column("language", String, nullable=False),
    Column("audiences", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("send_after", UtcDateTime, nullable=False),
    Column("deadline", UtcDateTime, nullable=False),
    Column("approved_by", String),
    Column("approved_at", UtcDateTime),
    Column("started_at", UtcDateTime),
    Column("frozen_up_to", Integer, nullable=False, server_default="0"),
    Column("frozen_at", UtcDateTime),
    Column("canary_passed_at", UtcDateTime),
    Column("forgiven", Integer, nullable=False, server_default="0"),
    Column("finished_at", UtcDateTime),
    Column("destination", String),
    Column("given_up", Integer, nullable=False, server_default="0"),
    Column("roster_size", Integer),
    Column("retired_at", UtcDateTime),
    Column("retired_counts", Text),
    Index("notice_state", "state"),
)

message = Table(
    "message",
    metadata,
    Column("notice_no", Integer, sa.ForeignKey("notice.number"), primary_key=True),
    Column("message_no", Integer, primary_key=True),
    Column("language", String, nullable=False),
    Column("policies", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("sha256", String, nullable=False),
    Column("recipients", Integer, nullable=False, server_default="0"),
)

reader_group = Table(
    "reader_group",
    metadata,
    Column("notice_no", Integer, sa.ForeignKey("notice.number"), primary_key=True),
    Column("language", String, primary_key=True),
    Column("tags", String, primary_key=True),
    Column("message_no", Integer),
)

delivery = Table(
    "delivery",
    metadata,
    Column("notice_no", Integer, sa.ForeignKey("notice.number"), primary_key=True),
    Column("message_no", Integer, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("delivery_key", String, nullable=False),
    Column("customer_id", String, nullable=False),
    Column("email", String, nullable=False),
    Column("name", String, nullable=False),
    Column("status", String),
    Column("reason", String),
    Column("is_possible_duplicate", Boolean, nullable=False, server_default=sa.false()),
    Column("salt", LargeBinary),  # of its leaf in the journal; erased with the person, and the leaf kept instead
    Column("leaf", LargeBinary),
    Index("delivery_key", "delivery_key", unique=True),
    Index("delivery_customer", "customer_id"),
    # of which rows these two are on PostgreSQL says `partitions`: to say it here loads the driver of every server
    Index("delivery_status", "notice_no", "status", sqlite_where=sa.text("status IS NOT NULL")),
    Index("delivery_duplicate", "notice_no", sqlite_where=sa.text("is_possible_duplicate = 1")),
    sqlite_with_rowid=False,
)

batch = Table(
    "batch",
    metadata,
    Column("notice_no", Integer, sa.ForeignKey("notice.number"), primary_key=True),
    Column("batch_no", Integer, primary_key=True),
    Column("message_no", Integer, nullable=False),
    Column("first_seq", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("counts_from", Integer, nullable=False, server_default="0"),
    Column("setbacks", Integer, nullable=False, server_default="0"),
    Column("not_before", UtcDateTime),
    Column(
        "fence", Integer, nullable=False, server_default="0"
    ),  # grows with each claim; a write with an old one is none
    Column("owner", String),
    Column("lease_until", UtcDateTime),  # by the database's clock; of who sends alone there is none
    Index("batch_state", "notice_no", "state", "batch_no"),
    Index("batch_range", "notice_no", "message_no", "first_seq"),
)

letterhead = Table(
    "letterhead",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("sender", String, nullable=False),
    Column("reply_to", String),
    Column("composition", Integer, nullable=False),
    Column("settings", Text, nullable=False),
)

attempt = Table(
    "attempt",
    metadata,
    Column("attempt_id", String, primary_key=True),
    Column("notice_no", Integer, sa.ForeignKey("notice.number"), nullable=False),
    Column("batch_no", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    Column("message_no", Integer, nullable=False),
    Column("first_seq", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("recipients", Integer, nullable=False),
    Column("mailer", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("outcome", String, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("provider_request_id", String),
    Column("error", Text),
    Column("destination", String),
    Column("letterhead_no", Integer),
    Index("attempt_batch", "notice_no", "batch_no", "n"),
)

event = Table(
    "event",
    metadata,
    Column("event_id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("status", String),
    Column("at", UtcDateTime, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("delivery_key", String),
    Column("attempt_id", String),
    Column("reason", String),
    Column("is_known", Boolean, nullable=False),
    Column("report_no", Integer),
    Column("place", Integer),
    Index("event_delivery", "delivery_key"),
    Column("intake", String, nullable=False, server_default="", index=True),  # which of the journal's trees it is in
    sqlite_with_rowid=False,
)

report = Table(
    "report",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("mailer", String, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("timestamp", String),
    Column("signature", String),
    Column("key", String),
    Column("signed_sha256", String),
    Column("events", sa.LargeBinary, nullable=False),
)

secret = Table(
    "secret",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)

suppression = Table(
    "suppression",
    metadata,
    Column("address_hash", String, primary_key=True),
    Column("reason", String, primary_key=True),
    Column("is_mandatory", Boolean, nullable=False),
    Column("source", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("salt", LargeBinary),
    Column("mark", String, nullable=False, server_default="", index=True),  # what the journal knows it by
)

feed = Table(
    "feed",
    metadata,
    Column("mailer", String, primary_key=True),
    Column("last_event_at", UtcDateTime, nullable=False),
    Column("foreign_events", Integer, nullable=False, server_default="0"),
)

rate = Table(
    "rate",
    metadata,
    Column("bucket", String, primary_key=True),
    Column("tokens", sa.Float, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("blocked_until", UtcDateTime),
    Column("why", Text),
    Column("failures", Integer, nullable=False, server_default="0"),
)

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("notice_no", Integer, sa.ForeignKey("notice.number")),
    Column("detail", Text, nullable=False, server_default=""),
    Index("audit_notice", "notice_no", "number"),
)

SAID_ASIDE = sa.text("kind NOT IN ('attempt', 'run', 'events', 'accepted', 'suppressed', 'key', 'anchored', 'linked')")
"""Entries of the journal that may tell of a posting, a word or a notice, not of the sending: few beside the rest."""
journal = Table(
    "journal",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("at", String, nullable=False),  # as it is hashed
    Column("facts", Text, nullable=False),
    Column("previous", String, nullable=False),
    Column("hash", String, nullable=False),
)

journal_head = Table(
    "journal_head",
    metadata,
    Column("line", Integer, primary_key=True, autoincrement=False),  # there is one
    Column("number", Integer, nullable=False),
    Column("hash", String, nullable=False),
)
