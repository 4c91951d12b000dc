"""Proofs that a change says the same thing: proving a change minor is half of the work."""

from __future__ import annotations

import re
from collections import Counter

from notifier.diff import Layer
from notifier.significance.dates import STAMP
from notifier.significance.scene import unnumbered
from notifier.significance.sign import Sign
from notifier.significance.spelling import is_slip
from notifier.significance.view import View
from notifier.significance.words import parted, plain_words, words_of
from notifier.text.document import BlockKind

LINKS_ONLY = re.compile(r"[\s>*+\-\d.|]*(?:(?:!?\[[^\]]*\]\([^)]*\)|<?https?://[^\s<>]++>?)[\s.,;|*]*+)+$")
ANCHOR = re.compile(r"\[[^\]]*\]\((?:<#[^>]*>|#[^)]*)\)")
TO_TERMS = re.compile(
    r"://[^)\s]{0,500}(?:terms|polic(?:y|ies)|legal|licen[cs]e|agreement|addendum|eula|dpa)", re.IGNORECASE
)
CONTENTS = frozenset(("contents", "table of contents", "jump to", "on this page", "in this article", "inhalt"))
"""What stands over a table of contents."""
TEXT = frozenset({BlockKind.PARAGRAPH, BlockKind.HEADING})
MAY_BE_HEADING = TEXT | {BlockKind.LIST_ITEM}
NO_LETTER = re.compile(r"[\W_]")
MOSTLY = 0.6
DIGITS = re.compile(r"\d")
NAME = 4
"""Words of a person's name, with the one they go by."""
LINE = 6
"""Words of a line that does not stand in two texts by chance."""
STRONG = frozenset({"must", "may", "negation", "quantifier", "exception", "conjunction", "we", "you"})


def is_contents(view: View) -> bool:
    """A line of a table of contents: hardly a word outside links into the page itself, or the label over them."""
    side = view.change.side
    if view.is_reworded and not side.is_whole:
        return False
    if not view.is_reworded and (" ".join(side.words).lower() in CONTENTS or _is_listed_heading(view)):
        return True
    outside, links = ANCHOR.subn(" ", side.sentence)
    return links > 0 and len(words_of(outside)) <= 0.2 * len(side.words)


def _is_listed_heading(view: View) -> bool:
    return view.scene.names_heading(view.change) and view.scene.lists_headings


def is_heading_cut(view: View) -> bool:
    """Did a heading run into the text below it, or was it parted from it?"""
    change, scene = view.change, view.scene
    if bool(change.removed) == bool(change.added) or not (view.is_reworded or view.kind in MAY_BE_HEADING):
        return False
    cut, theirs, ours = (
        (change.before.changed, scene.new_headings, scene.old_headings)
        if change.removed
        else (change.after.changed, scene.old_headings, scene.new_headings)
    )
    words = unnumbered(cut)
    return words in theirs and (view.is_reworded or view.kind in TEXT or words not in ours)


def is_relabelled(view: View) -> bool:
    """Is a link that leads where it led called otherwise, and is it no way to use a right or to reach someone?"""
    if not (view.relabels and view.keeps_targets):
        return False
    return not any(view.around[f"topic.{topic}"] for topic in ("rights_choices", "contact_channel"))


def is_run_together(view: View) -> bool:
    """Did words lose or gain the space between them, in a sentence or over the whole text?"""
    change = view.change
    if not view.is_reworded or not (change.removed or change.added):
        return False
    if any(word[0].isdigit() for word in change.removed + change.added):
        return False
    if letters(change.before.words) == letters(change.after.words):
        return True
    old, new = (
        Counter(word.lower() for word in words_of(parted(" ".join(side.changed))))
        for side in (change.before, change.after)
    )
    pieces = sum(old.values()) + sum(new.values())
    if pieces == len(change.before.changed) + len(change.after.changed):
        return False
    return not any(word in view.scene.net for word in (old - new) + (new - old))


def letters(words: tuple[str, ...]) -> str:
    return NO_LETTER.sub("", "".join(words)).lower()


def is_function_words(view: View) -> bool:
    words = view.change.removed + view.change.added
    return bool(words) and all(
        word in view.lexicon.function_words and not view.lexicon.of(word) & STRONG for word in words
    )


def is_links(view: View) -> bool:
    return LINKS_ONLY.match(view.change.side.sentence) is not None


def is_link_to_terms(view: View) -> bool:
    """Did a line come or go that is nothing but a link to a contract or policy, where others or contracts are named?"""
    sentence, around = view.change.side.sentence, view.around
    if view.is_reworded or not is_links(view) or TO_TERMS.search(sentence) is None:
        return False
    if "![" in sentence or around["pointer"] + around["language"]:
        return False
    return bool(view.names_others or view.heading["instrument"] + view.lead["instrument"])


def is_languages(view: View) -> bool:
    """Did a choice of languages lose or gain some, and nothing else?"""
    if not view.names_languages or view.says_duty or view.says_practice or not view.content:
        return False
    named = sum(1 for word in view.content if "language" in view.lexicon.of(word))
    return named >= MOSTLY * len(view.content)


def is_heading_numbered(view: View) -> bool:
    """Did a heading lose or gain its number, or the space after it?"""
    if not (view.is_reworded and view.kind is BlockKind.HEADING):
        return False
    old, new = (DIGITS.sub("", letters(side.words)) for side in view.change.sides)
    return old == new != ""


def is_stamps(view: View) -> bool:
    words = view.change.removed + view.change.added
    return bool(words) and all(STAMP.match(word) for word in words)


def is_banner_gone(view: View) -> bool:
    """Did a note at the top go that spoke of the text itself: of another version of it, or when it takes effect?"""
    if not (view.is_gone and view.is_near_top):
        return False
    around = view.around
    if around["transitional"]:
        return bool(view.delta["month"] or around["instrument"])
    return bool(view.delta["month"] and around["upcoming"] and around["instrument"])


def is_cut_anew(view: View) -> bool:
    """Do the sentences of both sides stand in the other text, word for word: were lines broken elsewhere?"""
    if not (view.is_reworded and view.content) or view.unheard:
        return False
    before, after = (plain_words(side.sentence) for side in view.change.sides)
    if min(len(before), len(after)) < LINE:
        return False
    return view.scene.new_shingles.holds(before) and view.scene.old_shingles.holds(after)


def is_thanked(view: View) -> bool:
    """Did someone come into a list of people who are thanked, or go?"""
    if view.is_reworded or view.kind is not BlockKind.LIST_ITEM or view.says_duty or view.says_practice:
        return False
    names = {*view.names_come, *view.names_gone}
    is_name = 0 < len(view.content) <= NAME and names.issuperset(view.content)
    return is_name and view.heading["thanks"] + view.lead["thanks"] > 0


def is_pointer_alone(view: View) -> bool:
    """A whole sentence that only sends the reader elsewhere: no duty, no contract that binds, no way to use a right."""
    around = view.around
    if view.is_reworded or not view.is_pointer or view.says_practice:
        return False
    if view.says_duty and around["must"] + around["negation"]:
        return False
    if view.around["binding"] and view.around["instrument"]:
        return False
    return not any(view.around[f"topic.{topic}"] for topic in ("rights_choices", "contact_channel", "subprocessors"))


PROOFS = (
    Sign(
        "front-matter",
        lambda v: v.kind is BlockKind.FRONT_MATTER,
        "Only the file's front matter changed.",
        "---\nlayout: page\n---\n# Terms\n\nHello.",
        "---\nlayout: legal\n---\n# Terms\n\nHello.",
    ),
    Sign(
        "contents-entry",
        is_contents,
        "A line of the table of contents came or went.",
        "# Terms\n\nHello.",
        "# Terms\n\n[Your rights](#rights)\n\nHello.",
    ),
    Sign(
        "same-words",
        lambda v: (
            v.change.layer is Layer.WORDS
            and not (v.change.removed or v.change.added)
            and not v.is_swapped_in_place
            and not v.changes_condition
        ),
        "The same words stand in another order or another case.",
        "We store names, addresses and orders.",
        "We store addresses, names and orders.",
    ),
    Sign(
        "stamp",
        is_stamps,
        "Only a version number or a machine's time stamp changed.",
        "Document version 1.2.0",
        "Document version 1.3.0",
    ),
    Sign(
        "posted-date",
        lambda v: v.is_posted_date,
        "Only the date or version of the document itself changed.",
        "Last updated: May 1, 2024",
        "Last updated: June 2, 2024",
    ),
    Sign(
        "rename",
        lambda v: bool(v.change.removed + v.change.added) and not v.words,
        "A name gives way to another all over the text.",
        "Acme Box stores files.\n\nWe run Acme Box.\n\nYou need Acme Box.",
        "Acme Vault stores files.\n\nWe run Acme Vault.\n\nYou need Acme Vault.",
    ),
    Sign(
        "numbering",
        lambda v: v.is_numbering or is_heading_numbered(v),
        "Only numbers of sections, or references to them, changed.",
        "As said in Section 4, we may bill you.",
        "As said in Section 5, we may bill you.",
    ),
    Sign(
        "function-words",
        lambda v: is_function_words(v) and not v.is_swapped_in_place,
        "Only small words without a meaning of their own changed.",
        "We keep the records of orders.",
        "We keep records of the orders which.",
    ),
    Sign(
        "run-together",
        is_run_together,
        "The same letters: a space between words was lost or found.",
        "Set up the account first, case by-case.",
        "Setup the account first, case-by-case.",
    ),
    Sign(
        "slip",
        is_slip,
        "A slip of the pen was mended: another letter, hyphen or space in the same word.",
        "We explanes it here.",
        "We explains it here.",
    ),
    Sign(
        "heading-cut",
        is_heading_cut,
        "A heading was parted from the text below it, or ran into it.",
        "# Terms\n\nIndemnification. You pay for harm.",
        "# Terms\n\n# Indemnification\n\nYou pay for harm.",
    ),
    Sign(
        "relabelled",
        is_relabelled,
        "A link that leads where it led is called otherwise.",
        "See [the paper guide](https://example.org/paper).",
        "See [our guide](https://example.org/paper).",
    ),
    Sign(
        "stands-elsewhere",
        lambda v: v.elsewhere >= 0.95,
        "What went still stands elsewhere in the text, or what came stood there before.",
        "We never sell your personal data to anyone.\n\nHello.\n\nWe never sell your personal data to anyone.",
        "We never sell your personal data to anyone.\n\nHello.",
    ),
    Sign(
        "moved-words",
        lambda v: len(v.content) >= 4 and v.net_share <= 0.1 and not v.is_swapped_in_place,
        "The text as a whole holds the same words as before: they were moved, split or joined.",
        "Orders, invoices, names and photos are archived.\n\nHello.",
        "Hello.\n\nNames, photos, invoices and orders:\n\nare archived.",
    ),
    Sign(
        "thanked",
        is_thanked,
        "Someone was put on a list of people who are thanked, or taken off it.",
        "Thanks to those who helped:\n\n* Ada",
        "Thanks to those who helped:\n\n* Ada\n* Grace",
    ),
    Sign(
        "recipient-off-the-list",
        lambda v: v.is_gone and v.kind is BlockKind.TABLE_ROW and v.names_others and not v.says_duty,
        "A vendor, or another who receives data, was only taken off a list.",
        "# Processors\n\n| Who | Why |\n|---|---|\n| Acme | mail |\n| Zephyr | hosting |",
        "# Processors\n\n| Who | Why |\n|---|---|\n| Acme | mail |",
    ),
    Sign(
        "further-reading",
        is_pointer_alone,
        "A sentence that only sends the reader elsewhere came or went.",
        "Hello.",
        "Hello. For more information about paper, see [our guide](https://example.org/paper).",
    ),
    Sign(
        "banner-gone",
        is_banner_gone,
        "A banner about an earlier change of the text is gone.",
        "Until then, the previous version of May 1, 2024 stands.\n\nHello.",
        "Hello.",
    ),
    Sign(
        "link-target",
        lambda v: v.change.layer is Layer.LINKS and v.is_reworded and not (v.relinks_instrument or v.changes_email),
        "Only the address behind a link changed.",
        "See [the list](https://example.org/a).",
        "See [the list](https://example.org/b).",
    ),
    Sign(
        "cut-anew",
        is_cut_anew,
        "The same text, with its lines broken elsewhere.",
        "Our shop opens at nine on all\n\ndays but one, and closes late.",
        "Our shop opens at nine\n\non all days but one, and closes late.",
    ),
    Sign(
        "languages-offered",
        is_languages,
        "A language was added to those in which the text is offered, or taken away.",
        "English · Deutsch · Español · Polski",
        "English · Deutsch · Español · Polski · Magyar",
    ),
)
"""Signs that leave nothing else to look at: the first that shows is all that is said of a change."""
