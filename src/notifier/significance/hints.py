"""Signs that speak for a minor change and leave room for doubt: they are weighed, where a proof of sameness decides."""

from __future__ import annotations

import re

from notifier.significance.sameness import is_links
from notifier.significance.sign import Sign
from notifier.significance.spelling import is_spelling, is_synonym
from notifier.significance.view import View
from notifier.significance.words import lowered, words_of
from notifier.text.document import BlockKind

BOLD = re.compile(r"\s*(\*\*|__)(.{1,120}?)\1", re.DOTALL)
IMAGE = re.compile(r"!\[[^\]]{0,300}\]\([^)]{0,500}\)")
"""Bounded: a text of nothing but brackets is read in one go, too."""
BOLD_ALONE = re.compile(r"\W{0,12}(?:\*\*|__)[^*_]{1,80}(?:\*\*|__)?\W{0,12}$")
NEAR = 12
"""Words after `such as` that may still be members of its list."""


def is_titled(view: View) -> bool:
    """Did a bold title come in front of a sentence that was there before, or go?"""
    change = view.change
    if not view.is_reworded:
        is_bold = BOLD_ALONE.match(IMAGE.sub("", change.side.sentence)) is not None
        return is_bold and view.scene.stands_over_kept_text(change)
    if bool(change.removed) == bool(change.added):
        return False
    side = change.after if change.added else change.before
    bold = BOLD.match(side.sentence)
    return bold is not None and lowered(words_of(bold[2])) == lowered(side.changed)


def is_example_named(view: View) -> bool:
    """Are all changed words names, and do they stand in a list of examples?"""
    names = {*view.names_gone, *view.names_come}
    if not (view.is_reworded and view.content) or not names.issuperset(view.content):
        return False
    return all(_is_among_examples(view, lowered(side.words), lowered(side.changed)) for side in view.change.sides)


def _is_among_examples(view: View, words: tuple[str, ...], changed: tuple[str, ...]) -> bool:
    first = next((at for at, word in enumerate(words) if word in changed), None)
    if first is None:
        return True
    return view.lexicon.marks(words[max(0, first - NEAR) : first])["example"] > 0


HINTS = (
    Sign(
        "run-in-title",
        is_titled,
        "A title came in front of a sentence that was there before, or went.",
        "We deliver by bicycle.",
        "**How parcels travel.** We deliver by bicycle.",
    ),
    Sign(
        "title-over-kept-text",
        lambda v: v.kind is BlockKind.HEADING and not v.is_reworded and v.scene.stands_over_kept_text(v.change),
        "A heading came over text that was there before, or went from over text that stays.",
        "# Shop\n\nWe deliver by bicycle.",
        "# Shop\n\n## Parcels\n\nWe deliver by bicycle.",
    ),
    Sign(
        "example-named",
        is_example_named,
        "A name in a list of examples changed.",
        "You may use tools such as Hammer and Saw.",
        "You may use tools such as Hammer and Drill.",
    ),
    Sign(
        "credit",
        lambda v: v.around["credit"] > 0 and v.around["instrument"] > 0,
        "It says on whose text this one is based.",
        "Hello.",
        "Hello. This policy is based on one by the city library.",
    ),
    Sign(
        "pointer-with-link",
        lambda v: not v.is_reworded and v.is_pointer,
        "A sentence that sends the reader elsewhere came or went.",
        "Hello.",
        "Hello. To learn how we use paper, see [our guide](https://example.org/paper).",
    ),
    Sign(
        "link-label",
        lambda v: v.relabels,
        "Only the label of a link changed.",
        "See [the paper guide](https://example.org/paper) for your rights.",
        "See [our guide](https://example.org/paper) for your rights.",
    ),
    Sign(
        "languages",
        lambda v: v.names_languages,
        "It stands in a choice of languages.",
        "Elsewhere: English, Deutsch, Español",
        "Also on our sites in English, Deutsch, Español",
    ),
    Sign(
        "renaming",
        lambda v: v.around["renaming"] > 0,
        "It speaks of a new name for the same thing.",
        "Hello.",
        "Hello. Our company name has changed.",
    ),
    Sign(
        "under-a-summary",
        lambda v: v.follows_summary,
        "It stands under a summary that came with it.",
        "Hello.",
        "Hello.\n\nPolicy summary\n\nBe kind to other people.",
    ),
    Sign(
        "spelling",
        is_spelling,
        "A word is spelled or inflected otherwise.",
        "Names matter. Names help. Keep the name short. A name is enough. Write the names.",
        "Names matter. Names help. Keep the name short. A name is enough. Write the name.",
    ),
    Sign(
        "synonym",
        is_synonym,
        "A word gives way to one that means the same here.",
        "For example, we show your photo.",
        "For instance, we show your picture.",
    ),
    Sign(
        "date-elsewhere",
        lambda v: v.is_date and not v.is_posted_date,
        "A date within the text changed.",
        "# Terms\n\n"
        + "Hello there. " * 60
        + "\n\nThe offer that we announced with much noise in our shops and on the site, "
        "and that many of you have asked for, ends on May 1, 2024.",
        "# Terms\n\n"
        + "Hello there. " * 60
        + "\n\nThe offer that we announced with much noise in our shops and on the site, "
        "and that many of you have asked for, ends on June 1, 2024.",
    ),
    Sign(
        "links-alone",
        lambda v: is_links(v) and v.kind is not BlockKind.LIST_ITEM,
        "A line of links and nothing else.",
        "Hello.",
        "Hello.\n\n[Imprint](https://example.org/imprint)",
    ),
    Sign(
        "link-item",
        lambda v: is_links(v) and v.kind is BlockKind.LIST_ITEM,
        "A list item that is a link and nothing else.",
        "* [One](https://example.org/1)",
        "* [One](https://example.org/1)\n* [Two](https://example.org/2)",
    ),
    Sign(
        "mostly-elsewhere",
        lambda v: max(0.0, v.elsewhere - 0.3),
        "Much of it stands, or stood, elsewhere in the text.",
        "We never sell your personal data to anyone in the whole wide world.\n\nHello."
        "\n\nWe never sell your personal data to anyone.",
        "Hello.\n\nWe never sell your personal data to anyone.",
    ),
    Sign(
        "nothing-really-new",
        lambda v: bool(v.content) and v.net_share < 0.3,
        "The text as a whole holds the same words as before.",
        "Orders and invoices are archived.\n\nHello.",
        "Hello.\n\nInvoices are archived, and orders.",
    ),
    Sign(
        "heading",
        lambda v: v.kind is BlockKind.HEADING,
        "It is a heading.",
        "# Terms\n\nHello.",
        "# Conditions\n\nHello.",
    ),
    Sign(
        "code-or-html",
        lambda v: v.kind in (BlockKind.CODE, BlockKind.HTML),
        "It stands in code or raw HTML.",
        "<div>old label</div>",
        "<div>new sticker</div>",
    ),
    Sign(
        "no-content",
        lambda v: not v.content,
        "No changed word carries a meaning of its own.",
        "We send it to you.",
        "We send it to us.",
    ),
    Sign(
        "pointer",
        lambda v: v.delta["pointer"] > 0,
        "It points to other text.",
        "We use cookies.",
        "We use cookies. Learn more in our help center.",
    ),
    Sign(
        "pointer-alone",
        lambda v: v.delta["pointer"] > 0 and not v.says_practice,
        "It points to other text and says nothing about what anyone does.",
        "Hello.",
        "Hello. For more information, click here.",
    ),
    Sign(
        "transitional",
        lambda v: v.around["transitional"] > 0,
        "It speaks of the change of the text itself.",
        "Hello.",
        "Hello. The previous version is archived.",
    ),
    Sign(
        "transitional-twice",
        lambda v: v.around["transitional"] > 1,
        "It is a banner about the change of the text.",
        "Hello.",
        "Hello. We have updated this page; until then, the previous version stands.",
    ),
    Sign(
        "example",
        lambda v: v.is_reworded and v.around["example"] > 0,
        "It stands in a sentence with examples.",
        "Tools, such as hammers, are listed.",
        "Tools, such as hammers and saws, are listed.",
    ),
    Sign(
        "summary",
        lambda v: v.around["summary"] + v.heading["summary"] > 0,
        "It stands in a summary.",
        "Hello.",
        "Hello. In short: be kind.",
    ),
    Sign(
        "values",
        lambda v: v.delta["values"] > 0,
        "It speaks of what the company believes.",
        "Hello.",
        "Hello. We believe in openness.",
    ),
    Sign(
        "support",
        lambda v: v.around["support"] > 0 and v.around["topic.contact_channel"] > 0,
        "It is a way to reach general support or the press.",
        "Contact support for help.",
        "Contact support or the forum for help.",
    ),
    Sign(
        "repeated",
        lambda v: v.change.times > 2,
        "The same words changed the same way three times or more.",
        "A listing is fine.\n\nB listing is good.\n\nC listing is nice.\n\nD listing stays.",
        "A profile is fine.\n\nB profile is good.\n\nC profile is nice.\n\nD listing stays.",
    ),
    Sign(
        "inside-a-move",
        lambda v: v.change.in_move,
        "It was edited while it moved.",
        "# A\n\nThe first part is about the opening hours of our many shops.\n\n# B\n\nThe second "
        "part is about the names of our shops and who chose them years ago.\n\n# C\n\nThe third.",
        "# B\n\nThe second part is about the names of our shops and who picked them years ago.\n\n# A\n\nThe "
        "first part is about the opening hours of our many shops.\n\n# C\n\nThe third.",
    ),
    Sign("near-the-top", lambda v: v.is_near_top, "It stands at the top of the text.", "Hello.", "Welcome."),
)
