"""Recipients who are not as they were frozen, put back where the roster still has their address: the tree says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.audit import write_audit
from notifier.ledger.database import LedgerPart
from notifier.ledger.evidence.claimed_people import FrozenPeople, FrozenTree, OtherHand
from notifier.ledger.journal.recipient_trees import LEAF
from notifier.ledger.schema import customer, delivery, notice
from notifier.ledger.states import AuditAction
from notifier.notice.delivery import UNFINISHED
from notifier.proof.merkle_tree import BLOCK, tree_root
from notifier.proof.recipient_leaf import FrozenRecipient, recipient_leaf

ROWS = sa.select(
    *LEAF, delivery.c.salt, delivery.c.leaf, customer.c.email.label("their_email"), customer.c.name.label("their_name")
).select_from(delivery.outerjoin(customer, customer.c.customer_id == delivery.c.customer_id))


class FrozenRows(LedgerPart):
    """Of notices that have not ended."""

    def put_back(self, by: str, at: datetime) -> tuple[str, ...]:
        """Have those recipients again who were frozen; what was put back, in lines for people."""
        going = sa.select(notice.c.number, notice.c.notice_id).where(
            notice.c.state.in_(UNFINISHED), notice.c.frozen_at.is_not(None)
        )
        with self._db.write() as connection:
            lines = [
                f"notice {notice_id}: recipient {one.seq:,} of its message {one.message_no} was another: put back"
                for number, notice_id in connection.execute(going).all()
                for one in _put_back(connection, number)
            ]
            for line in lines:
                write_audit(connection, AuditAction.RECOVERED, at=at, who=by, detail=line)
        return tuple(lines)


def _put_back(connection: Connection, number: int) -> Iterator[FrozenRecipient]:
    frozen = FrozenPeople(number)
    for tree in frozen.trees(connection):
        for block in range(len(tree.blocks)):
            try:
                frozen.block(connection, tree, block)
            except OtherHand:
                yield from _mended(connection, number, tree, block)


def _mended(connection: Connection, number: int, tree: FrozenTree, block: int) -> Iterator[FrozenRecipient]:
    """All who differ from the roster, or one of them alone: whichever makes it the block that was frozen."""
    first = tree.first + block * BLOCK
    mine = (delivery.c.notice_no == number, delivery.c.message_no == tree.message_no)
    among = delivery.c.seq.between(first, min(first + BLOCK - 1, tree.last))
    rows = connection.execute(ROWS.where(*mine, among).order_by(delivery.c.seq)).all()
    as_known = {at: _as_known(row) for at, row in enumerate(rows) if row.salt and _is_other(row)}
    leaves = [recipient_leaf(row.salt, tuple(row[:7])) if row.salt else row.leaf or b"" for row in rows]
    for tried in (as_known, *({at: one} for at, one in as_known.items())):
        changed = {at: recipient_leaf(rows[at].salt, one) for at, one in tried.items()}
        if tree_root([changed.get(at, leaf) for at, leaf in enumerate(leaves)]) == tree.blocks[block]:
            for one in tried.values():
                here = sa.update(delivery).where(*mine, delivery.c.seq == one.seq)
                connection.execute(here.values(email=one.email, name=one.name))
            yield from tried.values()
            return


def _is_other(row: Any) -> bool:
    return row.their_email is not None and (row.email, row.name) != (row.their_email, row.their_name)


def _as_known(row: Any) -> FrozenRecipient:
    return FrozenRecipient._make((*row[:5], row.their_email, row.their_name))
