"""Where one thing changed plainly: what decides by itself, whatever the model makes of the rest.

Each of these showed on no labelled revision that is minor, or on hardly any: a member of an enumeration, a kind of data
or a limit that came alone, a short sentence that denies or promises something. A word that gave way to another is none,
unless both are known: it may say the same.
"""

from __future__ import annotations

import re
from functools import lru_cache

from notifier.significance.equivalence.headings import is_in_title
from notifier.significance.reading.atoms import Kind
from notifier.significance.reading.plain_words import plain_words
from notifier.significance.unexplained import Difference
from notifier.text.document import BlockKind

LINK = re.compile(r"\]\(|https?://|<img|!\[|\{\{")
ASIDES = ("example", "thanks", "announcement", "upcoming", "credit", "summary")
"""Classes of sentences that bind nobody, or speak of the text."""
MATTERS = tuple(
    f"topic.{topic}"
    for topic in (
        "data_collection", "purpose", "ai_training", "sharing", "subprocessors", "transfers", "retention", "security",
        "cookies_tracking", "rights_choices", "children_age", "user_obligations", "enforcement_termination",
        "fees_refunds", "service_level", "liability_warranty", "disputes_law", "intellectual_property",
    )
)  # fmt: skip
"""Topics of which everybody wants to know; where to write and what a text covers is said in many ways."""
SEEN = tuple(f"topic.{topic}" for topic in ("rights_choices", "data_collection", "retention", "fees_refunds"))
"""Topics of sentences in which somebody sees, finds or gets something that is no page."""
LEADS = frozenset(("learn", "read", "see", "find", "find out", "visit", "note"))
"""Words with which a pointer begins that leads nowhere."""
POINTS_HARDLY = frozenset(("sees", "visit", "video"))
"""Words of a pointer that say something else, too: `the visit is repeated`."""
WITHIN = frozenset(("within", "binnen", "innerhalb", "sous", "dans", "en", "dentro de"))
LOOSE = frozenset(
    ("other", "more", "some", "several", "selected", "particular", "single", "partly", "a-few", "many", "most", "few",
     "both", "either", "still", "yet", "already", "about")
)  # fmt: skip
"""Words of force that hardly bind."""
ALIKE = frozenset(("not", "never"))
BINDING = frozenset({Kind.FORCE, Kind.QUANTITY})
DENIES = frozenset(("not", "never", "except", "only"))
FREE = frozenset(("free", "no-extra", "paid", "charged", "without", "opt-in", "opt-out", "turn-on", "turn-off"))
PRICED = frozenset(("free", "no-extra", "paid", "charged", "opt-in", "opt-out"))
COSTS = frozenset(("not", "never", "cost", "fee"))
UNUSED = frozenset(
    ("available", "vacant", "empty", "unoccupied", "verfügbar", "disponible", "libre", "beschikbaar", "vrij", "frei")
)
"""What a place is that is free for use."""
LEANT_ON = frozenset(
    ("company", "anything", "mismos", "personal", "private", "user", "users", "relevant", "form", "manner", "day",
     "purposes", "content", "old", "alt", "oud", "société", "firma", "empresa")
)  # fmt: skip
"""Words that only lean on others: `our company`, `for anything but`."""
LINE_BEFORE = 200
"""Characters in which the sentence before stands."""
REACHED = "topic.contact_channel"
BLAND = ("personal", "annual", "private", "public")
"""Beginnings of words that promise nothing by themselves."""
BOUND = frozenset(("may", "must", "not", "never", "only"))
LEADS_TO = frozenset(("by", "to", "from", "with"))
MEMBERS = frozenset(
    {Kind.SEPARATOR, Kind.TERM, Kind.WORD, Kind.NAME, Kind.PARTY, Kind.QUALIFIER, Kind.GLUE, Kind.PLACE}
)
MEMBER, ONE_OR_TWO, THREE, SIX, CLAUSE = 4, 2, 3, 6, 8
SHORTEST = 14
"""Words with a meaning of their own in a short sentence."""
ENDS = (".", "!", "?")


@lru_cache(maxsize=1)
def is_plain(difference: Difference) -> bool:
    """Does the sentence say something by itself: no pointer, example, thanks, praise, no word on the text?"""
    features, classes = difference.features, difference.features.sentence_classes
    side = features.pair.side
    is_title = features.kind is BlockKind.HEADING or is_in_title(features, difference.runs) or features.is_table_head
    if _only_points(difference) or features.names_languages or features.is_moved_to_another_list or is_title:
        return False
    if LINK.search(side.text) or side.text.rstrip("*_) ").endswith("?"):
        return False
    is_reached = classes[REACHED] or features.is_in_list or any(a.kind is Kind.CONTACT for a in side.atoms)
    is_help = classes["support"] and is_reached and not classes["topic.fees_refunds"]
    return not (is_help or features.praises or any(classes[name] for name in ASIDES))


def _only_points(difference: Difference) -> bool:
    """Does it speak of the text, or send the reader elsewhere? `You may see, correct or erase it` does not."""
    features, classes = difference.features, difference.features.sentence_classes
    opens = features.old[:1] + features.new[:1]
    hardly = sum(atom.key in POINTS_HARDLY for atom in features.pair.side.atoms)
    is_sent = classes["pointer"] > hardly and not any(classes[topic] for topic in SEEN)
    is_sent = is_sent or any(atom.key in LEADS for atom in opens)
    return bool(features.only_points or features.speaks_of_the_text or is_sent)


def is_named_again(difference: Difference) -> bool:
    """Does a thing of the sentence before stand where `it` or `they` stood, or the reverse?"""
    features, (run, *others) = difference.features, difference.runs
    if others or not difference.is_one_sided or len(difference.content) > 1 or run.old_at or run.new_at:
        return False
    named, pronoun = (
        (features.pair.before, features.pair.after) if run.removed else (features.pair.after, features.pair.before)
    )
    text = features.texts.document_of(named).text[max(0, named.start - LINE_BEFORE) : named.start]
    stands = any(atom.key in features.lexicon.lists.get("stand_ins", ()) for atom in pronoun.atoms[:1])
    return stands and difference.content[0].key in plain_words(text)


def is_one_thing(difference: Difference, most: int = ONE_OR_TWO) -> bool:
    """Did a word or two, and no name, change in one place of such a sentence?"""
    return (
        difference.is_reworded
        and len(difference.runs) == 1
        and len(difference.content) <= most
        and not names(difference)
        and is_plain(difference)
    )


def is_member_alone(difference: Difference) -> bool:
    """Did a member of an enumeration come or go, and nothing with it?"""
    old, new = (
        [atom for atom in side if atom in difference.content] for side in (difference.removed, difference.added)
    )
    return (
        bool(old) != bool(new)
        and difference.kinds <= MEMBERS
        and len(difference.content) <= MEMBER
        and not names(difference)
        and not _is_behind_a_comma(difference)
        and is_plain(difference)
    )


def _is_behind_a_comma(difference: Difference) -> bool:
    """Is it a word behind the last comma, as those that are said by the way: `…, of course`?"""
    features = difference.features
    last = [
        atom
        for changed, side in ((difference.removed, features.old), (difference.added, features.new))
        for atom in changed
        if atom in side[-1:] and atom.kind is not Kind.SEPARATOR
    ]
    return bool(last) and not any(atom.value in ("and", "or") for atom in difference.atoms)


def is_said_twice(difference: Difference) -> bool:
    """Does what came or went stand on the other side, too: `request it or ask us to fix it`, `ask us for it`?"""
    features = difference.features
    said = {atom.value for atom in (features.new if difference.removed else features.old)}
    return all(atom.value in said for atom in difference.atoms)


def is_word_alone(difference: Difference) -> bool:
    """Did a word of a matter that everybody asks about come or go, or one with a limit, a direction, a quantity?"""
    if not difference.is_one_sided or not is_one_thing(difference, THREE) or is_said_twice(difference):
        return False
    if any(difference.classes[topic] for topic in MATTERS):
        return len(difference.content) <= ONE_OR_TWO
    if difference.atoms[-1].value in LEADS_TO:
        return False  # `are yours`, `belong to you`
    is_bound = not forces(difference) <= LOOSE
    return is_bound or any(difference.has(kind) for kind in (Kind.DIRECTION, Kind.QUALIFIER, Kind.QUANTITY))


def is_force_alone(difference: Difference) -> bool:
    """Did a word of force come or go, with a word or two that belong to it, or give way to another word that binds?"""
    old, new = difference.values(Kind.FORCE)
    if (
        old == new
        or is_within(difference)
        or not is_one_thing(difference, THREE)
        or forces(difference) <= LOOSE
        or forces(difference) == ALIKE
    ):
        return False
    return difference.is_one_sided or all(
        any(atom.kind in BINDING for atom in side) for side in (difference.removed, difference.added)
    )


def is_gone_alone(difference: Difference) -> bool:
    """Did a word or two go from what somebody does, may or must do, that stand for nothing said elsewhere?"""
    is_gone = bool(difference.removed) and difference.is_one_sided and difference.features.says
    is_gone = is_gone and not is_said_twice(difference)
    return is_gone and is_one_thing(difference) and not any(atom.key in LEANT_ON for atom in difference.atoms)


def is_clause_gone(difference: Difference) -> bool:
    """Did a clause come or go that says what somebody may, must or must not do: `; you can delete it at any time`?"""
    if not difference.is_one_stretch or len(difference.content) > CLAUSE or not is_plain(difference):
        return False
    is_bound = not BOUND.isdisjoint(forces(difference))
    return is_bound and not names(difference) and any(difference.classes[topic] for topic in MATTERS)


def is_promise_swapped(difference: Difference) -> bool:
    """Did a word that carries a promise give way to one that carries none: `hashed`, `cached`?"""
    kept = [atom for atom in difference.added if atom.kind is Kind.QUALIFIER]
    gone = [atom for atom in difference.removed if atom.kind is Kind.QUALIFIER]
    is_loose = any(atom.key in LEANT_ON for atom in difference.atoms)
    return bool(gone and difference.added and not kept and not is_loose) and is_one_thing(difference)


def is_free_or_paid(difference: Difference) -> bool:
    """Did `free`, `paid`, `opt in` or `opt out` give way to other words, and to none that say what it costs?"""
    was, now = ({atom.value for atom in side} & PRICED for side in (difference.removed, difference.added))
    is_cost = any(atom.value in COSTS or atom.key in UNUSED for atom in difference.atoms)
    return was != now and not is_cost and is_one_thing(difference, THREE)


def is_denied(difference: Difference) -> bool:
    """Did a `not` give way to something else, or the reverse: `is not liable`, `remains fully liable`?"""
    old, new = difference.values(Kind.FORCE)
    return old != new and is_one_thing(difference, MEMBER) and forces(difference) != ALIKE


def is_cell(difference: Difference) -> bool:
    """Did a word or two give way to others in a cell of a table?"""
    if difference.features.kind is not BlockKind.TABLE_ROW or not difference.is_reworded or not is_plain(difference):
        return False
    is_swapped = bool(difference.removed and difference.added) and len(difference.runs) == 1
    return is_swapped and len(difference.content) <= MEMBER


def is_someone_else(difference: Difference) -> bool:
    """Did a party give way to somebody or something else that is not the company by its name, and to no verb?"""
    if not difference.has(Kind.PARTY) or not is_one_thing(difference, MEMBER):
        return False
    owners = difference.features.lexicon.lists.get("owners", frozenset())
    if any(atom.kind is Kind.TERM or atom.key in owners for atom in difference.atoms):
        return False
    if not (difference.removed and difference.added):
        return False
    old, new = difference.values(Kind.PARTY)
    is_for_one = len(difference.removed) == len(difference.added) == 1
    return is_for_one or bool(old and new and max(len(difference.removed), len(difference.added)) <= ONE_OR_TWO)


def is_turned(difference: Difference) -> bool:
    """Do a few words stand in each other's place?"""
    is_small = difference.is_reworded and len(difference.content) <= MEMBER and is_plain(difference)
    return is_small and all(run.removed and run.added for run in difference.runs)


def is_short_sentence(difference: Difference) -> bool:
    """Did a short, whole sentence come or go that says something by itself?"""
    features, text = difference.features, difference.features.pair.side.text.rstrip("*_) \n")
    if difference.is_reworded or features.kind is BlockKind.HEADING or features.pair.in_move:
        return False
    if not text.endswith(ENDS) or features.pair.times > 1 or features.follows_summary:
        return False
    is_said = difference.is_really_new and is_plain(difference) and not features.sentence_classes["instrument"]
    return is_said and len(difference.content) <= SHORTEST


def denies(difference: Difference) -> bool:
    """Is it a short sentence that says what is not so, or what is free, off, or somebody's choice?"""
    if not is_short_sentence(difference):
        return False
    directions = {atom.value for atom in difference.atoms if atom.kind is Kind.DIRECTION}
    return not DENIES.isdisjoint(forces(difference)) or not FREE.isdisjoint(directions)


def counts(difference: Difference) -> bool:
    """Is it a short sentence with a sum, a period or a rate?"""
    return (
        is_short_sentence(difference)
        and (
            difference.features.binds
            or difference.features.sentence_classes["topic.retention"] > 0
            or any(atom.value.startswith("money ") for atom in difference.atoms)
        )
        and any(
            atom.kind is Kind.QUANTITY and " " in atom.value and not atom.value.startswith("date ")
            for atom in difference.atoms
        )
    )


def allows(difference: Difference) -> bool:
    """Is it a short sentence on what somebody may or must do, in a matter that everybody asks about?"""
    classes = difference.features.sentence_classes
    is_bound = classes["may"] + classes["must"] > 0
    return is_bound and any(classes[topic] for topic in MATTERS) and is_short_sentence(difference)


def forces(difference: Difference) -> frozenset[str]:
    """The words of force that came or went."""
    return frozenset(atom.value for atom in difference.atoms if atom.kind is Kind.FORCE)


def is_loosened(difference: Difference) -> bool:
    """Did `some`, `either` or `few` come or go alone in what binds somebody: `you may see some of it`?"""
    is_known = not {"some", "several", "partly", "either", "few", "most", "many"}.isdisjoint(forces(difference))
    return is_known and difference.features.binds and is_one_thing(difference, 0)


def is_limit_swapped(difference: Difference) -> bool:
    """Did `all`, `each`, `any` or `only` give way to another word, or the reverse: `all staff`, `admins`?"""
    is_said_so = any(atom.key == "limited to" for atom in difference.atoms)
    if forces(difference) == {"any"} and difference.has(Kind.PARTY):
        return False  # `any increase`, `we raise`
    is_limit = not {"all", "each", "any", "only"}.isdisjoint(forces(difference))
    is_swapped = bool(difference.removed and difference.added)
    return is_limit and is_swapped and not is_said_so and is_one_thing(difference, THREE)


def is_other_matter(difference: Difference) -> bool:
    """Did one kind of data give way to another, or a word of one matter to a word of another?"""
    if not (difference.removed and difference.added) or not is_one_thing(difference):
        return False
    was, now = difference.removed_classes, difference.added_classes
    if difference.features.binds and all(said["topic.data_collection"] + said[REACHED] for said in (was, now)):
        return True
    is_known = all(any(said[topic] for topic in MATTERS) for said in (was, now))
    return is_known and not any(was[topic] and now[topic] for topic in MATTERS)


def promises(difference: Difference) -> bool:
    """Is it a short sentence with a word that carries a promise, a new one on what is kept or shared, or one gone that
    binds somebody?"""
    if not is_short_sentence(difference):
        return False
    features, classes = difference.features, difference.features.sentence_classes
    if any(atom.kind is Kind.QUALIFIER and not atom.key.startswith(BLAND) for atom in difference.atoms):
        return True
    if features.pair.is_insertion:
        return any(classes[topic] for topic in ("topic.retention", "topic.sharing", "topic.ai_training"))
    return features.binds and len(difference.content) <= SIX


def is_hedged(difference: Difference) -> bool:
    """Did `usually` or its like come, or go, alone?"""
    return difference.is_one_sided and is_one_thing(difference, 1) and difference.classes["hedge"] > 0


def is_within(difference: Difference) -> bool:
    """Did `in ten days` become `within ten days`, or the reverse?"""
    forces_ = [atom for atom in difference.atoms if atom.kind is Kind.FORCE]
    return bool(forces_) and all(atom.key in WITHIN for atom in forces_) and not difference.content


def names(difference: Difference) -> bool:
    """Is a name among the words? In German every noun has a capital."""
    is_german = difference.features.lexicon.language == "de"
    return any(atom.kind is Kind.NAME or (atom.is_capital and not is_german) for atom in difference.content)
