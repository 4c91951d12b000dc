"""Where people stand with what postings ask, one by one and counted, as both records have it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from notifier.errors import Refused
from notifier.ledger.people.receipt import AcceptanceRefusal, PersonOnRecord, StoredAcceptance
from notifier.notice.delivery import policies_for
from notifier.policy.agreement import Agreement, AgreementStanding, AgreementStatus, Asking

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.notice.delivery import Customer
    from notifier.policy.standing import Standing
    from notifier.usecases.standings import Records

CHUNK = 1_000
_SILENT = {AgreementStatus.NONE}


class PolicyAsking(NamedTuple):
    """One policy, what its postings ask, and of whom."""

    policy_id: str
    asking: Asking
    audience: frozenset[str]
    is_over: bool

    def standing(self, agreements: Iterable[Agreement]) -> AgreementStanding:
        return self.asking.standing(agreements, is_over=self.is_over)


class PersonStanding(NamedTuple):
    """One person with one policy."""

    person: str
    policy_id: str
    standing: AgreementStanding


def askings(standings: Iterable[Standing], today: date) -> tuple[PolicyAsking, ...]:
    """Of every policy that was posted."""
    return tuple(_asking(one, today) for one in standings if one.timeline.postings)


def _asking(standing: Standing, today: date) -> PolicyAsking:
    text = standing.head or standing.known
    said = text.controlling.front_matter if text else None
    is_over = bool(said and said.retired and said.retired <= today)
    return PolicyAsking(standing.policy_id, Asking(standing.timeline), said.audience if said else frozenset(), is_over)


def known_askings(records: Records) -> tuple[PolicyAsking, ...]:
    """The same from both records as they are now."""
    return askings(records.standings(), records.today)


def count_people(ledger: Ledger, policies: Sequence[PolicyAsking]) -> Mapping[str, Counter[AgreementStatus]]:
    """Of each policy that asks or was spoken on, how many of its audience stand where."""
    is_silent = ledger.acceptances.is_empty()
    found = {one.policy_id: _count(ledger, one) for one in policies if one.asking.asks or not is_silent}
    asking = {one.policy_id for one in policies if one.asking.asks}
    return {name: counts for name, counts in found.items() if counts and (name in asking or set(counts) != _SILENT)}


def _count(ledger: Ledger, policy: PolicyAsking) -> Counter[AgreementStatus]:
    counts: Counter[AgreementStatus] = Counter()
    tags = [posting.tag for posting in policy.asking.timeline.postings]
    for customer_tags, said, people in ledger.acceptances.profiles(tags):
        if said or policies_for(frozenset(json.loads(customer_tags)), {policy.policy_id: policy.audience}):
            counts[policy.standing(said).status] += people
    return counts


def people_standings(
    ledger: Ledger, policies: Sequence[PolicyAsking], *, statuses: frozenset[AgreementStatus]
) -> Iterator[PersonStanding]:
    """Everyone on the roster, in their order, with each policy that is theirs; those that stand so."""
    customers = ledger.roster.customers()
    while some := list(islice(customers, CHUNK)):
        said = ledger.acceptances.said_by([one.customer_id for one in some])
        for one in some:
            for found in standings_of_customer(policies, one, said[one.customer_id]):
                if found.standing.status in statuses:
                    yield found


def standings_of_customer(
    policies: Sequence[PolicyAsking], customer: Customer | PersonOnRecord, said: Sequence[Agreement]
) -> Iterator[PersonStanding]:
    """With each policy whose audience they are in, or that they spoke on."""
    person = customer.person if isinstance(customer, PersonOnRecord) else customer.customer_id
    audiences = {one.policy_id: one.audience for one in policies}
    theirs = set(policies_for(customer.tags, audiences))
    for policy in policies:
        places = policy.asking.places
        words = [one for one in said if one.tag in places]
        if words or policy.policy_id in theirs:
            yield PersonStanding(person, policy.policy_id, policy.standing(words))


def narrowed(policies: Sequence[PolicyAsking], policy_id: str | None) -> Sequence[PolicyAsking]:
    """Only this one. Raises Refused where it was never posted."""
    if policy_id is None:
        return policies
    found = [one for one in policies if one.policy_id == policy_id]
    if not found:
        there = ", ".join(one.policy_id for one in policies) or "none"
        raise Refused(f"there is no policy {policy_id!r} that was posted; there are {there}")
    return found


def show_person(
    ledger: Ledger, policies: Sequence[PolicyAsking], key: str
) -> tuple[str, list[PersonStanding], tuple[StoredAcceptance, ...]]:
    """Their id, where they stand, and everything that they said. Raises Refused for somebody unknown."""
    found = ledger.acceptances.person(key)
    if isinstance(found, AcceptanceRefusal):
        raise Refused(f"{key}: {found.value}; `notifier customers list` shows who is known")
    standings = list(standings_of_customer(policies, found, found.agreements))
    return found.person, standings, ledger.acceptances.of(found.person)
