"""What is wrong with the form of a policy: a summary that cheers, debris, a long text without headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notifier.errors import Finding, FindingCode, Severity
from notifier.notice.marketing import marketing_words
from notifier.policy.findings import readable
from notifier.policy.revision import PolicyText
from notifier.text.document import BlockKind
from notifier.text.markdown import parse

_DEBRIS = re.compile(
    r"\[\]\{[^}\n]*\}|\{#_(?:Toc|Ref|Hlk)\w*[^}\n]*\}|(?<=[\])`*])\{[.#][^}\n]*\}|^:{3,}.*$|\[TABLE\]"
    r"|\]\(#_(?:Toc|Ref|Hlk)\w*\)|</?o:p>|<a\s+(?:id|name)=\"_(?:Toc|Ref|Hlk)[^>]*>|\bclass=\"?Mso\w+"
    r"|Error! (?:Bookmark|Reference source) not (?:defined|found)\.?|Fehler! (?:Textmarke|Verweisquelle)[^.\n]{0,40}\.?"
    r"|Erreur ! (?:Signet|Source du renvoi)[^.\n]{0,30}\.?|\ufffc",
    re.M,
)
_LONG = 300
"""Words; what is shorter needs no headings."""
_SHOWN = 40


def form_findings(text: PolicyText) -> Iterator[Finding]:
    """Marketing would be refused when the letter is made; the rest is advice."""
    yield from marketing_findings(text)
    words = readable(text.text)
    for found in list(_DEBRIS.finditer(words))[:1]:
        line, count = words.count("\n", 0, found.start()) + 1, len(_DEBRIS.findall(words))
        more = f", and {count - 1} more" if count > 1 else ""
        message = f'"{found[0][:_SHOWN]}" is what a converter left behind{more}'
        mend = "take it out: readers see it, or it hides what they should see"
        yield Finding(FindingCode.DEBRIS, text.path, line, message, mend, Severity.ADVICE)
    if len(words.split()) > _LONG and not _has_headings(text):
        message = "it has no headings, so that no letter can say where it changed, and no link can lead there"
        mend = 'write a line "## What we collect" above each part'
        yield Finding(FindingCode.NO_HEADINGS, text.path, 1, message, mend, Severity.ADVICE)


def marketing_findings(text: PolicyText) -> Iterator[Finding]:
    """A summary that sells: the letter would be refused, and with it all that a run does."""
    said = "\n".join((text.front_matter.summary or "", *text.front_matter.summaries.values()))
    for words in dict.fromkeys(marketing_words(said)):
        found = re.search(r"^\s*summary\b", text.text, re.M)
        line = text.text.count("\n", 0, found.start()) + 1 if found else 1
        message = f'"{words}" in the summary is marketing, and would keep the notice from going out'
        yield Finding(
            FindingCode.MARKETING, text.path, line, message, "say what changes for customers", basis="WP260 ¶29"
        )


def _has_headings(text: PolicyText) -> bool:
    headings = [block for block in parse(text.text).blocks if block.kind is BlockKind.HEADING]
    return len(headings) > 1
