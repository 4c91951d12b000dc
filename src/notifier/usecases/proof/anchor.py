"""Anchor: have an authority stamp the journal's head with its time (RFC 3161), so that nobody could have made it later.

Sent is the hash of the head's hash and nothing else. What is kept is the whole answer; `openssl ts -verify` checks it
against the 64 hex digits of the head.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from notifier.alarms import Alarm, AlarmCode, alarm
from notifier.errors import NotifierError
from notifier.ledger.evidence.head_stamps import StampedHead
from notifier.proof.entry import Head
from notifier.proof.sorted_certificates import sorted_certificates

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger

TIMEOUT_S = 30.0
MOST_BYTES = 1_000_000
_REASON = re.compile(r'data: "Verify error: *([^"]+)"')
"""What OpenSSL has to say, in what the library says of its errors."""
GRACE = timedelta(hours=26)
"""With a run a day a head is stamped within a day of the one before; an hour or two later somebody is told."""


class NotAnchored(NotifierError):
    """The authority gave no stamp that holds; nothing was kept."""


class Authority(NamedTuple):
    """Where stamps come from, and, where known, the root certificates that they are held against."""

    url: str
    roots: Path | None = None


def authority_of(config: Config) -> Authority | None:
    """The configured one."""
    if config.proof.anchor is None:
        return None
    return Authority(config.proof.anchor, config.root / config.proof.anchor_ca if config.proof.anchor_ca else None)


def anchor_head(ledger: Ledger, authority: Authority) -> StampedHead | None:
    """Stamp the head, unless it is stamped already or there is none. Raises NotAnchored, with nothing kept."""
    head, known = ledger.journal.head(), ledger.head_stamps.all()
    if not ledger.journal.goes_on_after(known[-1].head.number if known else 0):
        return None
    made = request_stamp(head, authority)
    ledger.head_stamps.add(made)
    return made


def anchor_alarms(config: Config, ledger: Ledger) -> tuple[Alarm, ...]:
    """At the end of a run: stamp the head where `proof.anchor` says so; an alarm where that failed."""
    authority = authority_of(config)
    if authority is None:
        return ()
    try:
        anchor_head(ledger, authority)
    except NotAnchored as error:
        return (alarm(AlarmCode.NOT_ANCHORED, why=str(error)),)
    return ()


def late_anchor_alarms(config: Config, ledger: Ledger, now: datetime) -> tuple[Alarm, ...]:
    """Between runs: the journal went on, and its last stamp is older than a run a day would leave it."""
    authority = authority_of(config)
    if authority is None:
        return ()
    stamped = ledger.head_stamps.all()
    first = ledger.journal.entry(1)
    since = stamped[-1].stamped_at if stamped else first.at if first else now
    if now - since <= GRACE or not ledger.journal.goes_on_after(stamped[-1].head.number if stamped else 0):
        return ()
    return (alarm(AlarmCode.NOT_ANCHORED, why=f"its last time stamp is of {since:%Y-%m-%d %H:%M} UTC"),)


def request_stamp(head: Head, authority: Authority) -> StampedHead:
    """Ask for a stamp and look at it. Raises NotAnchored."""
    import urllib3
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    content = head.hash.encode()
    wanted = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    try:
        with urllib3.PoolManager(timeout=TIMEOUT_S, retries=False) as pool:
            answer = pool.request(
                "POST", authority.url, body=wanted.as_bytes(), headers=headers, redirect=False, preload_content=False
            )
            token = answer.read(MOST_BYTES + 1)
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise NotAnchored(f"{authority.url}: cannot be reached ({type(error).__name__})") from error
    if answer.status != 200 or len(token) > MOST_BYTES:
        raise NotAnchored(f"{authority.url}: answered {answer.status}, and with no time stamp")
    stamp = read_stamp(token, head, authority.url)
    if stamp.nonce != wanted.nonce:
        raise NotAnchored(f"{authority.url}: the time stamp answers another request")
    fault = fault_of(token, head, authority.roots)
    if fault:
        raise NotAnchored(f"{authority.url}: {fault}")
    return StampedHead(head, authority.url, stamp.gen_time.astimezone(UTC), token)


def read_stamp(token: bytes, head: Head, where: str) -> Any:
    """What a response says, if it is of this head. Raises NotAnchored."""
    from rfc3161_client import decode_timestamp_response

    try:
        response = decode_timestamp_response(sorted_certificates(token))
        stamp = response.tst_info
        is_of_it = stamp.message_imprint.message == hashlib.sha256(head.hash.encode()).digest()
    except (ValueError, TypeError) as error:
        raise NotAnchored(f"{where}: this is no time stamp ({error})") from error
    if response.status not in (0, 1) or not is_of_it:
        raise NotAnchored(f"{where}: the time stamp is of something else")
    return stamp


def fault_of(token: bytes, head: Head, roots: Path | None) -> str:
    """Why a stamp's signature does not hold against the root certificates; empty where it does, or none is known."""
    if roots is None:
        return ""
    try:
        fault = stamp_fault(token, head, roots.read_bytes())
    except OSError as error:
        return f"{roots}: cannot be read: {error.strerror}"
    return f"the signature does not hold against {roots.name}: {fault}" if fault else ""


def stamp_fault(token: bytes, head: Head, roots: bytes) -> str:
    """The same of root certificates as they are (PEM)."""
    from cryptography.x509 import load_pem_x509_certificates
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    try:
        builder = VerifierBuilder()
        for certificate in load_pem_x509_certificates(roots):
            builder = builder.add_root_certificate(certificate)
        builder.build().verify_message(decode_timestamp_response(sorted_certificates(token)), head.hash.encode())
    except (VerificationError, ValueError) as error:
        reason = _REASON.search(str(error))
        return reason[1] if reason else str(error) or type(error).__name__
    return ""
