"""What the sender decides, apart from how it acts: pauses, the canary, the bounce limit, and what to do in doubt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

MOST_LOST = 1 / 5
"""More of the roster than this does not leave between two notices, or while letters wait, unless a list was cut short
or emptied."""


class SendingRules(NamedTuple):
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
    zone: tzinfo = UTC
    """`posting.timezone`: whose calendar days those are."""
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
    lease: timedelta = timedelta(minutes=5)
    """How long a claim holds where many send: longer than any request; what has no outcome then is in doubt."""

    @property
    def kept_by_all(self) -> Mapping[str, str | float]:
        """What may not depend on which machine sends."""
        in_doubt = "resend" if self.resends_in_doubt else "hold"
        return {"notice.in_doubt": in_doubt, "notice.max_bounce_rate": self.max_bounce_rate}


SHORTEST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 600.0
LONGEST_BLOCK_S = 900.0
LEAST_SAMPLE = 100
"""At the default limit of 5 %, six must go wrong: one case in 1,800 on a roster where one in a hundred is dead."""


def pause_after(setbacks: int, chance: float) -> timedelta:
    """How long a batch waits after so many refusals in a row: growing, with full jitter; `chance` is in 0 … 1."""
    ceiling = min(LONGEST_PAUSE_S, SHORTEST_PAUSE_S * 2.0 ** min(setbacks, 16))
    return timedelta(seconds=SHORTEST_PAUSE_S + chance * (ceiling - SHORTEST_PAUSE_S))


def block_for(asked_s: float) -> timedelta:
    """How long all senders stop when a provider asks for it: what it asks, within one second and 15 minutes."""
    return timedelta(seconds=min(max(asked_s, SHORTEST_PAUSE_S), LONGEST_BLOCK_S))


class BadOutcomes(NamedTuple):
    """How many deliveries of a notice went wrong."""

    bad: int
    """Bounced, dropped or complained."""
    dropped: int
    """Those among them that no provider ever took."""
    forgiven: int
    """Those that an operator has seen and resumed after."""

    @property
    def fresh(self) -> int:
        """Those that nobody has seen yet."""
        return self.bad - self.forgiven


def bounces_too_often(outcomes: BadOutcomes, accepted: int, limit: float) -> bool:
    """Do more than `limit` go wrong, not counting those an operator has seen and resumed after?

    Fewer than `LEAST_SAMPLE` count as so many: of two one bounces by chance, and that says nothing of the rest.
    """
    sample = max(accepted + outcomes.dropped, LEAST_SAMPLE)
    return outcomes.fresh > limit * sample


class Canary(NamedTuple):
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


def patience_in_doubt(
    since: datetime,
    *,
    has_events: bool,
    others_were_accepted: bool,
    feed_seen_at: datetime | None,
    rules: SendingRules,
) -> timedelta:
    """How long to wait for an event on what is in doubt `since` then.

    Silence proves something where the provider is heard reporting on others meanwhile, or where it has none to report
    on; while it is silent about others too, an event may still come.
    """
    is_heard = feed_seen_at is not None and feed_seen_at >= since + rules.feed_lag
    is_feed_silent = has_events and others_were_accepted and not is_heard
    return rules.silent_feed_wait if is_feed_silent else rules.in_doubt_wait
