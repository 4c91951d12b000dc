"""One word spelled in two ways: a slip of the pen, another ending, an abbreviation, a number in letters, a synonym."""

from __future__ import annotations

import re

from notifier.significance.figures import figure
from notifier.significance.view import View

STEM, ENDINGS = 4, frozenset(("", "s", "es", "e", "ed", "d", "ing", "er", "ers", "ly", "y", "ies"))
ABBREVIATED = {
    "st": "street", "ave": "avenue", "rd": "road", "blvd": "boulevard", "dr": "drive", "ste": "suite", "fl": "floor",
    "tel": "telephone", "dept": "department", "approx": "approximately", "attn": "attention",
}  # fmt: skip
LOOK_ALIKE = 0.7
SLIP = 0.75


def is_slip(view: View) -> bool:
    """Was a slip mended (or made): each word to one much like it, one of which is written nowhere else?"""
    gone, come = view.change.removed, view.change.added
    if gone and "".join(gone).replace("-", "") == "".join(come).replace("-", ""):
        return True
    if not gone or len(gone) != len(come) or len(gone) > 4:
        return False
    return all(
        is_same_figure(one, other) or is_abbreviation(one, other) or _is_slip(view, one, other)
        for one, other in zip(gone, come, strict=True)
    )


def is_abbreviation(one: str, other: str) -> bool:
    return ABBREVIATED.get(one) == other or ABBREVIATED.get(other) == one


def is_same_figure(one: str, other: str) -> bool:
    """Is it one number, written in letters here and in digits there?"""
    value = figure(one)
    return value is not None and value == figure(other) and one.isalpha() != other.isalpha()


def _is_slip(view: View, one: str, other: str) -> bool:
    from rapidfuzz.distance import OSA

    if re.sub(r"[\W_]", "", one) == re.sub(r"[\W_]", "", other):
        return not one[0].isdigit()
    if min(len(one), len(other)) < 4 or not (looks_like(one, other) or one[1:] == other or one == other[1:]):
        return False
    rare = view.scene.is_rare(one) or view.scene.is_rare(other)
    return rare and OSA.normalized_similarity(one, other) >= SLIP


def is_spelling(view: View) -> bool:
    gone, come = view.change.removed, view.change.added
    if not gone or not come or len(gone) > 6:
        return False
    if "".join(gone).replace("-", "") == "".join(come).replace("-", ""):
        return True
    return len(gone) == len(come) and all(looks_like(one, other) for one, other in zip(gone, come, strict=True))


def looks_like(one: str, other: str) -> bool:
    """Are two words one word spelled twice (a slip, a plural, another ending)?"""
    from rapidfuzz.distance import OSA

    if re.sub(r"[\W_]", "", one) == re.sub(r"[\W_]", "", other):
        return True
    if is_inflected(one, other):
        return True
    if one[0].isdigit() or figure(one) is not None or figure(other) is not None or "@" in one + other:
        return False
    return one[0] == other[0] and OSA.normalized_similarity(one, other) >= LOOK_ALIKE


def is_inflected(one: str, other: str) -> bool:
    """Are they one stem with two endings?"""
    stem = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return stem >= STEM and one[stem:] in ENDINGS and other[stem:] in ENDINGS


def is_synonym(view: View) -> bool:
    skip = view.lexicon.function_words
    gone = [word for word in view.gone if word not in skip]
    come = [word for word in view.come if word not in skip]
    if not gone or len(gone) != len(come):
        return False
    pairs = zip(gone, come, strict=True)
    return all(view.lexicon.are_synonyms(one, other) or looks_like(one, other) for one, other in pairs)
