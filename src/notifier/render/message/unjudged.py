"""What a letter quotes in a language that the judgement does not read: every changed block, and not figures alone."""

from __future__ import annotations

from collections.abc import Sequence

from notifier.diff.redline import Redline
from notifier.render.redline.hunks import Hunk, hunks
from notifier.significance import Reason
from notifier.significance.reading.lexicon import LANGUAGES
from notifier.text.document import BlockKind


def reasons_to_quote(reasons: tuple[Reason, ...], redline: Redline, language: str) -> tuple[Reason, ...]:
    """The reasons; where nobody could tell what the words are about, each changed block, those with a reason first."""
    if language.partition("-")[0] in LANGUAGES:
        return reasons
    return tuple(_reason(hunk, reasons) for hunk in hunks(redline)) or reasons


def _reason(hunk: Hunk, reasons: Sequence[Reason]) -> Reason:
    has_reason = any(_stands_in(reason, hunk) for reason in reasons)
    return Reason(
        topic=None,
        rule="words that changed",
        section=hunk.section,
        paragraph=1,
        before=_quoted(hunk, hunk.before),
        after=_quoted(hunk, hunk.after),
        changed_before="",
        changed_after="",
        basis=None,
        weight=1.0 if has_reason else 0.5,
        line=hunk.line,
    )


def _stands_in(reason: Reason, hunk: Hunk) -> bool:
    words, text = (reason.changed_after, hunk.after) if reason.changed_after else (reason.changed_before, hunk.before)
    return reason.section == hunk.section and bool(words) and words in text


def _quoted(hunk: Hunk, words: str) -> str:
    """A row with its borders, by which its cells are told apart."""
    return f"| {words} |" if hunk.kind is BlockKind.TABLE_ROW and words.strip(" |") else words.strip(" |")
