"""What the judgement is trained and measured on: labelled revisions of real policies, and edits made by a grammar."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.edits.cases import Case as EditCase
from tests.edits.cases import case_of, plans, sample

from notifier.diff import diff
from notifier.significance.classifier import differences_in
from notifier.significance.facts import rules_on
from notifier.significance.features import features_of
from notifier.significance.reasons import forcing_of
from notifier.significance.topics import Clues, clues_of, words_around
from notifier.text.compared_text import compared_text
from notifier.text.markdown import parse

CORPUS = Path(__file__).resolve().parents[1].parent / "shared" / "corpus"
LABELS = ("labels.jsonl", "labels-single.jsonl")
TRUST = {1: 0.4, 2: 0.8, 3: 1.0}
"""How much a label counts, by its annotator's confidence; twice as much where two annotators agreed."""
TRUST_IN_EDIT = 0.25
"""A made edit counts less than a real revision: there are many, and all are of one hand."""
FOLDS, SEED = 5, 7


@dataclass(frozen=True)
class Change:
    """One unexplained difference: its features, whether a rule decides, and what speaks of topics.

    `keeps_facts`: both sides name the same facts, so that the model does not decide on it by itself.
    """

    features: Mapping[str, float]
    is_forced: bool
    is_fact: bool
    clues: Mapping[str, Clues]
    keeps_facts: bool = False
    words: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One labelled pair of texts. `group` is what must not stand in training and test at once."""

    case_id: str
    group: str
    kind: str
    is_significant: bool
    trust: float
    changes: tuple[Change, ...]
    topics: frozenset[str]
    first_topic: str | None = None
    is_made: bool = False
    agreed: bool = False

    @property
    def is_forced(self) -> bool:
        return any(change.is_forced for change in self.changes)

    @property
    def is_fact(self) -> bool:
        return any(change.is_fact for change in self.changes)

    @property
    def may_be_weighed(self) -> bool:
        """May the model decide on it by itself?"""
        return not all(change.keeps_facts for change in self.changes)

    @property
    def fold(self) -> int:
        return int(hashlib.sha256(self.group.encode()).hexdigest(), 16) % FOLDS


def revisions(corpus: Path = CORPUS) -> list[Case]:
    """The labelled revisions, by id."""
    found = []
    for name in LABELS:
        for line in (corpus / name).read_text("utf-8").splitlines():
            found.append(_revision(corpus, json.loads(line), agreed=name == LABELS[0]))
    return sorted(found, key=lambda case: case.case_id)


def publisher_of(label: Mapping[str, Any]) -> str:
    """Who wrote it: the repository's owner, or the service in a collection of many."""
    owner = label["source"].split("/")[0]
    return str(label["document"].split("/")[0] if owner == "OpenTermsArchive" else owner)


def _revision(corpus: Path, label: Mapping[str, Any], *, agreed: bool) -> Case:
    old, new = ((corpus / "revisions" / f"{label['id']}.{side}.md").read_text("utf-8") for side in ("old", "new"))
    return Case(
        case_id=label["id"],
        group=publisher_of(label),
        kind=label.get("kind", ""),
        is_significant=label["significance"] == "significant",
        trust=TRUST[int(label["confidence"])] * (2 if agreed else 1),
        changes=tuple(changes_between(old, new)),
        topics=frozenset(label.get("topics_either") or label.get("topics") or ()),
        agreed=agreed,
    )


def made_edits(seed: int, count: int | None = None) -> Iterator[Case]:
    """Edits of a grammar, each alone in its policy; those of one sentence are never in training and test at once."""
    alone = [plan for plan in plans() if not plan.is_hidden]
    for plan in sample(alone, seed, count) if count else alone:
        yield _made(case_of(plan, seed))


def _made(case: EditCase) -> Case:
    return Case(
        case_id=case.case_id,
        group=case.sentence_id,
        kind=case.operator,
        is_significant=case.label == "significant",
        trust=TRUST_IN_EDIT,
        changes=tuple(changes_between(case.old, case.new, case.language)),
        topics=frozenset(case.topics),
        first_topic=case.topic,
        is_made=True,
    )


def changes_between(old: str, new: str, language: str = "en") -> Iterator[Change]:
    """What no proof explains between two texts."""
    before, after = (parse(compared_text(text, language=language)) for text in (old, new))
    for difference in differences_in(diff(before, after), language):
        if difference.runs:
            rules = rules_on(difference)
            forces = bool(forcing_of(difference, rules))
            found = features_of(difference, rules)
            told = clues_of(difference), difference.keeps_facts, words_around(difference)
            yield Change(found, forces, bool(rules), *told)
