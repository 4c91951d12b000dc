"""The first ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from notifier.ledger.schema import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    _close_call()
    _customer()
    _decision()
    _event()
    _feed()
    _notice()
    _rate()
    _run()
    _suppression()
    _attempt()
    _audit()
    _batch()
    _delivery()
    _message()
    _posting()
    _reader_group()


def _close_call() -> None:
    op.create_table(
        "close_call",
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("commit_id", sa.String(), nullable=False),
        sa.Column("first_seen_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("policy_id", "commit_id"),
    )


def _customer() -> None:
    op.create_table(
        "customer",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("tags", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("customer_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("customer_email_key", "customer", ["email_key"], unique=False)
    op.create_index("customer_group", "customer", ["language", "tags"], unique=False)


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("commit_id", sa.String(), nullable=False),
        sa.Column("significance", sa.String(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_decision_commit_id", "decision", ["commit_id"], unique=False)


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("delivery_key", sa.String(), nullable=True),
        sa.Column("attempt_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("is_known", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("event_id"),
        sqlite_with_rowid=False,
    )


def _feed() -> None:
    op.create_table(
        "feed",
        sa.Column("mailer", sa.String(), nullable=False),
        sa.Column("last_event_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("mailer"),
    )


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("audiences", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("send_after", UtcDateTime(), nullable=False),
        sa.Column("deadline", UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("frozen_up_to", sa.Integer(), server_default="0", nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=True),
        sa.Column("canary_passed_at", UtcDateTime(), nullable=True),
        sa.Column("forgiven", sa.Integer(), server_default="0", nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("notice_id"),
    )
    op.create_index("notice_state", "notice", ["state"], unique=False)


def _rate() -> None:
    op.create_table(
        "rate",
        sa.Column("bucket", sa.String(), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("blocked_until", UtcDateTime(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("bucket"),
    )


def _run() -> None:
    op.create_table(
        "run",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )


def _suppression() -> None:
    op.create_table(
        "suppression",
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("is_mandatory", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("email_key", "reason"),
    )


def _attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("attempt_id", sa.String(), nullable=False),
        sa.Column("notice_no", sa.Integer(), nullable=False),
        sa.Column("batch_no", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("message_no", sa.Integer(), nullable=False),
        sa.Column("first_seq", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("mailer", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("provider_request_id", sa.String(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_no"],
            ["notice.number"],
        ),
        sa.PrimaryKeyConstraint("attempt_id"),
    )
    op.create_index("attempt_batch", "attempt", ["notice_no", "batch_no", "n"], unique=False)


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("notice_no", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_no"],
            ["notice.number"],
        ),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("audit_notice", "audit", ["notice_no", "number"], unique=False)


def _batch() -> None:
    op.create_table(
        "batch",
        sa.Column("notice_no", sa.Integer(), nullable=False),
        sa.Column("batch_no", sa.Integer(), nullable=False),
        sa.Column("message_no", sa.Integer(), nullable=False),
        sa.Column("first_seq", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("counts_from", sa.Integer(), server_default="0", nullable=False),
        sa.Column("setbacks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_no"],
            ["notice.number"],
        ),
        sa.PrimaryKeyConstraint("notice_no", "batch_no"),
    )
    op.create_index("batch_range", "batch", ["notice_no", "message_no", "first_seq"], unique=False)
    op.create_index("batch_state", "batch", ["notice_no", "state", "batch_no"], unique=False)


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("notice_no", sa.Integer(), nullable=False),
        sa.Column("message_no", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("delivery_key", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("is_possible_duplicate", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_no"],
            ["notice.number"],
        ),
        sa.PrimaryKeyConstraint("notice_no", "message_no", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "delivery_duplicate",
        "delivery",
        ["notice_no"],
        unique=False,
        sqlite_where=sa.text("is_possible_duplicate = 1"),
        postgresql_where=sa.text("is_possible_duplicate"),
    )
    op.create_index("delivery_key", "delivery", ["delivery_key"], unique=True)
    op.create_index(
        "delivery_status",
        "delivery",
        ["notice_no", "status"],
        unique=False,
        sqlite_where=sa.text("status IS NOT NULL"),
        postgresql_where=sa.text("status IS NOT NULL"),
    )


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("notice_no", sa.Integer(), nullable=False),
        sa.Column("message_no", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("policies", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("recipients", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_no"],
            ["notice.number"],
        ),
        sa.PrimaryKeyConstraint("notice_no", "message_no"),
    )


def _posting() -> None:
    op.create_table(
        "posting",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("commit_id", sa.String(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("significance", sa.String(), nullable=False),
        sa.Column("is_adoption", sa.Boolean(), nullable=False),
        sa.Column("must_tell", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("blobs", sa.Text(), nullable=False),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
        sa.Column("stamp_commit_id", sa.String(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("notice_no", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_no"],
            ["notice.number"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("tag"),
    )
    op.create_index("posting_policy", "posting", ["policy_id", "number"], unique=False)


def _reader_group() -> None:
    op.create_table(
        "reader_group",
        sa.Column("notice_no", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("tags", sa.String(), nullable=False),
        sa.Column("message_no", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_no"],
            ["notice.number"],
        ),
        sa.PrimaryKeyConstraint("notice_no", "language", "tags"),
    )
