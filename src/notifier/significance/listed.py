"""Signs on members of lists and tables: what a member means is said above the list."""

from __future__ import annotations

from notifier.significance.duties import really
from notifier.significance.sameness import is_links
from notifier.significance.sign import Sign
from notifier.significance.view import View
from notifier.text.document import BlockKind

LISTS = (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)
SHORT = 8
"""Words with a meaning of their own."""


def is_member(view: View) -> bool:
    """Did something short come into a list or table, or go?"""
    return not view.is_reworded and view.kind in LISTS and 0 < len(view.content) <= SHORT and really(view)


def speaks_of(view: View, topic: str) -> bool:
    """Does the member, what introduces it or the heading above it speak of a topic?"""
    mark = f"topic.{topic}"
    return view.around[mark] + view.lead[mark] + view.heading[mark] > 0


LISTED = (
    Sign(
        "member-came",
        lambda v: v.is_new and is_member(v),
        "Something short was put on a list or into a table.",
        "* red apples",
        "* red apples\n* green pears",
    ),
    Sign(
        "member-went",
        lambda v: v.is_gone and is_member(v),
        "Something short was taken off a list or out of a table.",
        "* red apples\n* green pears",
        "* red apples",
    ),
    Sign(
        "conduct-member",
        lambda v: is_member(v) and speaks_of(v, "user_obligations") and not is_links(v),
        "A list on what people may or must do lost or gained a member.",
        "# Prohibited goods\n\n* tobacco",
        "# Prohibited goods\n\n* tobacco\n* alcohol",
        compels=True,
    ),
    Sign(
        "listed-ban",
        lambda v: v.lead["negation"] > 0 and really(v),
        "It stands in a list of what is not allowed, or not done.",
        "You may not sell:\n\n* tobacco",
        "You may not sell:\n\n* tobacco\n* alcohol",
    ),
    Sign(
        "ban-enumerated",
        lambda v: v.lead["negation"] > 0 and v.is_in_list and bool(v.content) and really(v),
        "What is enumerated in a list of what is not allowed, or not done, changed.",
        "You may not sell:\n\n* tobacco, alcohol, weapons",
        "You may not sell:\n\n* tobacco, alcohol, medicines, weapons",
        compels=True,
    ),
    Sign(
        "banned-member",
        lambda v: v.lead["negation"] > 0 and not v.is_reworded and really(v) and not v.around["pointer"],
        "A list of what is not allowed, or not done, lost or gained a member.",
        "You may not sell:\n\n* tobacco",
        "You may not sell:\n\n* tobacco\n* alcohol",
        guards=True,
    ),
    Sign(
        "listed-duty",
        lambda v: v.lead["must"] + v.lead["may"] > 0 and really(v),
        "It stands in a list of what someone may or must do.",
        "You must show:\n\n* your ticket",
        "You must show:\n\n* your ticket\n* your passport",
    ),
    Sign(
        "listed-practice",
        lambda v: v.lead["duty_verb"] > 0 and really(v),
        "It stands in a list of what someone does, or does it with.",
        "We collect:\n\n* names",
        "We collect:\n\n* names\n* photos",
    ),
    Sign(
        "listed-data",
        lambda v: v.lead["topic.data_collection"] > 0 and really(v),
        "It stands in a list of kinds of data.",
        "Personal information:\n\n* names",
        "Personal information:\n\n* names\n* photos",
    ),
    Sign(
        "listed-recipient",
        lambda v: v.lead["topic.sharing"] + v.lead["topic.subprocessors"] > 0 and really(v),
        "It stands in a list of those who receive data.",
        "Our partners:\n\n* Acme",
        "Our partners:\n\n* Acme\n* Zephyr",
    ),
    Sign(
        "listed-scope",
        lambda v: v.lead["topic.scope"] > 0 and really(v),
        "It stands in a list of what the text covers.",
        "These terms cover:\n\n* mail",
        "These terms cover:\n\n* mail\n* chat",
    ),
    Sign(
        "listed-reading",
        lambda v: v.lead["pointer"] > 0,
        "It stands in a list of further reading.",
        "For more information:\n\n* the guide to ducks",
        "For more information:\n\n* the guide to ducks\n* the guide to geese",
    ),
)
