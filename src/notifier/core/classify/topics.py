"""The topics that policies deal with, and which of them a change touches."""

from __future__ import annotations

from collections.abc import Iterator

from notifier.core.classify.view import View

TOPICS = (
    "data_collection", "purpose", "ai_training", "sharing", "subprocessors", "transfers", "retention", "security",
    "cookies_tracking", "rights_choices", "contact_channel", "controller_entity", "children_age", "user_obligations",
    "enforcement_termination", "fees_refunds", "service_level", "liability_warranty", "disputes_law",
    "intellectual_property", "scope", "notice_terms",
)  # fmt: skip
BROAD = {"scope": 0.5, "user_obligations": 0.6, "contact_channel": 0.8, "service_level": 0.8}
"""Topics whose words are common in any text count for less."""


def topics_of(view: View) -> list[str]:
    """The topics a change touches, the likeliest first."""
    by_kind: dict[str, float] = {}
    for topic, bonus in _bonuses(view):
        by_kind[topic] = by_kind.get(topic, 0.0) + bonus
    scores = {topic: _score(view, topic, by_kind.get(topic, 0.0)) for topic in TOPICS}
    found = [topic for topic in TOPICS if scores[topic] > 0]
    return sorted(found, key=lambda topic: -scores[topic])


def _score(view: View, topic: str, by_kind: float) -> float:
    """What a change is made of says what it is about (`by_kind`), beside its words."""
    mark = f"topic.{topic}"
    named, near, headed = view.delta[mark], view.around[mark] + view.lead[mark], view.heading[mark]
    total = 2.0 * min(named, 3) + 1.0 * min(near, 2) + 1.5 * min(headed, 1)
    return BROAD.get(topic, 1.0) * (total + by_kind)


def _bonuses(view: View) -> Iterator[tuple[str, float]]:
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
    if view.says_duty and view.around["negation"] and not view.around["we"]:
        yield "user_obligations", 2.0
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
