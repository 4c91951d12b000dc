"""Diff → `Classification`: significance, certainty, and reasons that a person can check.

Whoever only reads verdicts loads none of what makes one: `classify` is in `classifier`.
"""

from __future__ import annotations

from notifier.significance.classification import Certainty, Classification, Reason, RenamedTerm, Significance

__all__ = ["Certainty", "Classification", "Reason", "RenamedTerm", "Significance"]
