"""Every edit, embedded in a policy: alone, and hidden among thirty restylings.

`cases(seed)` yields all of them, `cases(seed, count)` a sample in which each operator of each language comes up as
evenly as it can. The same seed, the same cases, anywhere. `count_of` and `ids` cost no policy.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest

from tests.edits.operator import Edit, Label, edits_of
from tests.edits.operators import HARMLESS, SIGNIFICANT
from tests.edits.policy import Block, Policy, policy_around
from tests.edits.sentence import LANGUAGES, Sentence, sentences
from tests.edits.whole import (
    WHOLE,
    WholeOperator,
    copyright_year,
    date_stamped,
    heading_reworded,
    press_address_changed,
)

RESTYLINGS = 30
"""So many harmless edits hide one edit."""


@dataclass(frozen=True, slots=True)
class Case:
    """Two texts of one policy, and what is true of their difference."""

    case_id: str
    old: str
    new: str
    language: str
    label: Label
    operator: str
    kind: str
    sentence_id: str
    form: str
    old_words: str
    new_words: str
    topics: tuple[str, ...]
    """What the change is about, the likeliest first; empty when minor."""
    is_hidden: bool

    @property
    def topic(self) -> str | None:
        return self.topics[0] if self.topics else None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a case will be, before its policy is made."""

    language: str
    edit: Edit | None
    whole: WholeOperator | None
    number: int
    is_hidden: bool

    @property
    def operator(self) -> str:
        return self.edit.operator.name if self.edit else self.whole.name  # type: ignore[union-attr]

    @property
    def case_id(self) -> str:
        what = self.edit.edit_id if self.edit else f"{self.operator}:{self.language}:{self.number}"
        return f"{what}:{'hidden' if self.is_hidden else 'alone'}"


@cache
def edits(language: str) -> tuple[Edit, ...]:
    """Everything that can be done to a language's sentences."""
    return tuple(chain.from_iterable(edits_of(one, SIGNIFICANT + HARMLESS) for one in sentences(language)))


@cache
def plans(languages: tuple[str, ...] = LANGUAGES) -> tuple[Plan, ...]:
    """All cases that there are."""
    found: list[Plan] = []
    for language in languages:
        for is_hidden in (False, True):
            found += [Plan(language, edit, None, edit.number, is_hidden) for edit in edits(language)]
        found += [Plan(language, None, whole, number, False) for whole in WHOLE for number in range(whole.policies)]
    return tuple(found)


def cases(seed: int, count: int | None = None, languages: tuple[str, ...] = LANGUAGES) -> Iterator[Case]:
    """All cases, or so many of them."""
    wanted = plans(languages) if count is None else sample(plans(languages), seed, count)
    return (case_of(plan, seed) for plan in wanted)


def sample(all_plans: Sequence[Plan], seed: int, count: int) -> list[Plan]:
    """So many plans, the operators of each language in turn."""
    rng = random.Random(seed)  # noqa: S311 - to repeat, not to hide
    by_operator: dict[tuple[str, str], list[Plan]] = defaultdict(list)
    for plan in all_plans:
        by_operator[plan.language, plan.operator].append(plan)
    queues = [rng.sample(group, len(group)) for _, group in sorted(by_operator.items())]
    rng.shuffle(queues)
    in_turn = (plan for round_ in zip_longest(*queues) for plan in round_ if plan is not None)
    return [plan for plan, _ in zip(in_turn, range(count), strict=False)]


def case_of(plan: Plan, seed: int) -> Case:
    """The case, with its policy around it."""
    rng = random.Random(f"{seed}:{plan.case_id}")  # noqa: S311 - to repeat, not to hide
    if plan.edit is None:
        return _whole_case(plan, rng)
    edit = plan.edit
    policy = policy_around(edit.sentence, rng).with_block(Block(edit.sentence, (edit.old, edit.new)))
    if plan.is_hidden:
        policy = restyled(policy, edit.sentence, rng)
    is_minor = edit.operator.label == "minor"
    return Case(
        plan.case_id,
        policy.text(0),
        policy.text(1),
        plan.language,
        edit.operator.label,
        edit.operator.name,
        edit.operator.kind,
        edit.sentence.sentence_id,
        edit.sentence.form,
        edit.old,
        edit.new,
        () if is_minor else edit.sentence.topics,
        plan.is_hidden,
    )


def _whole_case(plan: Plan, rng: random.Random) -> Case:
    whole = plan.whole
    assert whole is not None
    policy = whole.change(policy_around(rng.choice(sentences(plan.language)), rng), rng)
    return Case(
        plan.case_id,
        policy.text(0),
        whole.restyle(policy.text(1)),
        plan.language,
        whole.label,
        whole.name,
        whole.kind,
        sentence_id="frame",
        form="whole",
        old_words="",
        new_words="",
        topics=whole.topics,
        is_hidden=False,
    )


def restyled(policy: Policy, subject: Sentence, rng: random.Random) -> Policy:
    """Thirty harmless edits elsewhere: one on each block that allows it, the rest on the policy's frame."""
    others = [block.sentence for block in policy.blocks if block.sentence is not subject]
    rng.shuffle(others)
    made = 0
    for sentence in others:
        choices = harmless_edits(sentence)
        if choices and made < RESTYLINGS:
            edit = rng.choice(choices)
            policy = policy.with_block(Block(sentence, (edit.old, edit.new)))
            made += 1
    for change in (date_stamped, copyright_year, press_address_changed):
        policy = change(policy, rng)
        made += 1
    while made < RESTYLINGS:
        policy = heading_reworded(policy, rng)
        made += 1
    return policy


@cache
def harmless_edits(sentence: Sentence) -> tuple[Edit, ...]:
    """What may be restyled in a sentence."""
    return tuple(edits_of(sentence, HARMLESS))
