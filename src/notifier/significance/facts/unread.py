"""What nobody can read: another script, an image, a program, a language that has no rule words or not those in use."""

from __future__ import annotations

from notifier.significance.reading.atoms import Kind
from notifier.significance.rule import Rule
from notifier.significance.unexplained import Difference


def is_opaque(difference: Difference) -> bool:
    return difference.has(Kind.OPAQUE)


def is_unread(difference: Difference) -> bool:
    return not difference.features.is_read and any(atom.has_meaning for atom in difference.atoms)


UNREAD = (
    Rule(
        "unreadable",
        is_opaque,
        "Words in another script, an image or a program changed: nobody here can read them.",
        "Hello.",
        "Hello. ![Prices](prices.png)",
    ),
    Rule(
        "unread-language",
        is_unread,
        "Words changed in a language that has no rule words, or in another one than the text is judged in.",
        "Croeso i bawb.",
        "Croeso i neb.",
        language="cy",
    ),
)
