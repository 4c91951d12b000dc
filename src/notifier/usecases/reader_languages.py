"""Do letters and pages speak the languages that customers read?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from notifier.errors import Finding, FindingCode, Severity
from notifier.notice.delivery import language_for
from notifier.plurals import counted
from notifier.render.message.compose import message_language, message_languages
from notifier.shipped import TEMPLATES

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger

NONE = ""


def reader_language_findings(config: Config, ledger: Ledger, templates: Path) -> Iterator[Finding]:
    """Languages of the roster that letters have no words in, the most read first, each with the file to write."""
    there = message_languages(templates)
    lacking: Counter[str] = Counter()
    for language, count in ledger.roster.count().items():
        if language and language_for(language, there, NONE) == NONE:
            lacking[language.replace("_", "-").split("-")[0].lower()] += count
    for language, count in lacking.most_common():
        instead = message_language(templates, language, config.policies.language)
        who = f"{counted(count, 'customer')} on the roster {'reads' if count == 1 else 'read'} {language}"
        path = f"{TEMPLATES}/notice/words/{language}.toml"
        mend = f"write {path} from that of {instead}, or they get letters in {instead}"
        yield Finding(FindingCode.NO_WORDS, path, 0, f"{who}, and letters have no words in it", mend, Severity.ADVICE)
