"""Providers' reports as they came: of each signed request its signature, and of our deliveries' events their bytes.

A request holds events of many people, and perhaps of other mail: the bytes of our own are kept, packed together, and
of the whole body the hash that was signed. Who is forgotten is cut out of it, and leaves the hash of what was there.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.rows import inserted_number
from notifier.ledger.schema import event, report
from notifier.notice.delivery import SignedRequest

CHUNK = 500
GONE = "sha256:"
"""Before the hash of an event whose person was forgotten; no event begins so, as each is a JSON object or a header."""


def keep_report(
    connection: Connection, raws: Sequence[str], at: datetime, *, mailer: str, request: SignedRequest | None
) -> int | None:
    """Keep the events' bytes in their order and what signs them; the report's number, None where there are none."""
    if not any(raws):
        return None
    values = {
        "mailer": mailer,
        "received_at": at,
        "timestamp": request.timestamp if request else None,
        "signature": request.signature if request else None,
        "key": request.key if request else None,
        "signed_sha256": request.signed_sha256 if request else None,
        "events": _packed(raws),
    }
    return inserted_number(connection, report.insert().values(values))


def unpacked(events: bytes) -> list[str]:
    """The events' bytes by their place, as they were received."""
    return list(json.loads(zlib.decompress(events)))


def erase_reported(connection: Connection, delivery_keys: Iterable[str]) -> None:
    """Cut what was reported of these deliveries out of the reports; a hash shows where it was."""
    keys, places = sorted(delivery_keys), defaultdict[int, list[int]](list)
    columns = (event.c.report_no, event.c.place)
    for start in range(0, len(keys), CHUNK):
        theirs = sa.and_(event.c.delivery_key.in_(keys[start : start + CHUNK]), event.c.report_no.is_not(None))
        for number, place in connection.execute(sa.select(*columns).where(theirs)):
            places[number].append(place)
    for number, gone in places.items():
        mine = report.c.number == number
        raws = unpacked(connection.execute(sa.select(report.c.events).where(mine)).scalar_one())
        for place in gone:
            if not raws[place].startswith(GONE):
                raws[place] = GONE + hashlib.sha256(raws[place].encode()).hexdigest()
        connection.execute(sa.update(report).where(mine).values(events=_packed(raws)))


def _packed(raws: Sequence[str]) -> bytes:
    return zlib.compress(json.dumps(raws, ensure_ascii=False).encode(), 6)
