"""Diff → `Classification`: weigh every change, judge the whole, and say why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from notifier.diff import Diff
from notifier.significance.changes import changes_of
from notifier.significance.lexicon import lexicon
from notifier.significance.model import Model, shipped
from notifier.significance.reasons import reasons_for_minor, reasons_for_significant
from notifier.significance.scene import Scene
from notifier.significance.signs import COMPELS, GUARDS, signs_of
from notifier.significance.verdict import Certainty, Classification, Significance
from notifier.significance.views import views_of


def classify(diff: Diff, *, language: str = "en", model: Model | None = None) -> Classification:
    """Must customers be told of this change, and why? `language` is the texts' own; `model` is for measuring."""
    model = model or shipped()
    changes = changes_of(diff)
    scene = Scene(diff, changes, lexicon(language))
    views = views_of(changes, scene)
    signs = [signs_of(view) for view in views]
    significance, certainty = verdict_of(chance_of(signs, model), model)
    if significance is Significance.MINOR:
        return Classification(significance, certainty, reasons_for_minor(diff, views, signs))
    weights = [model.weigh(seen) for seen in signs]
    return Classification(significance, certainty, reasons_for_significant(views, signs, weights, model))


def chance_of(changes: Sequence[Mapping[str, float]], model: Model) -> float:
    """What the model says, within what signs leave open that are clear by themselves."""
    if shows(changes, COMPELS):  # spares the models
        return 1.0
    return within(changes, model.judge(changes), model.minor_below, model.significant_from)


def within(changes: Sequence[Mapping[str, float]], chance: float, minor_below: float, significant_from: float) -> float:
    """A chance, raised to the threshold that a sign on one of the changes calls for."""
    if shows(changes, COMPELS):
        return max(chance, significant_from)
    return max(chance, minor_below) if shows(changes, GUARDS) else chance


def shows(changes: Sequence[Mapping[str, float]], names: frozenset[str]) -> bool:
    """Does any change show one of these signs?"""
    return any(not names.isdisjoint(signs) for signs in changes)


def verdict_of(chance: float, model: Model) -> tuple[Significance, Certainty]:
    """Between the two thresholds it is a close call, taken for significant."""
    if chance < model.minor_below:
        return Significance.MINOR, Certainty.CLEAR
    certainty = Certainty.CLEAR if chance >= model.significant_from else Certainty.CLOSE
    return Significance.SIGNIFICANT, certainty
