"""What a posting asks of customers, in a line for editors: `preview` and `check` say the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notifier.policy.revision import Revision
    from notifier.significance import Reason, Significance
    from notifier.text.front_matter import Consent

ASKS = {"none": "customers are asked nothing", "acknowledge": "customers are asked to acknowledge it"}


def consent_line(
    head: Revision, consent: Consent, significance: Significance, reasons: Sequence[Reason], *, withdraws: bool
) -> str:
    """`consent: accept …`, and whether the editor said so or the topics propose it; empty for what asks nothing."""
    from notifier.policy.consent import proposed_consent, topics_for_a_yes

    proposed, topics = proposed_consent(significance, reasons), topics_for_a_yes(reasons)
    if significance == "minor" and consent == "none":
        return ""
    if withdraws:
        return "consent: none: customers are asked nothing (nothing changes for them)"
    whose = f"proposed for {', '.join(topics)}" if topics else "proposed"
    if consent is not proposed and head.controlling.front_matter.consent is consent:
        whose = f"the front matter says so; {proposed.value} is {whose}"
    return f"consent: {consent.value}: {ASKS.get(consent, 'customers are asked to accept it')} ({whose})"
