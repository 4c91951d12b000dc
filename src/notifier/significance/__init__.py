"""Diff → `Classification`: significance, certainty, and reasons that a person can check."""

from __future__ import annotations

from notifier.significance.judge import classify
from notifier.significance.verdict import Certainty, Classification, Reason, Significance

__all__ = ["Certainty", "Classification", "Reason", "Significance", "classify"]
