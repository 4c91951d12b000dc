"""Diff → `Classification`: first the facts of both sides, then the proofs, then the model; and why."""

from __future__ import annotations

from collections.abc import Sequence

from notifier.diff import Diff
from notifier.significance.change_features import ChangeFeatures
from notifier.significance.classification import Certainty, Classification, Significance
from notifier.significance.equivalence import prove
from notifier.significance.equivalence.renamed_terms import renames_in, with_renames
from notifier.significance.facts import rules_on
from notifier.significance.features import features_of
from notifier.significance.model import Model, shipped
from notifier.significance.pairs import pairs_of
from notifier.significance.reading.lexicon import lexicon
from notifier.significance.reasons import Weighed, reasons_for_minor, reasons_for_significant, weighed_of
from notifier.significance.sentence_pair import SentencePair
from notifier.significance.text_pair import TextPair
from notifier.significance.unexplained import Difference

CLOSE_BY = 200
"""Characters between two sentences that came together."""
TITLE = 6
"""Words of the title of a summary."""


def classify(diff: Diff, *, language: str = "en") -> Classification:
    """Must customers be told of this change, and why? `language` is the texts' own."""
    model = shipped()
    differences = differences_in(diff, language)
    weighed = weigh(differences, model)
    significance, certainty = verdict_of(weighed, model)
    renames = renames_in([difference.features for difference in differences])
    if significance is Significance.MINOR:
        return Classification(significance, certainty, reasons_for_minor(differences, diff), renames)
    return Classification(significance, certainty, reasons_for_significant(weighed, model), renames)


def differences_in(diff: Diff, language: str) -> list[Difference]:
    """Every pair of sentences, with what is proven of it and what is not."""
    words = lexicon(language)
    pairs = pairs_of(diff, words)
    texts = TextPair(diff, pairs, words)
    return [Difference(features, prove(features)) for features in with_renames(_features(pairs, texts))]


def weigh(differences: Sequence[Difference], model: Model) -> list[Weighed]:
    """What is unexplained, with the rules that show on it and its weight."""
    left = [(difference, rules_on(difference)) for difference in differences if difference.runs]
    return [weighed_of(difference, rules, features_of(difference, rules), model) for difference, rules in left]


def verdict_of(weighed: Sequence[Weighed], model: Model) -> tuple[Significance, Certainty]:
    """All explained: minor. A fact that decides: significant. A fact unexplained: at least close. Else the model; where
    the same facts stand on both sides of every sentence in other words, it is not sure enough to decide."""
    if not weighed:
        return Significance.MINOR, Certainty.CLEAR
    if any(one.forcing for one in weighed):
        return Significance.SIGNIFICANT, Certainty.CLEAR
    chance = model.judge([one.features for one in weighed])
    if chance >= model.significant_from and not all(one.difference.keeps_facts for one in weighed):
        return Significance.SIGNIFICANT, Certainty.CLEAR
    if chance >= model.minor_below or any(one.rules for one in weighed):
        return Significance.SIGNIFICANT, Certainty.CLOSE
    return Significance.MINOR, Certainty.CLEAR


def _features(pairs: Sequence[SentencePair], texts: TextPair) -> list[ChangeFeatures]:
    """Every pair, seen in order: what follows on a new summary is known to."""
    found: list[ChangeFeatures] = []
    inside, end = False, 0
    for pair in pairs:
        features = ChangeFeatures(pair, texts)
        if pair.is_insertion:
            near = pair.after.start - end <= CLOSE_BY
            inside = _opens_summary(features) or (inside and near)
            features = ChangeFeatures(pair, texts, follows_summary=True) if inside else features
        else:
            inside = False
        end = pair.after.end
        found.append(features)
    return found


def _opens_summary(features: ChangeFeatures) -> bool:
    return len(features.new) <= TITLE and features.sentence_classes["summary"] > 0
