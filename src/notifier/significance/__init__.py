"""Diff → `Classification`: significance, certainty, and reasons that a person can check."""

from __future__ import annotations

from notifier.significance.classification import Certainty, Classification, Reason, RenamedTerm, Significance
from notifier.significance.classifier import classify

__all__ = ["Certainty", "Classification", "Reason", "RenamedTerm", "Significance", "classify"]
