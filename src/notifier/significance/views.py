"""`View`s of all changes of a text, in order: some are seen only beside their neighbours."""

from __future__ import annotations

from notifier.significance.changes import Change
from notifier.significance.scene import Scene
from notifier.significance.view import View

CLOSE_BY = 200
"""Characters between two sentences that came together."""


def views_of(changes: tuple[Change, ...], scene: Scene) -> list[View]:
    """Every change, seen in order: what follows on a new summary is known to."""
    views: list[View] = []
    inside, end = False, 0
    for change in changes:
        view = View(change, scene)
        near = view.is_new and change.after.start - end <= CLOSE_BY
        inside = view.is_new and (_opens_summary(view) or (inside and near))
        end = change.after.start + len(change.after.sentence)
        views.append(View(change, scene, follows_summary=inside))
    return views


def _opens_summary(view: View) -> bool:
    return view.around["summary"] > 0 and len(view.change.after.words) <= 6
