"""What a posting asks of customers: nothing, to acknowledge it, to accept it. Topics propose it, editors say it."""

from __future__ import annotations

from collections.abc import Iterable

from notifier.policy.revision import Revision
from notifier.significance import Reason, Significance
from notifier.text.front_matter import Consent

NEEDS_A_YES = frozenset({"fees_refunds", "disputes_law", "liability_warranty", "intellectual_property", "ai_training"})
"""Topics in which silence proves little: money, courts, liability, licences, training of models."""


def proposed_consent(significance: Significance, reasons: Iterable[Reason]) -> Consent:
    """What the verdict alone would ask."""
    if significance is Significance.MINOR:
        return Consent.NONE
    return Consent.ACCEPT if topics_for_a_yes(reasons) else Consent.ACKNOWLEDGE


def topics_for_a_yes(reasons: Iterable[Reason]) -> tuple[str, ...]:
    """The topics of a change for which customers are to say yes, the weightiest first."""
    return tuple(dict.fromkeys(one.topic for one in reasons if one.topic in NEEDS_A_YES))


def consent_for(said: Consent | None, significance: Significance, reasons: Iterable[Reason]) -> Consent:
    """What is asked: the editor's word, else what is proposed; a minor change asks nothing, whatever was said."""
    proposed = proposed_consent(significance, reasons)
    return proposed if said is None or significance is Significance.MINOR else said


def said_consent(revision: Revision, before: Revision | None) -> Consent | None:
    """The editor's word for this posting.

    What the text posted `before` still says of itself is used up, save that customers are to accept: a text that was
    taken as it stood keeps its line, and who reads it there relies on it.
    """
    said = revision.controlling.front_matter.consent
    is_fresh = before is None or before.controlling.front_matter.consent is not said
    return said if is_fresh or said is Consent.ACCEPT else None
