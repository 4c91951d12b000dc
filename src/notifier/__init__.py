"""Notifier: says what changed in a policy, whether it is significant, and tells every customer exactly once.

The public face is `compare` and `redline`; their result types live in `notifier.diff` and `notifier.significance`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notifier.diff.redline import Redline
    from notifier.significance.comparison import Comparison

__version__ = "0.1.0"
__all__ = ["compare", "redline"]


def redline(old_text: str, new_text: str) -> Redline:
    """The redline of two Markdown texts, without a verdict: `.reject() == old_text`, `.accept() == new_text`."""
    from notifier.diff import diff
    from notifier.diff.redline import draw
    from notifier.text.markdown import parse

    return draw(diff(parse(old_text), parse(new_text)))


def compare(old_text: str, new_text: str, *, language: str = "en") -> Comparison:
    """What changed between two Markdown texts, whether it is significant, and why.

    `language` is the texts' (an ISO 639-1 code); it picks the rule words. Same texts, same verdict, anywhere.
    """
    from notifier.significance.comparison import compare as compare_texts

    return compare_texts(old_text, new_text, language=language)
