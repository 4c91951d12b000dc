"""Differences in force: must, may, not, only, any, unless, and, or."""

from __future__ import annotations

from notifier.significance.facts.clearly import is_all_for_only, is_denied_with_more, is_duty_gone, is_other_time
from notifier.significance.facts.parties import is_denied_of_the_other
from notifier.significance.facts.plainly import (
    is_clause_gone,
    is_denied,
    is_force_alone,
    is_limit_swapped,
    is_loosened,
    is_within,
)
from notifier.significance.facts.swaps import is_denied_otherwise, is_opened
from notifier.significance.reading.atoms import Kind
from notifier.significance.rule import Rule
from notifier.significance.unexplained import Difference
from notifier.text.document import BlockKind

NEGATIONS = frozenset(("not", "never", "except"))
MODALS = frozenset(
    ("may", "might", "must", "obliged", "shall", "will", "planned", "would", "should", "supposed", "encouraged", "aim",
     "effort", "best-effort", "commercial-effort", "if-possible", "discretion", "our-discretion", "its-discretion")
)  # fmt: skip
SHALL = {"shall": "will"}
"""Words of which the one is hardly the other's opposite: a person says whether they bind alike."""
LIMITS = frozenset(
    ("only", "any", "each", "all", "some", "several", "selected", "particular", "single", "partly", "a-few", "many",
     "most", "few", "both", "either", "other", "more", "at-least", "at-most", "within", "latest", "about", "more-than",
     "less-than", "still", "yet", "already", "always")
)  # fmt: skip
CONDITIONS = frozenset(
    ("unless", "if", "in-case", "once", "subject-to", "depends", "extent", "while", "until", "notwithstanding",
     "although", "without-prejudice", "if-needed", "if-fit", "if-any", "except")
)  # fmt: skip
PROVIDED = frozenset(("if", "subject-to", "depends"))
CLAUSE = 4
"""Words with a meaning of their own in a condition, at most."""
FEW_BESIDE = 3
"""Words with a meaning of their own that may change along with a `not`: `does not hold`, `holds`."""
LOOSE = frozenset(
    ("other", "more", "some", "several", "selected", "particular", "single", "partly", "a-few", "many", "most", "few",
     "both", "either", "still", "yet", "already")
)  # fmt: skip
"""Limits that hardly limit."""
TURNED = frozenset(
    frozenset(pair)
    for pair in (("at-least", "at-most"), ("at-least", "latest"), ("more-than", "less-than"), ("more-than", "at-most"),
                 ("less-than", "at-least"), ("all", "some"), ("each", "some"), ("any", "some"), ("all", "few"),
                 ("many", "few"), ("all", "only"), ("both", "either"))
)  # fmt: skip
COMPARED = frozenset(("more-than", "less-than"))
WHEN = frozenset(("when", "quand", "lorsque", "cuando", "wanneer"))
MARKED = ("~", "[", "{", "*")
"""Words struck out, boxes to tick, marks of a note below, and what a template shows to some only."""


def is_negation(difference: Difference) -> bool:
    return difference.differs(Kind.FORCE, NEGATIONS)


def is_modal(difference: Difference) -> bool:
    return difference.differs(Kind.FORCE, MODALS)


def is_limit(difference: Difference) -> bool:
    return difference.differs(Kind.FORCE, LIMITS)


def is_condition(difference: Difference) -> bool:
    return difference.differs(Kind.FORCE, CONDITIONS)


def is_conjunction(difference: Difference) -> bool:
    """Did `and` become `or`, or the reverse?"""
    old, new = difference.values(Kind.SEPARATOR)
    return difference.is_reworded and (("and" in old and "or" in new) or ("or" in old and "and" in new))


def is_marked(difference: Difference) -> bool:
    old, new = difference.values(Kind.FORCE)
    return any(value.startswith(MARKED) for value in old + new)


def is_turned_about(difference: Difference) -> bool:
    """Does a duty or practice say `not` more or less often than before, and little else?"""
    old, new = difference.values(Kind.FORCE)
    was, now = (sum(value in ("not", "never") for value in values) for values in (old, new))
    if (
        (not (was - now) % 2 and bool(was) == bool(now))
        or len(difference.content) > FEW_BESIDE
        or _is_free_of_it(difference)
        or is_denied_otherwise(difference)
    ):
        return False
    is_order = difference.is_one_stretch and all(atom.kind is Kind.PARTY for atom in difference.content)
    return not difference.content or is_order or difference.features.says  # `you must not sublet it`, `sublet it`


def _is_plainly(difference: Difference, names: frozenset[str]) -> bool:
    """Did one of these words of force change alone, or with a word or two that belong to it?"""
    if _is_free_of_it(difference) or _is_when(difference) or is_denied_otherwise(difference):
        return False
    if not difference.differs(Kind.FORCE, names):
        return False
    if names in (MODALS, CONDITIONS) and not difference.is_one_sided:
        return False  # `may`, `have the possibility to`; `after delivery`, `once delivered`
    if names in (NEGATIONS, MODALS) and is_clause_gone(difference):
        return True
    if names is LIMITS and (is_loosened(difference) or is_limit_swapped(difference)):
        return True
    return is_force_alone(difference) or (names is NEGATIONS and is_denied(difference))


def _is_free_of_it(difference: Difference) -> bool:
    """Does one side say `free` where the other says that nothing is charged?"""
    old, new = difference.values(Kind.DIRECTION)
    is_paid = difference.features.sentence_classes["topic.fees_refunds"] > 0  # and not `is repeated free`, `is not`
    return is_paid and ("free" in old) != ("free" in new)


def is_bent(difference: Difference) -> bool:
    """May to must, will to may: another modal where one stood, or one more, and nothing else."""
    old, new = ([value for value in values if value in MODALS] for values in difference.values(Kind.FORCE))
    is_title = difference.features.kind is BlockKind.HEADING  # `who sees it`, `who can see it`
    if old == new or not difference.is_small or not difference.features.binds or is_title:
        return False
    if [SHALL.get(value, value) for value in old] == [SHALL.get(value, value) for value in new]:
        return False
    return bool(old and new) or not difference.content


def is_bound_otherwise(difference: Difference) -> bool:
    """Did `only`, `unless`, `at most` come into, or go from, what someone does, and nothing with it?"""
    if not difference.is_small or _is_only_moved(difference) or _is_when(difference) or is_within(difference):
        return False
    if _compares_nothing(difference) or _is_condition_put_otherwise(difference):
        return False
    forces = {atom.value for atom in difference.atoms if atom.kind is Kind.FORCE}
    is_alone = (
        not difference.content
        and not forces <= LOOSE
        and forces != {"each", "either"}
        and difference.features.kind is not BlockKind.HEADING
    )
    return is_alone or is_one_clause(difference)


def _is_condition_put_otherwise(difference: Difference) -> bool:
    """Did `if` become `on condition that`, or `provided that` `as long as`, or the reverse?"""
    sides = [
        {"if" if atom.key.endswith("long as") else atom.value for atom in side if atom.value in CONDITIONS}
        for side in (difference.removed, difference.added)
    ]
    return all(sides) and sides[0] | sides[1] <= PROVIDED


def _is_only_moved(difference: Difference) -> bool:
    """Do the same words of force stand elsewhere in the sentence: `may be read only if`, `may only be read if`?"""
    old, new = difference.values(Kind.FORCE)
    return bool(old) and sorted(old) == sorted(new)


def _compares_nothing(difference: Difference) -> bool:
    """Is it an `under` or `over` in a sentence without a number?"""
    forces = {atom.value for atom in difference.atoms if atom.kind is Kind.FORCE}
    sides = (difference.features.old, difference.features.new)
    return forces <= COMPARED and not any(atom.kind is Kind.QUANTITY for side in sides for atom in side)


def _is_when(difference: Difference) -> bool:
    """Did `when` become `once`, or the reverse: neither is a condition?"""
    forces = [atom for atom in difference.atoms if atom.kind is Kind.FORCE]
    return {atom.value for atom in forces} == {"if", "once"} and any(atom.key in WHEN for atom in forces)


def is_one_clause(difference: Difference) -> bool:
    """Is a condition or exception all that came or went, in one place: `unless you object`?"""
    if len(difference.runs) != 1 or bool(difference.removed) == bool(difference.added):
        return False
    if len(difference.content) > CLAUSE:
        return False
    return any(atom.kind is Kind.FORCE and atom.value in CONDITIONS for atom in difference.atoms)


def is_limit_turned(difference: Difference) -> bool:
    """At most gave way to at least, all to some, more to less; or a limit is all that changed."""
    turned = any(
        frozenset((one.value, other.value)) in TURNED
        for run in difference.runs
        for one, other in zip(run.removed, run.added, strict=False)
    )
    return is_bound_otherwise(difference) or (turned and len(difference.content) <= FEW_BESIDE)


def is_parted(difference: Difference) -> bool:
    """Is a comma before who or which all that came or went?"""
    return difference.is_reworded and {atom.value for atom in difference.atoms} == {","}


def is_conjunction_alone(difference: Difference) -> bool:
    return is_conjunction(difference) and not difference.content and difference.features.kind is not BlockKind.HEADING


FORCE = (
    Rule(
        "negation",
        is_negation,
        "A word such as not, never or except came, went, or stands elsewhere in the sentence.",
        "We do not sell your data.",
        "We do sell your data.",
        lambda difference: (
            is_turned_about(difference)
            or _is_plainly(difference, NEGATIONS)
            or is_denied_with_more(difference)
            or is_denied_of_the_other(difference)
            or is_opened(difference)
        ),
    ),
    Rule(
        "modal",
        is_modal,
        "A word such as may, must or should came, went or gave way to another.",
        "We will delete your account.",
        "We may delete your account.",
        lambda difference: is_bent(difference) or _is_plainly(difference, MODALS) or is_duty_gone(difference),
    ),
    Rule(
        "limit",
        is_limit,
        "A limit such as only, any or at least came, went, or holds for something else.",
        "We share data only with processors.",
        "We share data with processors.",
        lambda difference: (
            is_limit_turned(difference)
            or _is_plainly(difference, LIMITS)
            or is_all_for_only(difference)
            or is_opened(difference)
        ),
    ),
    Rule(
        "condition",
        is_condition,
        "A condition or exception came, went, or is another one.",
        "We keep your data.",
        "We keep your data unless you object.",
        lambda difference: (
            is_bound_otherwise(difference)
            or _is_plainly(difference, CONDITIONS)
            or (is_other_time(difference) and not _is_condition_put_otherwise(difference))
        ),
    ),
    Rule(
        "and-to-or",
        is_conjunction,
        "And became or, or the reverse.",
        "You need a licence and a permit.",
        "You need a licence or a permit.",
        is_conjunction_alone,
    ),
    Rule(
        "clause-parted",
        is_parted,
        "A comma came or went before who or which: what held for some holds for all.",
        "We share data with partners who have signed.",
        "We share data with partners, who have signed.",
    ),
    Rule(
        "struck-out",
        is_marked,
        "Words were struck out, or no longer are; a box was ticked; a mark of a note came or went.",
        "We never sell your data.",
        "We ~~never~~ sell your data.",
        lambda difference: is_marked(difference) and not any(a.value.startswith(("{", "*")) for a in difference.atoms),
    ),
)
