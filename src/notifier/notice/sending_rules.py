"""What the sender decides, apart from how it acts: pauses, the canary, the bounce limit, and what to do in doubt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class SendingRules:
    """The operator's rules for sending, and the waiting times behind them."""

    sender: str
    """As in a `From` header."""
    reply_to: str | None = None
    max_bounce_rate: float = 0.05
    """Share of the accepted that may bounce, be dropped or complain before a notice is held."""
    resends_in_doubt: bool = True
    """`notice.in_doubt`: after the waiting time, send again (True) or leave it to a person (False)."""
    rate_per_second: float | None = None
    """Recipients a second over all connections; None for as fast as the provider takes them."""
    period_days: int = 30
    """`notice.period_days`: what the effective date keeps clear of a sending that ended late."""
    canary_wait: timedelta = timedelta(minutes=15)
    in_doubt_wait: timedelta = timedelta(minutes=30)
    feed_lag: timedelta = timedelta(minutes=15)
    """A feed that reports others this much later than a doubtful attempt would have reported it too."""
    silent_feed_wait: timedelta = timedelta(hours=24)
    """How long to stay in doubt while the provider reports nothing at all (it retries events for 24 h)."""
    patience: timedelta = timedelta(seconds=60)
    """How long one pass waits for what comes due, before it leaves the rest to the next."""
    stop_grace: timedelta = timedelta(seconds=4)
    """How long a pass that is told to stop waits for requests under way."""


SHORTEST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 600.0
LONGEST_BLOCK_S = 900.0


def pause_after(setbacks: int, chance: float) -> timedelta:
    """How long a batch waits after so many refusals in a row: growing, with full jitter; `chance` is in 0 … 1."""
    ceiling = min(LONGEST_PAUSE_S, SHORTEST_PAUSE_S * 2.0 ** min(setbacks, 16))
    return timedelta(seconds=SHORTEST_PAUSE_S + chance * (ceiling - SHORTEST_PAUSE_S))


def block_for(asked_s: float) -> timedelta:
    """How long all senders stop when a provider asks for it: what it asks, within one second and 15 minutes."""
    return timedelta(seconds=min(max(asked_s, SHORTEST_PAUSE_S), LONGEST_BLOCK_S))


def bounces_too_often(bad: int, forgiven: int, accepted: int, limit: float) -> bool:
    """Do more than `limit` of the accepted go wrong, not counting those an operator has seen and resumed after?"""
    fresh = bad - forgiven
    return fresh > 0 and fresh > limit * max(accepted, 1)


@dataclass(frozen=True, slots=True)
class Canary:
    """How the first batch of a notice is doing."""

    sent_at: datetime | None
    """When the provider took it; None before that."""
    recipients: int
    settled: int
    """How many of them have a final status."""


def canary_may_pass(canary: Canary, now: datetime, *, has_events: bool, wait: timedelta) -> bool:
    """May the rest follow? Once every event of the first batch is in, or the waiting time is over."""
    if canary.sent_at is None:
        return False
    return not has_events or canary.settled >= canary.recipients or now >= canary.sent_at + wait


class Settling(StrEnum):
    """What to do about a batch in doubt."""

    WAIT = "wait"  #: an event may still come
    RESEND = "resend"  #: write again, marked as possible duplicates
    ASK = "ask"  #: a person must say (`notice.in_doubt = "hold"`)


def settle(
    since: datetime, now: datetime, *, has_events: bool, feed_seen_at: datetime | None, rules: SendingRules
) -> Settling:
    """Silence proves something only where the provider is heard reporting on others meanwhile."""
    is_heard = feed_seen_at is not None and feed_seen_at >= since + rules.feed_lag
    wait = rules.in_doubt_wait if is_heard or not has_events else rules.silent_feed_wait
    if now < since + wait:
        return Settling.WAIT
    return Settling.RESEND if rules.resends_in_doubt else Settling.ASK
