"""English: a clause that has the subject of its sentence, and one that has none, brought to one form.

`Before you start` is read as `before starting`; `By registering, you accept it` and `If you register, you accept it` as
`When registering, you accept it`; `staff who need it` as `staff needing it`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from notifier.significance.reading.lexicon import lexicon

NO_VERBS = (
    "may|can|could|will|would|must|shall|should|might|have|had|are|were|do|did|want|wish|need|no|not|first|also|only"
    "|already|still|then|yourself|ourselves|and|or"
)
"""What stands behind `you` and is no verb that has an `-ing` here."""
LEADING = re.compile(
    rf"(?<![^\s*_])(before|after|when|whenever|while|if) (you|we) (?!(?:{NO_VERBS})\b)(\w+)\b([^,.;:]*), (?=\2\b)",
    re.IGNORECASE,
)
BY = re.compile(
    r"(?<![^\s*_])(?:by|on|upon|in|at) (\w{2,}ing)\b([^,.;:]*), (?=you\b)"
    r"|(?<![^\s*_])by (\w{2,}ing)\b([^,.;:]*), (?=we\b)",
    re.IGNORECASE,
)
"""`At registering, we collect it`: it is the reader who registers."""
OTHERS = re.compile(
    r"(?<![^\s*_])(before|after|when|whenever|while|if|once) (?:they|he|she) (?=[^,.;:]*, (?:you|we)\b)", re.IGNORECASE
)
"""`When they place an order, you accept it`: somebody else does it."""
TRAILING = re.compile(
    rf"\b(before|after|when|whenever|while) (you|we) (?!(?:{NO_VERBS})\b)(\w+)\b(?=[^,.;:]*[.;:]?[\s*_]*$)",
    re.IGNORECASE,
)
SUBJECT = re.compile(r"[\s*_]*(?:please\s+)?(\w+)", re.IGNORECASE)
PRIOR = re.compile(r"\bprior to (?=\w{2,}ing\b)", re.IGNORECASE)
RELATIVE = re.compile(
    r"(?<=\w) (?:who|that|which) (need|want|wish|visit|contain|work|belong|result|concern|register|subscribe|use|live"
    r"|require|relate|arise|involve|receive|provide|purchase|contact|stem|exceed|lie|remain|occur)s?\b(?=\s)",
    re.IGNORECASE,
)
"""A clause on what stands right before it, of a verb that is there now."""
WHEN = frozenset(("when", "whenever", "if"))


def without_subjects(text: str) -> str:
    """The sentence with such clauses without their subject."""
    text = OTHERS.sub(lambda found: f"{found[1]} others ", text)
    text = LEADING.sub(lambda found: f"{_joint(found[1])} {_ing(found[3])}{found[4]}, ", text)
    text = BY.sub(lambda found: f"when {found[1] or found[3]}{found[2] or found[4] or ''}, ", text)
    text = PRIOR.sub("before ", TRAILING.sub(_trailing(text), text))
    return RELATIVE.sub(lambda found: f" {_ing(found[1])}", text)


def _trailing(text: str) -> Callable[[re.Match[str]], str]:
    """Only where the subject is that of the sentence, or the sentence tells the reader to do it."""
    first = SUBJECT.match(text)
    head = first[1].lower() if first else ""

    def put(found: re.Match[str]) -> str:
        is_same = found[2].lower() == head or (found[2].lower() == "you" and _is_order(head))
        return f"{found[1]} {_ing(found[3])}" if is_same else found[0]

    return put


def _is_order(head: str) -> bool:
    words = lexicon("en")
    return "duty_verb" in words.of(head) or head in words.lists.get("orders", frozenset())


def _joint(word: str) -> str:
    return "when" if word.lower() in WHEN else word.lower()


def _ing(verb: str) -> str:
    """The verb's `-ing`, as far as looking it up asks for: `geting` is looked up as `getting` is."""
    if verb.endswith("ing") and len(verb) > len("bring"):
        return verb
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) else verb
    return f"{stem}ing"
