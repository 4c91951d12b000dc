"""What people said of postings, as the ledger keeps it: appended, chained, and nobody's once they are forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from notifier.errors import Refused
from notifier.ledger import Ledger
from notifier.ledger.people.acceptance_tables import acceptance
from notifier.ledger.people.api_keys import Scope
from notifier.ledger.people.receipt import (
    AcceptanceRefusal,
    NewAcceptance,
    PersonOnRecord,
    RequestMark,
    StoredAcceptance,
    receipt_facts,
)
from notifier.notice.delivery import Customer
from notifier.policy.agreement import Agreement, AgreementMethod
from notifier.proof.entry import EntryKind
from notifier.proof.salted_hash import salted_hash
from notifier.text.front_matter import Consent
from tests.scenes import NOON, people

TAG = "posted/terms/2026-11-01"
YES = NewAcceptance("c0", "terms", TAG, "a" * 64, "en", Consent.ACCEPT, AgreementMethod.CLICK, NOON, '{"page":"/x"}')
ASKED_ONCE = YES._replace(request=RequestMark("app", "key-1", "body"))


def sign(text: str) -> tuple[str, str]:
    return "k1", f"signed {len(text)}"


def record(ledger: Ledger, *wanted: NewAcceptance) -> list[StoredAcceptance | AcceptanceRefusal]:
    return ledger.acceptances.record(wanted, NOON, sign)


@pytest.fixture
def roster(ledger: Ledger) -> Ledger:
    ledger.roster.import_customers(people(3))
    return ledger


def test_what_somebody_said_is_kept_with_its_entry_in_the_journal(roster: Ledger) -> None:
    (made,) = record(roster, YES)

    assert isinstance(made, StoredAcceptance)
    assert roster.acceptances.of("c0") == (made,)
    assert roster.acceptances.receipt(made.receipt_id) == made
    assert made.person_hash == salted_hash(bytes.fromhex(made.salt or ""), "c0")
    assert made.context_hash == salted_hash(bytes.fromhex(made.salt or ""), {"page": "/x"})
    *_, entry = roster.journal.entries()
    (image,) = entry.facts["rows"]["acceptance"]
    assert entry.kind is EntryKind.ACCEPTED
    assert (image["person_hash"], image["tag"], image["signature"]) == (made.person_hash, TAG, made.signature)
    assert not {"c0", made.salt, made.receipt_id} & set(map(str, image.values()))


def test_the_same_request_is_answered_as_before_and_another_under_its_key_is_refused(roster: Ledger) -> None:
    assert roster.acceptances.answered(RequestMark("app", "key-1", "body")) is None
    first, again = record(roster, ASKED_ONCE, ASKED_ONCE)
    (later,) = record(roster, ASKED_ONCE)
    changed = ASKED_ONCE._replace(request=RequestMark("app", "key-1", "other"))
    elsewhere = ASKED_ONCE._replace(request=RequestMark("other app", "key-1", "other"))

    assert first == again == later == roster.acceptances.answered(RequestMark("app", "key-1", "body"))
    assert isinstance(later, StoredAcceptance)
    assert not later.is_new
    assert record(roster, changed) == [AcceptanceRefusal.OTHER_REQUEST]
    assert isinstance(record(roster, elsewhere)[0], StoredAcceptance)
    assert len(roster.acceptances.of("c0")) == 2


def test_the_same_request_to_two_servers_at_once_is_written_down_once(roster: Ledger, ledger_url: str) -> None:
    record(roster, YES)
    once = [[ASKED_ONCE._replace(request=RequestMark("app", f"key-{n}", "body"))] * 2 for n in range(8)]
    with Ledger.open(ledger_url) as other, ThreadPoolExecutor(2) as pool:
        for same in once:
            found = list(pool.map(record, (roster, other), same))
            receipts = {one.receipt_id for (one,) in found if isinstance(one, StoredAcceptance)}
            assert len(receipts) == 1
    assert len(roster.acceptances.of("c0")) == 1 + len(once)


def test_people_are_known_by_id_or_by_an_address_of_theirs_alone(roster: Ledger) -> None:
    roster.roster.import_customers([Customer("a", "both@x.example"), Customer("b", "both@x.example")])
    keys = ("c1", "Person1@example.com", "nobody", "both@x.example", "\0")

    found = [roster.acceptances.person(key) for key in keys]

    c1 = PersonOnRecord("c1", "en", frozenset(), ())
    assert found == [
        c1,
        c1,
        AcceptanceRefusal.UNKNOWN_PERSON,
        AcceptanceRefusal.AMBIGUOUS_PERSON,
        AcceptanceRefusal.UNKNOWN_PERSON,
    ]
    refused = record(roster, *(YES._replace(person=key) for key in keys[2:4]))
    assert refused == [AcceptanceRefusal.UNKNOWN_PERSON, AcceptanceRefusal.AMBIGUOUS_PERSON]
    assert roster.acceptances.is_empty()


def test_who_was_forgotten_is_named_by_nothing_that_is_left(roster: Ledger) -> None:
    (made,) = record(roster, ASKED_ONCE)
    roster.roster.forget("person0@example.com", NOON)

    with roster.database.read() as connection:
        row = connection.execute(sa.select(acceptance)).one()
    assert isinstance(made, StoredAcceptance)
    assert (row.person, row.salt, row.context, row.request_key, row.request_hash) == (None,) * 5
    assert (row.person_hash, row.context_hash) == (made.person_hash, made.context_hash)
    assert roster.acceptances.of("c0") == ()
    left = roster.acceptances.receipt(made.receipt_id)
    assert left is not None
    assert left.signature == made.signature
    assert receipt_facts(left)["person"] is None


def test_everyone_is_counted_by_what_they_said(roster: Ledger) -> None:
    other = YES._replace(tag="posted/terms/2026-12-01", method=AgreementMethod.CONTINUED_USE)
    record(roster, YES, YES, YES._replace(person="c1"), other._replace(person="c1"), YES._replace(policy_id="privacy"))
    first, then = Agreement(TAG, AgreementMethod.CLICK), Agreement(other.tag, AgreementMethod.CONTINUED_USE)

    found = {said: count for _, said, count in roster.acceptances.profiles([TAG, other.tag])}

    assert found == {frozenset({first}): 1, frozenset({first, then}): 1, frozenset(): 1}
    known = roster.acceptances.person("c1")
    assert isinstance(known, PersonOnRecord)
    assert known.agreements == (first, then)
    assert roster.acceptances.said_by(["c0", "c2"]) == {"c0": [first], "c2": []}


def test_a_key_is_shown_once_kept_as_a_hash_and_opens_nothing_once_revoked(ledger: Ledger) -> None:
    key, shown = ledger.api_keys.create("shop", {Scope.READ}, NOON)

    assert ledger.api_keys.recognise(shown) == key
    assert [ledger.api_keys.recognise(wrong) for wrong in (shown + "x", "ntf_zz_zz", "", "Bearer", shown[4:])] == [
        None
    ] * 5
    with ledger.database.read() as connection:
        kept = connection.exec_driver_sql("SELECT * FROM api_key").one()
    assert not any(shown.partition("_")[2].partition("_")[2] in str(value) for value in kept)

    revoked = ledger.api_keys.revoke(key.key_id, NOON + timedelta(hours=1))

    assert ledger.api_keys.recognise(shown) is None
    assert ledger.api_keys.all() == (revoked,)
    assert [one.kind for one in ledger.journal.entries()].count(EntryKind.KEY) == 2
    with pytest.raises(Refused, match="notifier keys list"):
        ledger.api_keys.revoke("nothing", NOON)
