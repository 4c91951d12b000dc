"""A notice as rows of the ledger, and back."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import LedgerError
from notifier.ledger.rows import AnyRow
from notifier.ledger.schema import posting
from notifier.ledger.types import StoredNotice
from notifier.notice.delivery import NoticeState
from notifier.notice.message import Notice


def notice_columns(
    added: Notice,
    audiences: Mapping[str, frozenset[str]],
    language: str,
    send_after: datetime,
    deadline: datetime,
    state: NoticeState,
) -> dict[str, Any]:
    """What stands in its row when it is made."""
    return {
        "notice_id": added.notice_id,
        "state": state,
        "language": language,
        "audiences": json.dumps({policy: sorted(tags) for policy, tags in sorted(audiences.items())}),
        "created_at": added.created_at,
        "send_after": send_after,
        "deadline": deadline,
    }


def link_postings(connection: Connection, number: int, added: Notice) -> None:
    """Its postings are announced by it, and by no other. Raises LedgerError where one is already, or is not known."""
    tags = [one.tag for one in added.postings]
    query = sa.update(posting).where(posting.c.tag.in_(tags), posting.c.notice_no.is_(None))
    if connection.execute(query.values(notice_no=number)).rowcount != len(tags):
        raise LedgerError(f"notice {added.notice_id}: one of its postings is announced already or was never planned")


def postings_of(connection: Connection, numbers: Sequence[int]) -> Mapping[int, list[AnyRow]]:
    """The rows of the postings that each notice announces, in order."""
    query = sa.select(posting.c.notice_no, posting.c.policy_id, posting.c.tag, posting.c.effective_on)
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in connection.execute(query.where(posting.c.notice_no.in_(numbers)).order_by(posting.c.number)):
        found[row.notice_no].append(row)
    return found


def stored(row: AnyRow, postings: Sequence[AnyRow]) -> StoredNotice:
    """The notice of a row."""
    effective: list[date] = [one.effective_on for one in postings]
    known = {name: value for name, value in row._mapping.items() if name in StoredNotice._fields}
    return StoredNotice(**known | {
        "state": NoticeState(row.state),
        "policies": tuple(dict.fromkeys(one.policy_id for one in postings)),
        "tags": tuple(one.tag for one in postings),
        "effective_on": max(effective, default=None),
        "audiences": {policy: frozenset(tags) for policy, tags in json.loads(row.audiences).items()},
    })  # fmt: skip
