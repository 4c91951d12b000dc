"""Signs on what is done with data, and by whom: kinds of data, of recipients, of deeds, and the parties who do them."""

from __future__ import annotations

from itertools import pairwise

from notifier.significance.duties import FEW, is_alone, points, rewords, says
from notifier.significance.sign import Sign
from notifier.significance.view import View

DATA = frozenset(("data", "information", "records", "files", "daten", "données", "datos", "gegevens"))


def sells(view: View) -> bool:
    """Did one way to hand data on give way to another?"""
    return (
        view.is_reworded and says(view) and view.others("duty_verb") and len(view.content) <= FEW and not points(view)
    )


def names_kind_of_data(view: View) -> bool:
    """Was a word put right before `data` or `information` in what someone does with it: another kind of it?"""
    if not (rewords(view) and view.around["duty_verb"]):
        return False
    return any(
        word.lower() in view.content and after.lower() in DATA
        for side in view.change.sides
        for word, after in pairwise(side.words)
    )


PRACTICES = (
    Sign(
        "data-named",
        lambda v: rewords(v) and v.delta["topic.data_collection"] > 0 and v.around["duty_verb"] > 0,
        "Another kind of data is named in what someone does.",
        "We collect your name.",
        "We collect your name and your phone number.",
        guards=True,
    ),
    Sign(
        "kind-of-data",
        names_kind_of_data,
        "Another kind of data is meant in what someone does with it.",
        "We store travel data.",
        "We store holiday data.",
        guards=True,
    ),
    Sign(
        "recipient-kind-named",
        lambda v: rewords(v) and v.delta["topic.sharing"] + v.delta["topic.subprocessors"] > 0,
        "Another kind of recipient, or another way to hand data on, is named.",
        "We share data with processors.",
        "We share data with processors and advertisers.",
        guards=True,
    ),
    Sign(
        "practice-swapped",
        lambda v: rewords(v) and v.others("duty_verb") and len(v.content) <= FEW,
        "What someone does gave way to something else.",
        "We share your data.",
        "We sell your data.",
        guards=True,
    ),
    Sign(
        "party-named",
        lambda v: rewords(v) and v.others("party") and len(v.content) <= FEW,
        "Another party does it, or is bound by it.",
        "We collect your name.",
        "We and our affiliates collect your name.",
        guards=True,
    ),
    Sign(
        "data-alone",
        lambda v: is_alone(v) and v.delta["topic.data_collection"] > 0 and v.around["duty_verb"] > 0,
        "A kind of data came or went, and nothing else in the sentence.",
        "We collect your name.",
        "We collect your name and your phone number.",
        compels=True,
    ),
    Sign(
        "recipient-alone",
        lambda v: (is_alone(v) or sells(v)) and v.delta["topic.sharing"] + v.delta["topic.subprocessors"] > 0,
        "A kind of recipient, or a way to hand data on, came or went, and nothing else in the sentence.",
        "We share data with processors.",
        "We share data with processors and advertisers.",
        compels=True,
    ),
    Sign(
        "party-alone",
        lambda v: is_alone(v) and v.others("party") and len(v.content) <= FEW,
        "A party came or went, and nothing else in the sentence.",
        "We collect your name.",
        "We and our affiliates collect your name.",
        compels=True,
    ),
    Sign(
        "verb", lambda v: v.delta["duty_verb"] > 0, "What someone does changed.", "We collect names.", "We sell names."
    ),
)
