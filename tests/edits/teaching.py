"""The cases as a teacher: what a model is trained on, and what is then new to it, as a sentence and as an operator.

A hash of the name parts them, so that a new sentence moves no other one. In `exams` both are new to the model; cases
in which only one of the two is new belong to neither.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from tests.edits.cases import Case, Plan, case_of, plans, sample
from tests.edits.sentence import LANGUAGES

PARTS = 5
"""One part in five of the sentences, and of the operators, is kept for the exam."""


def is_kept(name: str, part: int = 0) -> bool:
    """Is a sentence or an operator kept for the exam, in this of the five ways to part them?"""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % PARTS == part


def lessons(seed: int, count: int, part: int = 0, languages: tuple[str, ...] = LANGUAGES) -> Iterator[Case]:
    """So many cases to train on."""
    allowed = [plan for plan in plans(languages) if not is_kept(sentence_of(plan), part) and not _by(plan, part)]
    return (case_of(plan, seed) for plan in sample(allowed, seed, count))


def exams(seed: int, count: int, part: int = 0, languages: tuple[str, ...] = LANGUAGES) -> Iterator[Case]:
    """So many cases to measure on."""
    wanted = [plan for plan in plans(languages) if is_kept(sentence_of(plan), part) and _by(plan, part)]
    return (case_of(plan, seed) for plan in sample(wanted, seed, count))


def sentence_of(plan: Plan) -> str:
    """The sentence's name; an edit of the whole policy goes by its own number."""
    return plan.edit.sentence.sentence_id if plan.edit else f"{plan.language}.{plan.number}"


def _by(plan: Plan, part: int) -> bool:
    return is_kept(plan.operator, part)
