"""What people acknowledged and accepted: appended, signed, and in the journal with the same commit; never edited.

A person is a salted hash in the journal. While they are known their id and the salt stand beside it; when they are
forgotten both go, and what is left tells of nobody.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.by_set.departures import IS_HERE
from notifier.ledger.by_set.prepared import ByKeys, instant_of
from notifier.ledger.database import LedgerPart
from notifier.ledger.people.acceptance_tables import acceptance
from notifier.ledger.people.receipt import (
    AcceptanceRefusal,
    NewAcceptance,
    PersonOnRecord,
    RequestMark,
    StoredAcceptance,
    receipt_facts,
)
from notifier.ledger.rows import AnyRow, email_key, insert_into
from notifier.ledger.schema import customer, secret
from notifier.policy.agreement import Agreement, AgreementMethod
from notifier.proof.canonical_json import canonical
from notifier.proof.salted_hash import new_salt, salted_hash
from notifier.text.front_matter import Consent

Sign = Callable[[str], tuple[str, str]]
"""A receipt's canonical text → the id of the key, and the signature."""
SECRET = "requests"  # noqa: S105  # the row's name, no secret
CHUNK = 500
METHODS = {method.value: method for method in AgreementMethod}
WHO = sa.select(customer.c.customer_id, customer.c.language, customer.c.tags)
BY_ID = ByKeys(WHO, customer.c.customer_id)
WORDS = ByKeys(
    sa.select(
        acceptance.c.person, acceptance.c.tag, acceptance.c.method, acceptance.c.at, acceptance.c.receipt_id
    ).order_by(acceptance.c.number),
    acceptance.c.person,
)
"""Each standing asks for both."""


class Acceptances(LedgerPart):
    """Recorded, looked up, counted."""

    def record(
        self, wanted: Sequence[NewAcceptance], now: datetime, sign: Sign
    ) -> list[StoredAcceptance | AcceptanceRefusal]:
        """Write these down in one transaction, each with its receipt; what each came to, in their order."""
        with self._db.write() as connection:
            recording = _Recording(connection, now, sign, _mark_of(connection))
            return recording.all(wanted)

    def of(self, person: str) -> tuple[StoredAcceptance, ...]:
        """Everything that the customer with this id said, oldest first: all that evidence needs."""
        query = sa.select(acceptance).where(acceptance.c.person == person).order_by(acceptance.c.number)
        with self._db.read() as connection:
            return tuple(_stored(row) for row in connection.execute(query))

    def person(self, key: str) -> PersonOnRecord | AcceptanceRefusal:
        """The customer with this id, else the only one with this address, and what they said."""
        return self.people([key])[key]

    def people(self, keys: Collection[str]) -> dict[str, PersonOnRecord | AcceptanceRefusal]:
        """The same of at most a few hundred, by two questions for all of them."""
        sayable = {key for key in keys if "\0" not in key}  # PostgreSQL refuses the whole question for it
        with self._db.read() as connection:
            rows = {row[0]: row for row in BY_ID.run(connection, sayable)}
            others = _people(connection, [key for key in sayable if key not in rows])
            owners = {one for one in others.values() if not isinstance(one, AcceptanceRefusal)} - rows.keys()
            rows |= {row[0]: row for row in BY_ID.run(connection, owners)} if owners else {}
            said: dict[str, list[Agreement]] = {person: [] for person in rows}
            for person, tag, method, at, receipt_id in WORDS.run(connection, rows):
                said[person].append(Agreement(tag, METHODS[method], instant_of(at), receipt_id))
        known = {person: _on_record(row, said[person]) for person, row in rows.items()}
        found = {key: others.get(key, key) if key in sayable else AcceptanceRefusal.UNKNOWN_PERSON for key in keys}
        return {key: one if isinstance(one, AcceptanceRefusal) else known[one] for key, one in found.items()}

    def receipt(self, receipt_id: str) -> StoredAcceptance | None:
        """The one with this receipt."""
        with self._db.read() as connection:
            row = connection.execute(sa.select(acceptance).where(acceptance.c.receipt_id == receipt_id)).first()
        return None if row is None else _stored(row)

    def answered(self, mark: RequestMark) -> StoredAcceptance | AcceptanceRefusal | None:
        """What the same request came to before; None where it is new."""
        with self._db.read() as connection:
            key = connection.execute(sa.select(secret.c.value).where(secret.c.name == SECRET)).scalar()
            if key is None:
                return None
            request_key, request_hash = _Marking(bytes.fromhex(key)).marks(mark)
            row = connection.execute(sa.select(acceptance).where(acceptance.c.request_key == request_key)).first()
        return None if row is None else _again(row, request_hash)

    def profiles(self, tags: Collection[str]) -> Iterator[tuple[str, frozenset[Agreement], int]]:
        """Of everyone on the roster: their tags as kept, what they said of these postings, and how many are alike."""
        word = acceptance.c.tag + " " + acceptance.c.method
        as_one = sa.func.group_concat if self._db.is_sqlite else sa.func.string_agg
        words = as_one(word.distinct(), *(() if self._db.is_sqlite else (",",))).label("words")
        theirs = sa.and_(acceptance.c.person == customer.c.customer_id, acceptance.c.tag.in_(tags))
        each = sa.select(customer.c.tags, words).select_from(customer.outerjoin(acceptance, theirs)).where(IS_HERE)
        rows = each.group_by(customer.c.customer_id, customer.c.tags).subquery()
        query = sa.select(rows.c.tags, rows.c.words, sa.func.count()).group_by(rows.c.tags, rows.c.words)
        with self._db.read() as connection:
            for audience, said, count in connection.execute(query).all():
                yield audience, frozenset(map(_agreement, said.split(","))) if said else frozenset(), count

    def unknown(self, keys: Collection[str]) -> dict[str, AcceptanceRefusal]:
        """Those of these that are nobody's id or address, or several customers'."""
        with self._db.read() as connection:
            found = _people(connection, list(keys))
        return {key: one for key, one in found.items() if isinstance(one, AcceptanceRefusal)}

    def said_by(self, people: Collection[str]) -> dict[str, list[Agreement]]:
        """What each of these said."""
        found: dict[str, list[Agreement]] = {person: [] for person in people}
        columns = (acceptance.c.person, acceptance.c.tag, acceptance.c.method)
        with self._db.read() as connection:
            for some in _chunks(sorted(people)):
                query = sa.select(*columns).where(acceptance.c.person.in_(some)).distinct()
                for person, tag, method in connection.execute(query):
                    found[person].append(Agreement(tag, AgreementMethod(method)))
        return found

    def is_empty(self) -> bool:
        """Was nothing ever said?"""
        with self._db.read() as connection:
            return not connection.execute(sa.select(sa.exists().select_from(acceptance))).scalar()


def forget_acceptances(connection: Connection, people: Collection[str]) -> int:
    """Within the caller's transaction: nothing tells any more of whom these are; how many there were."""
    nothing = dict.fromkeys(("person", "salt", "context", "request_key", "request_hash"))
    query = sa.update(acceptance).where(acceptance.c.person.in_(people))
    return connection.execute(query.values(nothing)).rowcount


class _Marking(NamedTuple):
    """Requests as hashes under the ledger's own key: they name people."""

    key: bytes

    def marks(self, mark: RequestMark) -> tuple[str, str]:
        return self._hash(f"{mark.asker}\0{mark.key}"), self._hash(mark.body)

    def _hash(self, text: str) -> str:
        return hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class _Recording:
    """One transaction that writes acceptances down."""

    connection: Connection
    now: datetime
    sign: Sign
    marking: _Marking
    rows: list[dict[str, object]] = field(default_factory=list)

    def all(self, wanted: Sequence[NewAcceptance]) -> list[StoredAcceptance | AcceptanceRefusal]:
        marks = [self.marking.marks(one.request) if one.request else (None, None) for one in wanted]
        known: dict[str, StoredAcceptance | AcceptanceRefusal] = {}
        hashes: dict[str, str | None] = {}
        for row in self._answered([key for key, _ in marks if key]):
            known[row.request_key], hashes[row.request_key] = _stored(row, is_new=False), row.request_hash
        people = _people(self.connection, [one.person for one in wanted])
        found: list[StoredAcceptance | AcceptanceRefusal] = []
        for one, (key, request_hash) in zip(wanted, marks, strict=True):
            if key is not None and key in known:
                found.append(known[key] if hashes[key] == request_hash else AcceptanceRefusal.OTHER_REQUEST)
                continue
            answer = self._one(one, people[one.person], key, request_hash)
            found.append(answer)
            if key is not None and isinstance(answer, StoredAcceptance):
                known[key], hashes[key] = answer, request_hash
        if self.rows:
            self.connection.execute(acceptance.insert(), self.rows)
        return found

    def _answered(self, keys: Sequence[str]) -> Iterator[AnyRow]:
        for some in _chunks(keys):
            yield from self.connection.execute(sa.select(acceptance).where(acceptance.c.request_key.in_(some)))

    def _one(
        self, one: NewAcceptance, person: str | AcceptanceRefusal, key: str | None, request_hash: str | None
    ) -> StoredAcceptance | AcceptanceRefusal:
        if isinstance(person, AcceptanceRefusal):
            return person
        made = _made(one, person, self.now, self.sign)
        columns = {name: getattr(made, name) for name in StoredAcceptance.__slots__ if name != "is_new"}
        self.rows.append({**columns, "request_key": key, "request_hash": request_hash})
        return made


def _made(one: NewAcceptance, person: str, now: datetime, sign: Sign) -> StoredAcceptance:
    salt = new_salt()
    said = {name: value for name, value in one._asdict().items() if name != "request"}
    bare = StoredAcceptance(
        **{**said, "person": person},
        receipt_id=secrets.token_urlsafe(24),
        salt=salt.hex(),
        person_hash=salted_hash(salt, person),
        recorded_at=now,
        context_hash=None if one.context is None else salted_hash(salt, json.loads(one.context)),
    )
    signed_by, signature = sign(canonical(receipt_facts(bare)))
    return replace(bare, signed_by=signed_by, signature=signature)


def _mark_of(connection: Connection) -> _Marking:
    """Of servers that share a ledger on PostgreSQL one records at a time: each sees what the other answered."""
    query = sa.select(secret.c.value).where(secret.c.name == SECRET).with_for_update()
    value = connection.execute(query).scalar()
    if value is None:
        fresh = insert_into(connection, secret).values(name=SECRET, value=secrets.token_hex(32))
        connection.execute(fresh.on_conflict_do_nothing())
        value = connection.execute(query).scalar_one()
    return _Marking(bytes.fromhex(value))


def _people(connection: Connection, keys: Sequence[str]) -> Mapping[str, str | AcceptanceRefusal]:
    """Each key's customer: by id, else by an address that only one of them has."""
    columns = (customer.c.customer_id, customer.c.email_key)
    ids: set[str] = set()
    owners: dict[str, list[str]] = {}
    for some in _chunks(sorted(set(keys))):
        ids |= set(
            connection.execute(sa.select(customer.c.customer_id).where(customer.c.customer_id.in_(some))).scalars()
        )
        addresses = [email_key(key) for key in some if "@" in key]
        if addresses:
            for customer_id, address in connection.execute(
                sa.select(*columns).where(customer.c.email_key.in_(addresses))
            ):
                owners.setdefault(address, []).append(customer_id)
    return {key: key if key in ids else _owner(owners.get(email_key(key), [])) for key in keys}


def _on_record(row: AnyRow, agreements: Sequence[Agreement]) -> PersonOnRecord:
    customer_id, language, tags = row
    return PersonOnRecord(customer_id, language, frozenset(json.loads(tags)), tuple(agreements))


def _owner(owners: Sequence[str]) -> str | AcceptanceRefusal:
    if len(owners) == 1:
        return owners[0]
    return AcceptanceRefusal.AMBIGUOUS_PERSON if owners else AcceptanceRefusal.UNKNOWN_PERSON


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    yield from (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def _again(row: AnyRow, request_hash: str) -> StoredAcceptance | AcceptanceRefusal:
    is_same = hmac.compare_digest(row.request_hash, request_hash)
    return _stored(row, is_new=False) if is_same else AcceptanceRefusal.OTHER_REQUEST


def _agreement(word: str) -> Agreement:
    tag, _, method = word.rpartition(" ")
    return Agreement(tag, AgreementMethod(method))


def _stored(row: AnyRow, *, is_new: bool = True) -> StoredAcceptance:
    values = {name: getattr(row, name) for name in StoredAcceptance.__slots__ if name != "is_new"}
    values |= {"asked": Consent(row.asked), "method": AgreementMethod(row.method)}
    return StoredAcceptance(**values, is_new=is_new)
