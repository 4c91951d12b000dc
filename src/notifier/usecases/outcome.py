"""What came back from one attempt → what the ledger says of it, and what the sender must mind from now on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from notifier.errors import AccountBlocked, DeliveryError, InDoubt, LedgerError, NotSent, RejectedItems, RejectedRequest
from notifier.ledger.types import Claim
from notifier.notice.sending_rules import block_for, pause_after

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.mail import Accepted, Mailer
    from notifier.usecases.sender import Surroundings

LEDGER_PAUSE_S = 0.5
LEDGER_TRIES = 120
"""An outcome that cannot be written (disk full, locked) is kept and tried for a minute; nothing is sent meanwhile."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one answer means for the requests that follow."""

    is_accepted: bool = False
    is_refusal: bool = False
    is_account_blocked: bool = False
    is_in_doubt: bool = False
    rests_until: datetime | None = None
    why: str = ""


def record_answer(
    ledger: Ledger, mailer: Mailer, claim: Claim, future: Future[Accepted], around: Surroundings
) -> Effect:
    """Write down how an attempt ended. Raises `LedgerError` where the ledger stays unwritable: then it is in doubt."""
    now = around.now()
    try:
        accepted = future.result()
    except DeliveryError as error:
        failure: DeliveryError = error
    except Exception as error:  # noqa: BLE001  # a fault of ours: the request may have left
        failure = InDoubt(f"{type(error).__name__} in the {mailer.name} transport")
    else:
        _persist(around, lambda: ledger.attempts.record_accepted(claim, now, accepted.provider_request_id))
        return Effect(is_accepted=True)
    return _record_failure(ledger, mailer, claim, failure, around)


def record_unsent(ledger: Ledger, claim: Claim, now: datetime) -> None:
    """A request that never began: the batch goes back as if it had not been claimed."""
    ledger.attempts.record_not_sent(claim, now, error="stopped before it was sent", not_before=now)


def _record_failure(
    ledger: Ledger, mailer: Mailer, claim: Claim, failure: DeliveryError, around: Surroundings
) -> Effect:
    now, text = around.now(), str(failure)
    if isinstance(failure, RejectedItems):
        indexes = failure.indexes
        _persist(around, lambda: ledger.attempts.record_rejected_items(claim, now, error=text, indexes=indexes))
        return Effect()
    if isinstance(failure, RejectedRequest):
        is_large = failure.too_large
        _persist(around, lambda: ledger.attempts.record_rejected_request(claim, now, error=text, too_large=is_large))
        return Effect(is_refusal=True, why=text)
    if isinstance(failure, AccountBlocked):
        _persist(around, lambda: ledger.attempts.record_account_blocked(claim, now, error=text))
        _persist(around, lambda: ledger.rate_limits.stop(mailer.name, now, now, text))
        return Effect(is_refusal=True, is_account_blocked=True, why=text)
    if isinstance(failure, NotSent) or mailer.is_idempotent:
        return _record_not_sent(ledger, mailer, claim, failure, around)
    _persist(around, lambda: ledger.attempts.record_in_doubt(claim, now, error=text))
    return Effect(is_refusal=True, is_in_doubt=True, why=text)


def _record_not_sent(
    ledger: Ledger, mailer: Mailer, claim: Claim, failure: DeliveryError, around: Surroundings
) -> Effect:
    """Back with a growing pause; where the provider named a time, nobody sends before it."""
    now, text = around.now(), str(failure)
    asked_s = failure.retry_after_s if isinstance(failure, NotSent) else None
    pause = pause_after(claim.setbacks, around.chance()) if asked_s is None else block_for(asked_s)
    _persist(around, lambda: ledger.attempts.record_not_sent(claim, now, error=text, not_before=now + pause))
    if asked_s is None:
        return Effect(is_refusal=True, why=text)
    _persist(around, lambda: ledger.rate_limits.stop(mailer.name, now + pause, now, text))
    return Effect(is_refusal=True, rests_until=now + pause, why=text)


def _persist(around: Surroundings, action: Callable[[], object]) -> None:
    for tries_left in range(LEDGER_TRIES, -1, -1):
        try:
            action()
        except LedgerError:
            if not tries_left:
                raise
            around.sleep(LEDGER_PAUSE_S)
        else:
            return
