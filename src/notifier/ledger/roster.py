"""The roster: whom the company must tell. The company's own list is the truth; this is a copy of it, kept by key.

Who is no longer in the company's file has left: is told nothing any more, and what they were told stays proven.
Addresses are compared in small letters. Two customers may share one: both stay, and each notice writes to it once.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.errors import Refused
from notifier.ledger.audit import SYSTEM, write_audit
from notifier.ledger.by_set.arrivals import Arrivals, differences, merge
from notifier.ledger.by_set.departures import IS_HERE, Leaving, Seen, gone, let_go
from notifier.ledger.by_set.first_list import FirstList
from notifier.ledger.by_set.read_ahead import take_beside
from notifier.ledger.by_set.unfinished_lists import ListMark, lacking_lists, note_bad_rows, unfinished_lists
from notifier.ledger.database import LedgerPart
from notifier.ledger.evidence.provider_reports import erase_reported
from notifier.ledger.journal import note
from notifier.ledger.journal.recipient_trees import LEAF, leaf_of
from notifier.ledger.journal.roster_sum import taken_on
from notifier.ledger.people.acceptances import forget_acceptances
from notifier.ledger.rows import AnyRow, email_key, of_its_batch
from notifier.ledger.schema import customer, delivery
from notifier.ledger.sending.shared_addresses import shared_policies
from notifier.ledger.states import AuditAction, BatchState
from notifier.ledger.suppressions import add_suppressions, lift, reasons
from notifier.ledger.types import ImportCounts
from notifier.notice.customer_csv import MADE_ID
from notifier.notice.delivery import (
    Customer,
    DeliveryStatus,
    SuppressionReason,
    language_for,
    policies_for,
)
from notifier.proof.entry import EntryKind

TO_ERASE = sa.select(*LEAF, delivery.c.salt, delivery.c.leaf)
CHUNK = 10_000
PAGE = 5_000


class Roster(LedgerPart):
    """Customers: imported, listed, counted, forgotten."""

    def import_customers(
        self,
        customers: Iterable[Customer],
        on_progress: Callable[[int], None] | None = None,
        *,
        whole_at: datetime | None = None,
        is_whole: Callable[[], bool] = lambda: True,
        whose: Leaving = Leaving.FROM_FILE,
        unsaid: Callable[[], Collection[str]] = tuple,
        name: str = "",
        is_marked: bool = False,
    ) -> ImportCounts:
        """Add new customers and change known ones, by `customer_id`; a row without one is known by its address.

        Chunks are committed one by one, each while the next are read, so a killed import is finished by running it
        again. `on_progress` gets the number of rows read so far. With `whole_at` this is the company's whole list as of
        then: who came from it before and is not in it has left, if it proves to be whole once it is read (`is_whole`).
        `unsaid`, once the first customer is read: of what (`name`, `language`, `tags`) the list says nothing, so that
        it stays as it is known. A list that `is_marked`, and the first of all, is `unfinished`, by its
        `name`, until its last row is in.
        """
        total: Counter[str] = Counter()
        rows, is_whole_list = iter(customers), whole_at is not None
        seen = self._nobody_seen()
        mark = ListMark(name, is_kept=is_marked or (bool(name) and seen.last == 0))
        first = FirstList(seen.last == 0)

        def chunks() -> Iterator[Arrivals]:
            while chunk := list(islice(rows, CHUNK)):
                total["read"] += len(chunk)
                arrivals = Arrivals.of(
                    chunk, unsaid(), is_whole=is_whole_list, is_sqlite=self._db.is_sqlite, after=first.after
                )
                first.note_read(arrivals)
                yield arrivals
                if on_progress is not None:
                    on_progress(total["read"])

        def take(chunk: Arrivals) -> None:
            with self._db.write() as connection:
                mark.begin(connection, has_more=chunk.read == CHUNK)
                counts = first.take(connection, chunk)
                if counts is None:
                    counts = merge(connection, chunk, seen)
            total.update(counts)

        take_beside(chunks(), take)
        left = let_go(self._db, seen, whole_at, whose) if whole_at and is_whole() else 0
        is_everybody = bool(whole_at and is_whole() and whose is Leaving.ANYBODY)
        if is_everybody:
            self._take_on()
        if self.unfinished():
            with self._db.write() as connection:
                mark.end(connection, is_everybody=is_everybody)
        return ImportCounts(total["added"], total["changed"], total["unchanged"], left)

    def unfinished(self) -> Mapping[str, datetime]:
        """Lists that were cut off, or that are brought in just now: by name, when they began."""
        with self._db.read() as connection:
            return unfinished_lists(connection)

    def note_bad_rows(self, name: str, count: int, *, is_by_hand: bool, is_everybody: bool) -> None:
        """See `note_bad_rows`."""
        if (count and is_by_hand) or self.lacking():
            with self._db.write() as connection:
                note_bad_rows(connection, name, count, is_by_hand=is_by_hand, is_everybody=is_everybody)

    def lacking(self) -> Mapping[str, int]:
        """Lists that were brought in by hand, and how many rows of each name nobody."""
        with self._db.read() as connection:
            return lacking_lists(connection)

    def _take_on(self) -> None:
        """Whoever is on it now is on the company's own list, which is the truth: it is as Notifier left it."""
        with self._db.write() as connection:
            note(connection, EntryKind.CHANGED, taken_on(connection))

    def compare(
        self,
        customers: Iterable[Customer],
        unsaid: Callable[[], Collection[str]] = tuple,
        whose: Leaving = Leaving.ANYBODY,
    ) -> ImportCounts:
        """What `import_customers` of this whole list would do; nothing is changed."""
        total: Counter[str] = Counter()
        rows, seen = iter(customers), self._nobody_seen()
        while chunk := list(islice(rows, CHUNK)):
            read = Arrivals.of(chunk, unsaid(), is_whole=False, is_sqlite=self._db.is_sqlite)
            with self._db.read() as connection:
                total.update(differences(connection, read, seen))
        left = len(gone(self._db, seen, whose))
        return ImportCounts(total["added"], total["changed"], total["unchanged"], left)

    def customers(self) -> Iterator[Customer]:
        """Everyone on the roster, in the order they joined it, a page at a time."""
        last = 0
        while page := self._page_after(last):
            yield from (_customer(row) for row in page)
            last = page[-1].number

    def customer(self, key: str) -> Customer | None:
        """The customer with this id, else the first with this address."""
        with self._db.read() as connection:
            row = _find(connection, key)
        return None if row is None else _customer(row)

    def ids(self, beginning: str, most: int) -> tuple[str, ...]:
        """Customers' own ids that begin so, in their order; no ids that are made of addresses."""
        made = customer.c.customer_id.startswith(MADE_ID, autoescape=True)
        begins = customer.c.customer_id.startswith(beginning, autoescape=True)
        query = sa.select(customer.c.customer_id).where(begins, sa.not_(made), IS_HERE).order_by(customer.c.customer_id)
        with self._db.read() as connection:
            return tuple(connection.execute(query.limit(most)).scalars())

    def count(
        self,
        audiences: Mapping[str, frozenset[str]] | None = None,
        *,
        languages: Iterable[str] = (),
        otherwise: str = "",
    ) -> Mapping[str, int]:
        """How many customers are in the audience of any of these policies (of all: everyone), by language.

        With `languages`, counted by the one of them that serves each reader, else `otherwise`.
        """
        counts: Counter[str] = Counter()
        for (language, _), count in self.reader_groups(audiences or {"": frozenset()}).items():
            counts[language_for(language, languages, otherwise) if languages else language] += count
        return dict(counts)

    def tags(self) -> frozenset[str]:
        """Every tag that somebody on the roster has."""
        with self._db.read() as connection:
            rows = connection.execute(sa.select(customer.c.tags).where(IS_HERE).distinct()).scalars()
            return frozenset(tag for tags in rows for tag in json.loads(tags))

    def reader_groups(self, audiences: Mapping[str, frozenset[str]]) -> Mapping[tuple[str, tuple[str, ...]], int]:
        """How many customers read each (language as on the roster, policies they are in the audience of).

        Whoever is in no audience is left out. This is what a notice's messages must cover.
        """
        counts: Counter[tuple[str, tuple[str, ...]]] = Counter()
        query = (
            sa.select(customer.c.language, customer.c.tags, sa.func.count())
            .where(IS_HERE)
            .group_by(customer.c.language, customer.c.tags)
        )
        with self._db.read() as connection:
            for language, tags, count in connection.execute(query):
                policies = policies_for(frozenset(json.loads(tags)), audiences)
                if policies:
                    counts[language, policies] += count
        return dict(counts)

    def shared_policies(self, audiences: Mapping[str, frozenset[str]]) -> set[tuple[str, ...]]:
        """Sets of policies that those who share an address are told of together."""
        with self._db.read() as connection:
            return shared_policies(connection, audiences)

    def forget(self, key: str, at: datetime, *, by: str = SYSTEM) -> int:
        """Erase a customer, known by id or address: from the roster, from every delivery, from the suppressions.

        What stays is that a delivery was made, to somebody whom nobody can name any more; deliveries not sent yet are
        suppressed. Returns how many rows lost their personal data. Raises `Refused` for an unknown key.
        """
        pseudonym = f"forgotten-{secrets.token_hex(6)}"
        with self._db.write() as connection:
            ids, keys = _everything_of(connection, key)
            erased = connection.execute(sa.delete(customer).where(customer.c.customer_id.in_(ids))).rowcount
            erased += _erase_deliveries(connection, ids, keys, pseudonym)
            erased += lift(connection, keys)
            erased += forget_acceptances(connection, ids)
            if not erased:
                raise Refused("no such customer: neither an id nor an address in the ledger")
            note(connection, EntryKind.ERASED, {"pseudonym": pseudonym, "count": erased})
            write_audit(connection, AuditAction.FORGOTTEN, at=at, who=by, detail=pseudonym)
        self._db.empty_log()
        return erased

    def suppress(self, email: str, reason: SuppressionReason, at: datetime, *, source: str = SYSTEM) -> None:
        """Do not write to this address any more; `MANUAL` holds for mandatory notices too."""
        with self._db.write() as connection:
            add_suppressions(connection, [(email, reason)], at=at, source=source)

    def unsuppress(self, email: str) -> int:
        """Lift every suppression of this address; how many there were."""
        with self._db.write() as connection:
            return lift(connection, [email])

    def suppressed(self, email: str) -> tuple[SuppressionReason, ...]:
        """Why this address is suppressed; empty where it is not."""
        with self._db.read() as connection:
            return reasons(connection, email)

    def left_at(self, customer_id: str) -> datetime | None:
        """When this customer was no longer on the company's list; None while they are."""
        with self._db.read() as connection:
            query = sa.select(customer.c.left_at).where(customer.c.customer_id == customer_id)
            return connection.execute(query).scalar()

    def _nobody_seen(self) -> Seen:
        with self._db.read() as connection:
            return Seen(connection.execute(sa.select(sa.func.max(customer.c.number))).scalar() or 0)

    def _page_after(self, number: int) -> Sequence[AnyRow]:
        after = sa.and_(customer.c.number > number, IS_HERE)
        query = sa.select(customer).where(after).order_by(customer.c.number).limit(PAGE)
        with self._db.read() as connection:
            return connection.execute(query).all()


def _customer(row: AnyRow) -> Customer:
    return Customer(row.customer_id, row.email, row.name, row.language, frozenset(json.loads(row.tags)), row.since)


def _find(connection: Connection, key: str) -> AnyRow | None:
    by_id = connection.execute(sa.select(customer).where(customer.c.customer_id == key)).first()
    if by_id is not None:
        return by_id
    query = sa.select(customer).where(customer.c.email_key == email_key(key)).order_by(customer.c.number)
    return connection.execute(query).first()


def _everything_of(connection: Connection, key: str) -> tuple[set[str], set[str]]:
    """Every customer id and compared address that the key leads to."""
    rows = connection.execute(
        sa.select(customer.c.customer_id, customer.c.email_key).where(
            (customer.c.customer_id == key) | (customer.c.email_key == email_key(key))
        )
    ).all()
    return {key, *(row.customer_id for row in rows)}, {email_key(key), *(row.email_key for row in rows)}


def _erase_deliveries(connection: Connection, ids: set[str], keys: set[str], pseudonym: str) -> int:
    """Whoever is still queued is suppressed; of the others only the personal data goes."""
    small = sa.func.lower(delivery.c.email)  # SQLite knows small letters of ASCII only
    named = delivery.c.customer_id.in_(ids) | small.in_(keys) | delivery.c.email.in_(ids | keys)
    found = connection.execute(sa.select(delivery.c.delivery_key).where(named)).scalars().all()
    if not found:
        return 0
    theirs = delivery.c.delivery_key.in_(found)  # no index knows addresses: looked for once, in all deliveries
    is_unsent = (of_its_batch("state") == BatchState.PENDING) & (of_its_batch("attempts") == 0)
    erase_reported(connection, found)
    never_sent = sa.update(delivery).where(theirs, delivery.c.status.is_(None), is_unsent)
    connection.execute(never_sent.values(status=DeliveryStatus.SUPPRESSED, reason=SuppressionReason.FORGOTTEN))
    place = sa.cast(delivery.c.message_no, sa.String) + "-" + sa.cast(delivery.c.seq, sa.String)
    leaves = [{"key": row.delivery_key, "of_it": leaf_of(row)} for row in connection.execute(TO_ERASE.where(theirs))]
    keep = sa.update(delivery).where(delivery.c.delivery_key == sa.bindparam("key")).values(leaf=sa.bindparam("of_it"))
    connection.execute(keep, leaves)
    erased = sa.update(delivery).where(theirs)
    gone = {"customer_id": f"{pseudonym}-" + place, "email": "", "name": "", "salt": None}
    return connection.execute(erased.values(gone)).rowcount
