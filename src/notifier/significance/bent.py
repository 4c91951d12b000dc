"""Signs on rules that were bent: narrowed, widened, hedged, turned about, or given another number or day."""

from __future__ import annotations

from notifier.significance.duties import FEW, differs, is_alone, points, really, rewords, says
from notifier.significance.figures import figure
from notifier.significance.sign import Sign
from notifier.significance.view import View

FILLERS = frozenset(("note", "order"))
"""`please note that`, `in order to`."""
COUNTING = frozenset(("a", "an", "one", "per", "each", "every"))
OFTEN = frozenset(("hourly", "daily", "weekly", "monthly", "quarterly", "yearly", "annually", "annual"))


def is_hedged(view: View) -> bool:
    """Does a statement of what is done, or not done, hold more or less firmly now?"""
    around = view.around
    return differs(view, "hedge") and around["must"] + around["may"] + around["duty_verb"] + around["negation"] > 0


def changes_limit(view: View) -> bool:
    """Did a rule lose or gain a limit? `For more information` has none."""
    if not rewords(view) or not view.others("quantifier") or len(view.content) > FEW:
        return False
    limits = [word for word in view.words if "quantifier" in view.lexicon.of(word)]
    return not (view.around["pointer"] and set(limits) == {"more"})


def is_dated_rule(view: View) -> bool:
    """Does a day change from which on, or until which, a rule holds or something may be done?"""
    around = view.around
    if not view.is_date or view.is_posted_date or around["transitional"]:
        return False
    return bool(around["binding"] + around["deadline"])


def bends_statement(view: View) -> bool:
    """Did a word or two with a meaning of their own come into, or go from, what someone does, may or must do?"""
    if not (is_alone(view) and 0 < len(view.content) <= FEW and really(view)):
        return False
    around = view.around
    if FILLERS.issuperset(view.content):
        return False
    return not (
        around["example"] + around["values"] + around["transitional"]
        or set(view.content) <= {*view.names_come, *view.names_gone}
    )


def changes_rule_figure(view: View) -> bool:
    """Does a number change in what someone does, may or must do?"""
    return rewords(view) and view.changes_figure


def bends_right(view: View) -> bool:
    """Was a sentence reworded that says what people may choose, or how?"""
    if not (rewords(view) and view.around["you"] and view.around["topic.rights_choices"]) or points(view):
        return False
    return 0 < len(view.content) <= FEW and really(view) and not view.around["transitional"]


def is_ban_bent(view: View) -> bool:
    """Did words only come, or only go, in a sentence on what is not allowed or not done?"""
    return bool(is_alone(view) and view.says_duty and view.around["negation"] and view.content and really(view))


def bends_duty(view: View) -> bool:
    bent = sum(view.delta[name] for name in ("quantifier", "exception", "place", "party"))
    return view.is_reworded and view.says_duty and bent > 0


def changes_period(view: View) -> bool:
    """Does a figure that has a unit change, or the unit of one?"""
    if view.is_date or not view.around["unit"]:
        return False
    return view.changes_figure or (view.removed["unit"] > 0 and view.others("unit") and has_figure(view))


def has_figure(view: View) -> bool:
    """Is a unit counted: by a number, by `a` or `every`, or by itself, as in `weekly`?"""
    words = [word.lower() for word in view.change.side.words]
    return any(figure(word) is not None or word in COUNTING or word in OFTEN for word in words)


BENT = (
    Sign(
        "duty-bent",
        bends_duty,
        "A duty or permission was narrowed or widened.",
        "You must pay the fee.",
        "You must pay the fee unless exempt.",
    ),
    Sign(
        "term-changed",
        lambda v: v.is_reworded and changes_period(v) and says(v) and len(v.content) <= FEW,
        "The period or amount of a duty or practice changed.",
        "We keep chats for 30 days.",
        "We keep chats for 60 days.",
        compels=True,
    ),
    Sign(
        "dated-rule",
        is_dated_rule,
        "A day changed from which on, or until which, a rule holds.",
        "# Terms\n\n"
        + "Hello there. " * 60
        + "\n\nThe law of Ireland applies to those who signed up on or after May 1, 2018, and to no others.",
        "# Terms\n\n"
        + "Hello there. " * 60
        + "\n\nThe law of Ireland applies to those who signed up on or after May 1, 2024, and to no others.",
        guards=True,
    ),
    Sign(
        "rule-figure",
        changes_rule_figure,
        "A number changed in what someone does, may or must do.",
        "You must be 16 to sail alone.",
        "You must be 18 to sail alone.",
        guards=True,
    ),
    Sign(
        "right-bent",
        bends_right,
        "What people may choose, or how, was reworded.",
        "You can opt out in your settings.",
        "You can opt out by letter.",
        guards=True,
    ),
    Sign(
        "statement-bent",
        bends_statement,
        "A few words came into, or went from, what someone does, may or must do.",
        "We keep recordings of calls.",
        "We keep recordings and transcripts of calls.",
        guards=True,
    ),
    Sign(
        "ban-bent",
        is_ban_bent,
        "Words came into, or went from, a sentence on what is not allowed or not done.",
        "You may not sell tobacco or weapons.",
        "You may not sell tobacco, weapons or medicines.",
        guards=True,
    ),
    Sign(
        "ban-widened",
        lambda v: is_ban_bent(v) and not v.gone,
        "Words came into a sentence on what is not allowed or not done.",
        "You may not sell tobacco or weapons.",
        "You may not sell tobacco, weapons or medicines.",
        compels=True,
    ),
    Sign(
        "obliged-other",
        lambda v: differs(v, "we", "you") and v.delta["topic.user_obligations"] > 0,
        "Who is meant, and what is asked or forbidden, changed in one sentence.",
        "We comply with the rules of the pier.",
        "You are responsible for the rules of the pier.",
        compels=True,
    ),
    Sign(
        "turned-about",
        lambda v: differs(v, "negation") and says(v) and len(v.content) <= FEW,
        "A duty or practice was turned into its opposite.",
        "You may share files.",
        "You may not share files.",
        compels=True,
    ),
    Sign(
        "limit-changed",
        changes_limit,
        "A duty or practice lost or gained a limit, such as only or any.",
        "We share data only with processors.",
        "We share data with processors.",
        guards=True,
    ),
    Sign(
        "hedged",
        is_hedged,
        "A word such as generally, promptly or reasonable came or went.",
        "We delete your files promptly.",
        "We delete your files.",
        guards=True,
    ),
    Sign(
        "sharing-limit",
        lambda v: v.is_reworded and v.others("limit") and says(v) and v.around["topic.sharing"] > 0,
        "Sharing lost or gained a limit, such as only.",
        "We share data only with processors.",
        "We share data with processors.",
        compels=True,
    ),
)
