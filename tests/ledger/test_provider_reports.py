"""What providers reported, kept as it came, until somebody it is about is forgotten."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from notifier.ledger import Ledger
from notifier.ledger.evidence.provider_reports import GONE, unpacked
from notifier.ledger.schema import report
from notifier.notice.delivery import DeliveryStatus, SignedRequest
from tests.scenes import NOON, NOTICE, event, frozen, people

REQUEST = SignedRequest("1790000000", "c2lnbmVk", "a2V5", "5e" * 32)


def reported(ledger: Ledger) -> list[str]:
    with ledger.database.read() as connection:
        return [raw for kept in connection.execute(sa.select(report.c.events)).scalars() for raw in unpacked(kept)]


def test_an_event_is_kept_as_it_came_with_what_signs_it_and_once(ledger: Ledger) -> None:
    frozen(ledger, people(2))
    (claim,) = ledger.batches.claim(NOTICE, NOON, mailer="sendgrid", limit=1)
    raws = ['{"event": "delivered",  "email":"person0@example.com"}', '{"event":"delivered","x":"\\ud800"}']
    events = [
        replace(event(DeliveryStatus.DELIVERED, person[1]), raw=raw)
        for person, raw in zip(claim.recipients, raws, strict=True)
    ]
    ledger.events.record(events, NOON, request=REQUEST)
    ledger.events.record(events, NOON, request=REQUEST)

    assert reported(ledger) == raws
    with ledger.database.read() as connection:
        kept = connection.execute(sa.select(report)).one()
    assert (kept.timestamp, kept.signature, kept.key, kept.signed_sha256) == (
        REQUEST.timestamp,
        REQUEST.signature,
        REQUEST.key,
        REQUEST.signed_sha256,
    )


def test_nothing_that_a_provider_said_of_somebody_outlives_their_being_forgotten(ledger: Ledger) -> None:
    frozen(ledger, people(2))
    (claim,) = ledger.batches.claim(NOTICE, NOON, mailer="sendgrid", limit=1)
    one, other = (
        replace(event(DeliveryStatus.BOUNCED, each[1]), raw=f'{{"email": "{each[2]}"}}') for each in claim.recipients
    )
    ledger.events.record([one, other], NOON, request=REQUEST)

    ledger.roster.forget("person0@example.com", NOON)
    ledger.roster.forget("person1@example.com", NOON)

    assert [raw.partition(":")[0] + ":" for raw in reported(ledger)] == [GONE, GONE]
