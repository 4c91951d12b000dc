"""The topics that policies deal with, and which of them a change touches.

How likely a change touches a topic is a sum that a person can read: what its words, the sentence, the headings and the
signs of the change each say for it. What each of them weighs is learned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from notifier.significance.model import logistic
from notifier.significance.view import View

TOPICS = (
    "data_collection", "purpose", "ai_training", "sharing", "subprocessors", "transfers", "retention", "security",
    "cookies_tracking", "rights_choices", "contact_channel", "controller_entity", "children_age", "user_obligations",
    "enforcement_termination", "fees_refunds", "service_level", "liability_warranty", "disputes_law",
    "intellectual_property", "scope", "notice_terms",
)  # fmt: skip
Signs = Mapping[str, float]
Clues = Mapping[str, float]
"""What in a change, and around it, speaks of a topic."""
OWN = ("named", "near", "headed", "kind")
"""Clues that may say more of one topic than of another."""


def topics_of(view: View, signs: Signs, weights: Mapping[str, float]) -> list[tuple[str, float]]:
    """The topics that something in or around a change speaks of, each with how likely the change touches it, the
    likeliest first; `weights` are the model's."""
    chances = [
        (topic, logistic(sum(weights.get(name, 0.0) * value for name, value in topic_features(topic, clues, signs))))
        for topic, clues in clues_of(view).items()
    ]
    return sorted(chances, key=lambda pair: -pair[1])


def clues_of(view: View) -> dict[str, Clues]:
    """How the words of each topic stand in the change, around it and above it, and what kind of change it is.

    Of a topic that none of them speaks of, nothing: a reader could point to no word.
    """
    by_kind: dict[str, float] = {}
    for topic, bonus in _bonuses(view):
        by_kind[topic] = by_kind.get(topic, 0.0) + bonus
    most = max(view.delta[f"topic.{topic}"] for topic in TOPICS)
    found = {}
    for topic in TOPICS:
        mark, kind = f"topic.{topic}", by_kind.get(topic, 0.0)
        if kind or view.delta[mark] or view.around[mark] or view.lead[mark] or view.heading[mark]:
            found[topic] = _clues(view, mark, kind, most)
    return found


def _clues(view: View, mark: str, kind: float, most: int) -> Clues:
    named, near = view.delta[mark], view.around[mark]
    return {
        "named": min(named, 3),
        "is named": named > 0,
        "most named": 0 < named == most,
        "near": min(near, 2),
        "is near": near > 0,
        "led": view.lead[mark] > 0,
        "headed": view.heading[mark] > 0,
        "subject": view.scene.subject[mark] > 0,
        "kind": kind,
    }


def topic_features(topic: str, clues: Clues, signs: Signs) -> Iterator[tuple[str, float]]:
    """What a topic's chance is the sum of, by the names its weights have: its clues, and the signs of the change."""
    yield topic, 1.0
    for name, value in clues.items():
        if value:
            yield name, float(value)
            if name in OWN:
                yield f"{topic}: {name}", float(value)
    for sign in sorted(signs):
        if not sign.startswith(("topic ", "near ")):
            yield f"{topic}: {sign}", 1.0


def _bonuses(view: View) -> Iterator[tuple[str, float]]:
    """What a change is made of says what it is about."""
    if view.changes_email or view.changes_address:
        yield "contact_channel", 4.0
        yield "controller_entity", 1.5 if view.changes_address else 0.0
    if view.names_others and view.has_new_name:
        yield "subprocessors", 1.5
        yield "sharing", 1.5
    if view.changes_legal_form:
        yield "controller_entity", 4.0
    if view.delta["place"]:
        yield "scope", 2.0
        yield "transfers", 1.0
    if view.is_reworded and view.delta["topic.sharing"] and view.says_practice:
        yield "sharing", 3.0
    if view.heading["conduct"] + view.scene.subject["conduct"]:
        yield "user_obligations", 2.0
    is_right = view.around["topic.rights_choices"] + view.heading["topic.rights_choices"] > 0
    if view.says_duty and view.around["negation"] and not (view.around["we"] or is_right):
        yield "user_obligations", 2.0
    if view.says_duty and view.around["you"] and view.heading["topic.rights_choices"]:
        yield "rights_choices", 2.0
    if view.has_new_name and not view.names_others:
        yield "scope", 1.5
    if view.has_money:
        yield "fees_refunds", 3.0


BASIS_OF_TOPIC = {
    "purpose": "WP260 ¶29; 4 CCR 904-3 Rule 6.04(A)",
    "controller_entity": "WP260 ¶29; 4 CCR 904-3 Rule 6.04(A)",
    "rights_choices": "WP260 ¶29; 4 CCR 904-3 Rule 6.04(A)",
    "contact_channel": "WP260 ¶29",
    "sharing": "WP260 ¶30; 4 CCR 904-3 Rule 6.04(A)",
    "subprocessors": "WP260 ¶30; 4 CCR 904-3 Rule 6.04(A)",
    "transfers": "WP260 ¶30",
    "data_collection": "4 CCR 904-3 Rule 6.04(A)",
    "ai_training": "GDPR art. 13(3); 4 CCR 904-3 Rule 6.04(B)",
    "notice_terms": "Cal. B&P §22575(b)(3)",
}
"""Where a rule of law says that such a change must be told; other topics rest on what a customer would want to know."""


def basis_of(topic: str | None, rule: str) -> str | None:
    """The legal basis of a reason, as people cite it."""
    if rule in ("spelling", "function-words", "same-words", "synonym"):
        return "WP260 ¶29"
    return BASIS_OF_TOPIC.get(topic) if topic else None
