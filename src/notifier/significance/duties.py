"""Signs on what someone does, may or must do: duties, permissions and practices that came or went."""

from __future__ import annotations

from notifier.significance.sign import Sign
from notifier.significance.view import View
from notifier.text.document import BlockKind

FEW = 6
"""Words with a meaning of their own that change when one thing changes."""


def rewords(view: View) -> bool:
    """Was a sentence reworded that says what someone does, may or must do, and not just what a link is called?"""
    return view.is_reworded and says(view) and not view.relabels


def says(view: View) -> bool:
    """Does the sentence say what someone does, may or must do?"""
    return view.says_duty or view.says_practice


def is_alone(view: View) -> bool:
    """Did words only come, or only go, in a sentence that says what someone does, may or must do?"""
    return view.is_reworded and says(view) and not (view.gone and view.come) and not points(view)


def points(view: View) -> bool:
    """Is what changed only what another text, or a section, is called, or the words that send a reader there?"""
    return view.relabels or view.delta["pointer"] > 0


def promises(view: View) -> bool:
    """Does the sentence bind the company: it never does something, does it only so, or must do it?"""
    around = view.around
    binds = around["negation"] + around["limit"] + around["must"]
    return bool(around["we"] and binds and view.says_practice and not is_about_the_text(view))


def offers_help(view: View) -> bool:
    """Does it say no more than whom to ask?"""
    return bool(view.is_support and view.around["topic.contact_channel"] and not view.around["must"])


def sends_away(view: View) -> bool:
    """Does it send the reader elsewhere, and say of nobody that he must or must not?"""
    return view.is_pointer and not view.around["must"] + view.around["negation"]


def is_about_the_text(view: View) -> bool:
    """Does it send the reader elsewhere, speak of the text itself, or sum it up?"""
    return view.around["pointer"] + view.around["transitional"] > 0 or view.follows_summary


def from_may_to_must(view: View) -> bool:
    gone, come = view.removed, view.added
    return (
        view.is_reworded and not points(view) and bool((gone["may"] and come["must"]) or (gone["must"] and come["may"]))
    )


def differs(view: View, *names: str) -> bool:
    return view.is_reworded and any(view.removed[name] != view.added[name] for name in names)


def really(view: View) -> bool:
    return view.net_share > 0.4


DUTIES = (
    Sign(
        "may-to-must",
        from_may_to_must,
        "What may be became what must be, or the reverse.",
        "We may delete your account.",
        "We will delete your account.",
        guards=True,
        compels=True,
    ),
    Sign(
        "duty",
        lambda v: not v.is_reworded and v.says_duty,
        "A sentence that says what someone may or must do came or went.",
        "Hello.",
        "Hello. You must pay.",
    ),
    Sign(
        "practice",
        lambda v: not v.is_reworded and v.says_practice,
        "A sentence that says what someone does came or went.",
        "Hello.",
        "Hello. We collect names.",
    ),
    Sign(
        "new-duty",
        lambda v: v.is_new and v.says_duty and really(v) and not (v.around["transitional"] or sends_away(v)),
        "A sentence that says what someone may or must do is new.",
        "Hello.",
        "Hello. You must pay.",
        guards=True,
    ),
    Sign(
        "duty-gone",
        lambda v: v.is_gone and v.says_duty and really(v) and not (v.around["transitional"] or sends_away(v)),
        "A sentence that said what someone may or must do is gone.",
        "Hello. You must pay.",
        "Hello.",
        guards=True,
    ),
    Sign(
        "new-practice",
        lambda v: v.is_new and v.says_practice and really(v) and not (v.around["pointer"] or offers_help(v)),
        "A sentence that says what someone does is new.",
        "Hello.",
        "Hello. We collect names.",
        guards=True,
    ),
    Sign(
        "practice-gone",
        lambda v: v.is_gone and v.says_practice and really(v) and not (v.around["pointer"] or offers_help(v)),
        "A sentence that said what someone does is gone.",
        "Hello. We collect names.",
        "Hello.",
        guards=True,
    ),
    Sign(
        "promise-gone",
        lambda v: v.is_gone and really(v) and promises(v),
        "A sentence is gone in which the company bound itself.",
        "Hello. We do not sell personal information.",
        "Hello.",
        compels=True,
    ),
    Sign(
        "new-promise",
        lambda v: v.is_new and really(v) and promises(v),
        "A sentence is new in which the company binds itself.",
        "Hello.",
        "Hello. We do not sell personal information.",
        compels=True,
    ),
    Sign(
        "new-item-says",
        lambda v: v.is_new and v.kind is BlockKind.LIST_ITEM and really(v) and says(v) and not is_about_the_text(v),
        "A new item of a list says what someone does, may or must do.",
        "* Be kind.",
        "* Be kind.\n* You must not sell tickets.",
        compels=True,
    ),
    Sign(
        "new-item-of-duties",
        lambda v: (
            v.is_new
            and v.kind is BlockKind.LIST_ITEM
            and really(v)
            and v.lead["must"] + v.lead["may"] > 0
            and not v.around["month"]
        ),
        "An item is new in a list of what someone may or must do.",
        "You must show:\n\n* your ticket",
        "You must show:\n\n* your ticket\n* your passport",
        compels=True,
    ),
    Sign(
        "in-a-duty",
        lambda v: v.is_reworded and v.says_duty and bool(v.content),
        "Words changed in a sentence that says what someone may or must do.",
        "You must pay rent.",
        "You must pay tolls.",
    ),
    Sign(
        "in-a-practice",
        lambda v: v.is_reworded and v.says_practice and bool(v.content),
        "Words changed in a sentence that says what someone does.",
        "We collect names.",
        "We collect addresses.",
    ),
)
