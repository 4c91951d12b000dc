"""Freezing: the roster → one delivery row for each customer in the audience, and batches of one message each.

Frozen in chunks of the roster, each its own transaction. The sender sees nothing before `frozen_at` is set, which
happens together with the making of the batches and the trees in the journal; after a run that was cut short before it
begins again, since no record holds those whom it had frozen. Afterwards the roster may change as it likes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import LedgerError
from notifier.ledger.audit import SYSTEM, write_audit
from notifier.ledger.by_set.cut_batches import begin, cut_batches, sizes_of
from notifier.ledger.by_set.departures import IS_HERE, accept_lost_tags
from notifier.ledger.by_set.partitions import index_room, make_room
from notifier.ledger.database import LedgerPart
from notifier.ledger.deliveries import count_replaced
from notifier.ledger.journal import note
from notifier.ledger.journal.recipient_trees import RecipientTrees
from notifier.ledger.journal.roster_sum import roster_seal
from notifier.ledger.messages import read_messages
from notifier.ledger.rows import AnyRow, notice_number
from notifier.ledger.schema import customer, delivery, message, notice, reader_group, suppression
from notifier.ledger.sending.extensions import gets_it_too, is_late, tagged_since
from notifier.ledger.sending.shared_addresses import audiences_of, shared_addresses
from notifier.ledger.states import SHARED_ADDRESS, AuditAction
from notifier.ledger.suppressions import address_hash_in, barred, holds_anybody_back
from notifier.notice.delivery import DeliveryStatus, NoticeState, message_for
from notifier.plurals import counted
from notifier.proof.entry import EntryKind
from notifier.proof.recipient_leaf import FrozenRecipient
from notifier.proof.salted_hash import SALT_BYTES

CHUNK = 50_000
OF_KEY = 7
"""Bytes of chance in a delivery's key."""
NO_AUDIENCE = "nobody on the roster is in its audience"


class Recipients(LedgerPart):
    """Who gets a notice, settled once."""

    def freeze(
        self,
        notice_id: str,
        at: datetime,
        *,
        batch_size: int,
        on_progress: Callable[[int], None] | None = None,
        chunk: int = CHUNK,
    ) -> int:
        """Freeze whom the notice goes to and cut them into batches; how many they are. Doing it again changes nothing.

        `on_progress` gets the number of customers looked at. Raises `Refused` for an unknown notice.
        """
        looked_at = 0
        with self._db.write() as connection:
            number = notice_number(connection, notice_id)
            up_to = begin(connection, number)
            trees = RecipientTrees(self._db.read, number, batch_size, "" if up_to else roster_seal(connection))
        with ThreadPoolExecutor(1) as beside:
            while done := self._freeze_chunk(notice_id, chunk, up_to):
                beside.submit(trees.catch_up)
                up_to, count = done
                looked_at += count
                if on_progress is not None:
                    on_progress(looked_at)
            caught_up = beside.submit(trees.catch_up)
            with self._db.write() as connection:
                return _close(connection, number, at, batch_size, up_to, caught_up.result)

    def frozen(self) -> dict[str, int]:
        """How many people each notice was frozen for, without counting them again."""
        total = sa.func.coalesce(sa.func.sum(message.c.recipients), 0)
        query = sa.select(notice.c.notice_id, notice.c.number, total).join(
            message, message.c.notice_no == notice.c.number
        )
        with self._db.read() as connection:
            found = connection.execute(query.group_by(notice.c.notice_id, notice.c.number)).all()
            return {row[0]: int(row[2]) - sum(count_replaced(connection, row[1]).values()) for row in found}

    def _freeze_chunk(self, notice_id: str, size: int, up_to: int) -> tuple[int, int] | None:
        """Freeze the next customers by number; up to which, and how many; None where none are left."""
        with self._db.write() as connection:
            _plan_plainly(connection)
            mine = sa.select(notice).where(notice.c.notice_id == notice_id).with_for_update(key_share=True)
            row = connection.execute(mine).first()
            if row is None or row.frozen_at is not None:
                return None
            if row.state != NoticeState.SENDING:
                raise LedgerError(f"notice {notice_id} is {row.state}; recipients are frozen only for one being sent")
            if row.frozen_up_to != up_to:
                raise LedgerError(f"notice {notice_id}: another hand set frozen_up_to while its recipients were frozen")
            first, last, count = _next_customers(connection, up_to, size)
            if not count:
                _add_tagged(connection, row)
                return None
            make_room(connection, row.number)
            among = customer.c.number.between(first, last)
            _assign_groups(connection, row, among)
            if not row.frozen_up_to:
                _refresh_statistics(connection)
            gets_it = sa.true() if row.roster_size is None else gets_it_too(connection, row)
            insert_deliveries(connection, row, among, gets_it)
            connection.execute(sa.update(notice).where(notice.c.number == row.number).values(frozen_up_to=last))
        return last, count


def _add_tagged(connection: Connection, row: AnyRow) -> None:
    """To a notice that is extended: those who came into its audience since."""
    goes_to_them = row.roster_size is not None and not is_late(connection, row)
    if goes_to_them and connection.execute(sa.select(sa.exists().where(tagged_since(row), IS_HERE))).scalar():
        _assign_groups(connection, row, tagged_since(row))
        insert_deliveries(connection, row, tagged_since(row), gets_it_too(connection, row))


def _next_customers(connection: Connection, after: int, size: int) -> tuple[int, int, int]:
    is_next = sa.and_(customer.c.number > after, IS_HERE)
    inner = sa.select(customer.c.number).where(is_next).order_by(customer.c.number).limit(size).subquery()
    query = sa.select(sa.func.min(inner.c.number), sa.func.max(inner.c.number), sa.func.count())
    first, last, count = connection.execute(query).one()
    return first or 0, last or 0, count


def _assign_groups(connection: Connection, row: AnyRow, among: sa.ColumnElement[bool]) -> None:
    """Decide for each (language, tags) among these customers which message they get; None: not in the audience.

    Anew for each chunk: what another hand wrote there since the last one counts for nobody.
    """
    connection.execute(sa.delete(reader_group).where(reader_group.c.notice_no == row.number))
    present = sa.select(customer.c.language, customer.c.tags).where(among, IS_HERE).distinct()
    messages = read_messages(connection, row.number)
    audiences = audiences_of(row)
    groups = [
        {
            "notice_no": row.number,
            "language": language,
            "tags": tags,
            "message_no": message_for(language, frozenset(json.loads(tags)), messages, audiences, row.language),
        }
        for language, tags in sorted(map(tuple, connection.execute(present)))
    ]
    connection.execute(reader_group.insert(), groups)


def _refresh_statistics(connection: Connection) -> None:
    """PostgreSQL plans by what it knows of a table, and of a roster just imported it knows nothing."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("ANALYZE customer, reader_group"))


def _plan_plainly(connection: Connection) -> None:
    """PostgreSQL would compile each chunk's statements to machine code, which lasts longer than they do."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL jit = off"))


def insert_deliveries(
    connection: Connection,
    row: AnyRow,
    among: sa.ColumnElement[bool],
    gets_it: sa.ColumnElement[bool],
    meant: Mapping[int, int] = MappingProxyType({}),
) -> None:
    """One INSERT … SELECT: numbering goes on in each message where the last chunk ended.

    `among` and `gets_it`, of a row of the roster; `meant`: by number who gets which message, whatever their group does.
    """
    number = row.number
    shared = shared_addresses(connection, row, among, gets_it)
    held_back = dict.fromkeys(shared.covered, SHARED_ADDRESS) | _suppressed(connection, among)
    chosen = _chosen(connection, row, sa.and_(among, gets_it), held_back, {**meant, **shared.messages})
    seq = chosen.c.seq
    rows = sa.select(
        sa.literal(number),
        chosen.c.message_no,
        seq,
        _delivery_key(connection.dialect.name, seq, sa.func.substr(chosen.c.chance, 1, OF_KEY)),
        chosen.c.customer_id,
        chosen.c.email,
        chosen.c.name,
        sa.case((chosen.c.held_back.is_not(None), DeliveryStatus.SUPPRESSED.value)),
        chosen.c.held_back,
        sa.func.substr(chosen.c.chance, OF_KEY + 1, SALT_BYTES, type_=sa.LargeBinary),
    )
    columns = (*FrozenRecipient._fields, "status", "reason", "salt")
    connection.execute(sa.insert(delivery).from_select(columns, rows, include_defaults=False))
    frozen = sa.select(sa.func.coalesce(sa.func.max(delivery.c.seq), 0)).where(
        delivery.c.notice_no == number, delivery.c.message_no == message.c.message_no
    )
    recount = sa.update(message).where(message.c.notice_no == number).values(recipients=frozen.scalar_subquery())
    connection.execute(recount)


def _chosen(
    connection: Connection,
    notice_row: AnyRow,
    among: sa.ColumnElement[bool],
    held_back: Mapping[int, str],
    covering: Mapping[int, int],
) -> sa.Subquery:
    """The customers among these who get the notice: which message, under which number, and what holds them back.

    `covering`: the message of those for whom it is not that of their group.
    """
    number = notice_row.number
    message_no = _by_number(covering, reader_group.c.message_no)
    seq = sa.func.row_number().over(partition_by=message_no, order_by=customer.c.number) + message.c.recipients
    return (
        sa.select(
            message.c.message_no,
            seq.label("seq"),
            _chance(connection.dialect.name, message.c.message_no, seq).label("chance"),
            customer.c.customer_id,
            customer.c.email,
            customer.c.name,
            _by_number(held_back, sa.cast(sa.null(), sa.String)).label("held_back"),
        )
        .select_from(customer)
        .outerjoin(reader_group, _group_of(customer, number))
        .join(message, sa.and_(message.c.notice_no == number, message.c.message_no == message_no))
        .where(among, IS_HERE)
        .subquery()
    )


def _group_of(people: sa.FromClause, number: int) -> sa.ColumnElement[bool]:
    """The reader group of a row of the roster (or of an alias of it)."""
    return sa.and_(
        reader_group.c.notice_no == number,
        reader_group.c.language == people.c.language,
        reader_group.c.tags == people.c.tags,
        reader_group.c.message_no.is_not(None),
    )


def _by_number(values: Mapping[int, Any], otherwise: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Of a customer by number; of all who are not named, `otherwise`."""
    numbers: dict[Any, list[int]] = {}
    for number, value in values.items():
        numbers.setdefault(value, []).append(number)
    cases = [(one_of(those), sa.literal(value)) for value, those in sorted(numbers.items())]
    return sa.case(*cases, else_=otherwise) if cases else otherwise


def one_of(numbers: Sequence[int]) -> sa.ColumnElement[bool]:
    """Written into the statement: there may be more than a statement takes parameters."""
    return customer.c.number.in_(sa.bindparam(None, numbers, expanding=True, literal_execute=True))


def _suppressed(connection: Connection, among: sa.ColumnElement[bool]) -> dict[int, str]:
    """Customers among these, by number, whose address must not be written to, and why."""
    if not holds_anybody_back(connection):
        return {}
    if connection.dialect.name == "postgresql":
        same = suppression.c.address_hash == address_hash_in(connection, customer.c.email_key)
        reason = sa.func.min(suppression.c.reason)
        found = sa.select(customer.c.number, reason).join(suppression, sa.and_(same, suppression.c.is_mandatory))
        rows = connection.execute(found.where(among, IS_HERE).group_by(customer.c.number))
        return {number: str(why) for number, why in rows}
    query = sa.select(customer.c.number, customer.c.email).where(among, IS_HERE)
    return barred(connection, ((row.number, row.email) for row in connection.execute(query)))


def _delivery_key(dialect: str, seq: sa.ColumnElement[int], chance: sa.ColumnElement[bytes]) -> sa.ColumnElement[str]:
    """22 characters that say nothing about anybody: a running part, so that the index grows at its end, and chance."""
    if dialect == "sqlite":
        return sa.func.printf("%08x", seq, type_=sa.String) + sa.func.lower(sa.func.hex(chance))
    running = sa.func.lpad(sa.func.to_hex(seq), 8, "0", type_=sa.String)
    return running + sa.func.encode(chance, "hex", type_=sa.String)


def _chance(dialect: str, message_no: sa.ColumnElement[int], seq: sa.ColumnElement[int]) -> sa.ColumnElement[bytes]:
    """Bytes of a recipient's own that nobody guesses: of their key, and the salt, as proof/salted_hash.py means it.

    PostgreSQL asks the system for chance once a statement, which forgets it; to ask for each costs twice the hash.
    """
    if dialect == "sqlite":
        return sa.func.randomblob(OF_KEY + SALT_BYTES, type_=sa.LargeBinary)
    once = [sa.func.uuid_send(sa.func.gen_random_uuid(), type_=sa.LargeBinary) for _ in range(2)]
    secret = sa.select(once[0].concat(once[1])).scalar_subquery()
    place = sa.func.int4send(message_no, type_=sa.LargeBinary).concat(sa.func.int8send(seq, type_=sa.LargeBinary))
    return sa.func.sha256(secret.concat(place), type_=sa.LargeBinary)


def _close(
    connection: Connection, number: int, at: datetime, batch_size: int, up_to: int, trees: Callable[[], RecipientTrees]
) -> int:
    """Cut the batches and show them to the sender; how many recipients there are. `trees` grow meanwhile."""
    mine = sa.select(notice.c.notice_id, notice.c.frozen_at, notice.c.frozen_up_to).where(notice.c.number == number)
    now = connection.execute(mine.with_for_update(key_share=True)).one()
    total = sum(sizes_of(connection, number).values())
    if now.frozen_at is not None:
        return total
    if now.frozen_up_to != up_to:
        raise LedgerError(f"notice {now.notice_id}: somebody else began to freeze its recipients again meanwhile")
    if not total:
        _find_no_audience(connection, number, at)
        return 0
    cut_batches(connection, number, batch_size)
    index_room(connection, number)
    roster = sa.select(sa.func.count()).select_from(customer).where(IS_HERE, customer.c.number <= up_to)
    values = {"frozen_at": at, "roster_size": connection.execute(roster).scalar_one()}
    connection.execute(sa.update(notice).where(notice.c.number == number).values(values))
    row = connection.execute(sa.select(notice).where(notice.c.number == number)).one()
    accept_lost_tags(connection, audiences_of(row))
    note(connection, EntryKind.RECIPIENTS, trees().facts(connection))
    detail = counted(total, "recipient")
    write_audit(connection, AuditAction.FROZEN, at=at, who=SYSTEM, notice_no=number, detail=detail)
    return total


def _find_no_audience(connection: Connection, number: int, at: datetime) -> None:
    """Nobody is not everybody: it waits for a person, and whoever joins the roster meanwhile is frozen then."""
    connection.execute(sa.delete(reader_group).where(reader_group.c.notice_no == number))
    values = {"state": NoticeState.NO_AUDIENCE, "why": NO_AUDIENCE, "started_at": None, "frozen_up_to": 0}
    connection.execute(sa.update(notice).where(notice.c.number == number).values(values))
    write_audit(connection, AuditAction.NO_AUDIENCE, at=at, who=SYSTEM, notice_no=number)
