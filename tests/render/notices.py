"""Changes and companies for the tests of messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from notifier.notice.message import Company, Message, PolicyUpdate
from notifier.render.message.compose import compose
from notifier.significance import Reason

TEMPLATES = Path(__file__).parents[2] / "templates"
HOSTS = ("chat.example",)
COMPANY = Company("Harbour Chat Pte Ltd", "1 Sample Street, Singapore", "privacy@chat.example")
ACTION = "You may close your account before {effective_on}: https://chat.example/account"


def reason(
    before: str, after: str, *, section: Sequence[str] = ("Sharing",), topic: str | None = "sharing", weight: float = 1
) -> Reason:
    return Reason(
        topic=topic,
        rule="a rule",
        section=tuple(section),
        paragraph=1,
        before=before,
        after=after,
        changed_before="",
        changed_after="",
        basis=None,
        weight=weight,
        line=1,
    )


RETENTION = reason(
    "Chats are kept for **30 days** after they end.",
    "Chats are kept for **12 months** after they end.",
    section=("Privacy Policy", "How long we keep data"),
    topic="retention",
)


def change(
    policy_id: str = "privacy",
    *,
    title: str = "Privacy Policy",
    language: str = "en",
    is_fallback: bool = False,
    effective_on: date = date(2026, 12, 22),
    summary: str | None = None,
    reasons: Sequence[Reason] = (RETENTION,),
) -> PolicyUpdate:
    return PolicyUpdate(
        policy_id=policy_id,
        title=title,
        language=language,
        is_fallback=is_fallback,
        posted_on=date(2026, 11, 22),
        effective_on=effective_on,
        summary=summary,
        reasons=tuple(reasons),
        redline_url=f"https://chat.example/legal/{policy_id}/changes/2026-11-22/",
        text_url=f"https://chat.example/legal/{policy_id}/2026-11-22/",
    )


def message_about(
    *changes: PolicyUpdate,
    language: str = "en",
    controlling_language: str = "en",
    company: Company = COMPANY,
    action: str | None = ACTION,
    templates: Path = TEMPLATES,
) -> Message:
    return compose(
        changes,
        language=language,
        controlling_language=controlling_language,
        company=company,
        action=action,
        templates=templates,
        hosts=HOSTS,
    )
