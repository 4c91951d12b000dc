"""The topics that policies deal with, and where a rule of law asks that a change of one be told."""

from __future__ import annotations

TOPICS = (
    "data_collection", "purpose", "ai_training", "sharing", "subprocessors", "transfers", "retention", "security",
    "cookies_tracking", "rights_choices", "contact_channel", "controller_entity", "children_age", "user_obligations",
    "enforcement_termination", "fees_refunds", "service_level", "liability_warranty", "disputes_law",
    "intellectual_property", "scope", "notice_terms",
)  # fmt: skip
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
OF_STYLE = frozenset(
    ("slip", "word-form", "synonym", "same-words", "function-words", "run-together", "broken-encoding")
)


def basis_of(topic: str | None, rule: str) -> str | None:
    """The legal basis of a reason, as people cite it."""
    if rule in OF_STYLE:
        return "WP260 ¶29"
    return BASIS_OF_TOPIC.get(topic) if topic else None
