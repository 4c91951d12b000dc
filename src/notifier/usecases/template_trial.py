"""Letters and pages of a made-up change, made to see whether an installation's own templates can make any."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from notifier.notice.message import PolicyUpdate
from notifier.policy.posting import Posted, Posting
from notifier.policy.revision import Commit, PolicyText, Revision
from notifier.render.site.build import publish
from notifier.render.site.editions import PolicyHistory, Site
from notifier.significance import Reason, Significance
from notifier.text.front_matter import FrontMatter
from notifier.usecases.announce import compose_variant

if TYPE_CHECKING:
    from notifier.config import Config

_DAY, _LATER = date(2026, 3, 1), date(2026, 4, 1)
_BEFORE, _AFTER = "We keep chats for 30 days.", "We keep chats for 12 months."


def try_templates(config: Config, templates: Path) -> None:
    """Raises TemplateError for the first that cannot be filled in, with its line."""
    from notifier.render.message.compose import message_languages

    reason = Reason("retention", "", ("Chats",), 1, _BEFORE, _AFTER, "30 days", "12 months", None, 1.0, 1)
    for language in message_languages(templates):
        update = PolicyUpdate("privacy", "Privacy", language, False, _DAY, _LATER, None, (reason,), "", "")
        compose_variant(config, templates, language, (update,))
    try_pages(templates)


def try_pages(templates: Path, languages: Iterable[str] = ()) -> None:
    """Of policies in these languages, and in English. Raises TemplateError."""
    kept = sorted({"en", *languages})
    with tempfile.TemporaryDirectory() as folder:
        history = PolicyHistory("privacy", (_posted(_DAY, _BEFORE, kept), _posted(_LATER, _AFTER, kept)))
        publish(Site("Policies", "", _LATER, "en", (history,)), Path(folder), templates=templates)


def _posted(day: date, words: str, languages: Iterable[str]) -> Posted:
    texts = {
        one: PolicyText(f"privacy.{one}.md", one, words, f"# Privacy\n\n{words}\n", FrontMatter(), "Privacy")
        for one in languages
    }
    commit = Commit(words, datetime(2026, 3, 1, tzinfo=UTC), "", "", "", "", "")
    posting = Posting("privacy", words, day, day, Significance.SIGNIFICANT, f"posted/privacy/{day}")
    return Posted(posting, Revision("privacy", "en", commit, texts))
