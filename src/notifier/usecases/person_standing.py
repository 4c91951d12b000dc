"""Where a person stands with every policy: what they said, what is asked and by when, and where to read it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from notifier.notice.delivery import policies_for
from notifier.policy.agreement import Agreement, AgreementStanding
from notifier.proof.canonical_json import Json
from notifier.proof.entry import instant
from notifier.text.front_matter import Consent

if TYPE_CHECKING:
    from notifier.ledger.people.receipt import PersonOnRecord
    from notifier.render.site.translations import Translation
    from notifier.usecases.posted_texts import PostedPolicy, PostedTexts


MOST_KEPT = 2_000
"""Answers of one policy that are kept in memory."""


class PolicyStanding(NamedTuple):
    """One person and one policy."""

    policy: PostedPolicy
    standing: AgreementStanding
    last: Agreement | None
    """The newest word that still counts."""
    is_over: bool


def standings_of(texts: PostedTexts, person: PersonOnRecord, today: date) -> Iterator[PolicyStanding]:
    """With each policy whose audience they are in, and each that they spoke on."""
    said = by_policy(texts, person.agreements)
    for name in sorted({*policies_for(person.tags, texts.audiences), *said}):
        yield policy_standing(texts.policies[name], said.get(name, []), today)


def policy_standing(policy: PostedPolicy, agreements: list[Agreement], today: date) -> PolicyStanding:
    """With one; a policy that applies no longer asks nothing."""
    found = policy.asking.standing(agreements, is_over=policy.is_over(today))
    last = None
    if found.last is not None:
        tag = policy.postings[found.last].tag
        spoken = [one for one in agreements if one.tag == tag]
        last = next((one for one in reversed(spoken) if one.is_firm), spoken[-1])
    return PolicyStanding(policy, found, last, policy.is_over(today))


def by_policy(texts: PostedTexts, agreements: tuple[Agreement, ...] | list[Agreement]) -> dict[str, list[Agreement]]:
    """What somebody said, by the id that each policy has today."""
    found: dict[str, list[Agreement]] = {}
    for one in agreements:
        name = texts.policy_of(one.tag)
        if name is not None:
            found.setdefault(name, []).append(one)
    return found


class StandingAnswer(NamedTuple):
    """Standings as programs get them: texts in the reader's language, addresses that lead somewhere."""

    today: date
    language: str
    address: Callable[[str], str]
    """From the top of the site → an address for anybody."""
    says: Callable[[str], Translation]
    """The words of a language."""

    def policy(self, one: PolicyStanding) -> str:
        """As JSON. Many people stand alike: what differs is when and by which receipt they spoke."""
        alike = one.policy.told
        key = one.standing, one.is_over, self.today, self.language, self.address("")
        if key not in alike:
            if len(alike) >= MOST_KEPT:
                alike.clear()
            alike[key] = _written(self._stands(one))[:-1], _written(self._texts(one))[1:]
        before, after = alike[key]
        return f'{before}, "accepted": {_written(self._accepted(one))}, {after}'

    def _stands(self, one: PolicyStanding) -> dict[str, Json]:
        policy, standing = one.policy, one.standing
        shown = policy.text(len(policy.postings) - 1, self.language)
        return {
            "policy": policy.policy_id,
            "title": shown.title,
            "language": shown.language,
            "status": standing.status.value,
            "required": standing.required.value,
            "by": standing.by.isoformat() if standing.by else None,
        }

    def _texts(self, one: PolicyStanding) -> dict[str, Json]:
        policy, timeline = one.policy, one.policy.asking.timeline
        now, coming = timeline.in_force(self.today), timeline.pending(self.today)
        return {
            "in_force": None if now is None or one.is_over else self._text(policy, now),
            "coming": None if coming is None or one.is_over else self._text(policy, coming),
            "redline": self._redline(policy, one.standing.last),
            "asked": self._asked(one, now) if one.standing.asked else None,
        }

    def _accepted(self, one: PolicyStanding) -> dict[str, Json] | None:
        last = one.last
        if last is None or last.at is None or one.standing.last is None:
            return None
        return {
            "posting": last.tag,
            "version": one.policy.postings[one.standing.last].version,
            "method": last.method.value,
            "at": instant(last.at),
            "receipt": self.address(f"receipts/{last.receipt_id}"),
        }

    def _text(self, policy: PostedPolicy, index: int) -> dict[str, Json]:
        posting, text = policy.postings[index], policy.text(index, self.language)
        return {
            "posting": posting.tag,
            "version": posting.version,
            "effective_on": posting.effective_on.isoformat(),
            "text_sha256": policy.sha256(index, text.language),
            "language": text.language,
            "text": self.address(policy.page(index, text.language)),
        }

    def _asked(self, one: PolicyStanding, now: int | None) -> dict[str, Json]:
        """The newest text, which holds all that is asked, and what became of the one that they spoke on last; for who
        never did, of the one that is in force `now`."""
        since = now if one.standing.last is None else one.standing.last
        policy, newest = one.policy, len(one.policy.postings) - 1
        language = policy.text(newest, self.language).language
        return {
            **self._text(policy, newest),
            "redline": self._redline(policy, since),
            "summaries": list(self._summaries(policy, one.standing.asked, language)),
            "says": self._says(one, policy.text(newest, self.language).title),
        }

    def _redline(self, policy: PostedPolicy, since: int | None) -> str | None:
        """From one text to the newest; None where both are one in their language."""
        newest = len(policy.postings) - 1
        language = policy.text(newest, self.language).language
        found = None if since is None else policy.redline(since, newest, language)
        return None if found is None else self.address(found)

    def _says(self, one: PolicyStanding, title: str) -> dict[str, Json]:
        """What a person is to read around it, in their language."""
        words, by = self.says(self.language), one.standing.by
        is_first, is_yes = one.standing.last is None, one.standing.required is Consent.ACCEPT
        return {
            "language": words.language,
            "heading": title if is_first else words.says("changes_to", title=title),
            "due": words.says("gate_due", date=words.date(by)) if by and by > self.today else "",
            "is_due": by is not None and by <= self.today,
            "changes": words.words["every_change"],
            "text": words.words["gate_text"],
            "yes": words.words["gate_accept" if is_yes else "gate_acknowledge"],
            "later": words.words["gate_later"],
            "failed": words.words["gate_failed"],
        }

    def _summaries(self, policy: PostedPolicy, asked: tuple[int, ...], language: str) -> Iterator[Json]:
        for index in asked:
            controlling = policy.history.postings[index].revision.language
            words = policy.postings[index].summary_in(language, controlling=controlling)
            if words:
                yield words


def standing_json(texts: PostedTexts, person: PersonOnRecord, answer: StandingAnswer) -> str:
    """One person's standing with all policies."""
    policies = ", ".join(answer.policy(one) for one in standings_of(texts, person, answer.today))
    who = _written({"person": person.person, "language": answer.language})
    return f'{who[:-1]}, "policies": [{policies}]}}'


_written = json.JSONEncoder(ensure_ascii=False).encode
