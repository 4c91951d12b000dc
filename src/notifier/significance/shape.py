"""Signs of the shape in which a change came. None is a reason by itself; together with others they weigh."""

from __future__ import annotations

import math

from notifier.significance.sign import Sign
from notifier.text.document import BlockKind

ROW, ITEM = BlockKind.TABLE_ROW, BlockKind.LIST_ITEM

SHAPES = (
    Sign("sentence-came", lambda v: v.is_new, "A whole sentence came.", "Hello.", "Hello. The shop opens at nine."),
    Sign("sentence-went", lambda v: v.is_gone, "A whole sentence went.", "Hello. The shop opens at nine.", "Hello."),
    Sign(
        "row-came",
        lambda v: v.is_new and v.kind is ROW,
        "A row of a table came.",
        "| Who | Why |\n|---|---|\n| Acme | mail |",
        "| Who | Why |\n|---|---|\n| Acme | mail |\n| Blue Ltd | hosting |",
        guards=True,
    ),
    Sign(
        "row-went",
        lambda v: v.is_gone and v.kind is ROW,
        "A row of a table went.",
        "| Who | Why |\n|---|---|\n| Acme | mail |\n| Blue Ltd | hosting |",
        "| Who | Why |\n|---|---|\n| Acme | mail |",
    ),
    Sign(
        "row-changed",
        lambda v: v.is_reworded and v.kind is ROW,
        "A row of a table was reworded.",
        "| Who | Why |\n|---|---|\n| Acme | mail for customers |",
        "| Who | Why |\n|---|---|\n| Acme | chat for customers |",
    ),
    Sign(
        "item-came", lambda v: v.is_new and v.kind is ITEM, "An item of a list came.", "* red", "* red\n* green apples"
    ),
    Sign(
        "item-went", lambda v: v.is_gone and v.kind is ITEM, "An item of a list went.", "* red\n* green apples", "* red"
    ),
    Sign(
        "words-came",
        lambda v: v.is_reworded and bool(v.content) and not v.gone,
        "Words were put into a sentence.",
        "We store names.",
        "We store names safely.",
    ),
    Sign(
        "words-went",
        lambda v: v.is_reworded and bool(v.content) and not v.come,
        "Words were taken out of a sentence.",
        "We store names safely.",
        "We store names.",
    ),
    Sign(
        "enumeration",
        lambda v: v.is_in_list and bool(v.content),
        "A member of an enumeration changed.",
        "We store names, orders, and addresses.",
        "We store names, orders, photos, and addresses.",
    ),
    Sign(
        "content-words",
        lambda v: math.log1p(len(v.content)) / 3,
        "How many words with a meaning of their own changed.",
        "We store names.",
        "We store addresses.",
    ),
    Sign(
        "much-text",
        lambda v: len(v.content) > 15,
        "More than fifteen such words changed.",
        "Hello.",
        "Hello. The museum opens every morning, shows paintings, sculptures, drawings, prints, maps, coins, clocks, "
        "tools, toys, books, letters and photographs, and closes late.",
    ),
    Sign(
        "one-word", lambda v: len(v.content) == 1, "One such word changed.", "We store names.", "We store names safely."
    ),
    Sign(
        "really-new-or-gone",
        lambda v: v.net_share,
        "How much of it the other text really has less of.",
        "We store names.",
        "We store names safely.",
    ),
    Sign(
        "unheard-of",
        lambda v: len(v.unheard) / len(v.content) if v.content else 0.0,
        "How much of it the other text does not know at all.",
        "We store names.",
        "We store names safely.",
    ),
)
