"""What nobody can read: another script, an image, a program, a language that has no rule words or not those in use."""

from __future__ import annotations

from notifier.significance.reading.atoms import Kind
from notifier.significance.reading.lexicon import other_nots
from notifier.significance.rule import Rule
from notifier.significance.unexplained import Difference


def is_opaque(difference: Difference) -> bool:
    return difference.has(Kind.OPAQUE)


def is_unread(difference: Difference) -> bool:
    return not difference.features.is_read and any(atom.has_meaning for atom in difference.atoms)


def is_denied(difference: Difference) -> bool:
    """Is a word that denies in some language all that came or went, in a language that has no rule words?"""
    words = difference.features.lexicon
    is_alone = words.is_empty and difference.is_reworded and len(difference.atoms) == 1
    return is_alone and difference.atoms[0].key in other_nots()


UNREAD = (
    Rule(
        "unreadable",
        is_opaque,
        "Words in another script, an image or a program changed: nobody here can read them.",
        "Hello.",
        "Hello. ![Prices](prices.png)",
        is_denied,
    ),
    Rule(
        "unread-language",
        is_unread,
        "Words changed in a language that has no rule words, or in another one than the text is judged in.",
        "Croeso i bawb.",
        "Croeso i neb.",
        is_denied,
        language="cy",
    ),
)
