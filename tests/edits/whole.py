"""Operators on a whole policy: its date, its headings, its order, its names. All but one are harmless."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.edits.operator import Label
from tests.edits.policy import Policy, Section
from tests.edits.sentence import read

Change = Callable[[Policy, random.Random], Policy]
Restyling = Callable[[str], str]


def untouched(policy: Policy, rng: random.Random) -> Policy:
    """The edit is in the text."""
    return policy


@dataclass(frozen=True, slots=True)
class WholeOperator:
    """An edit that no single sentence shows; `restyle` acts on the text after."""

    name: str
    kind: str
    reason: str
    change: Change = untouched
    restyle: Restyling = str
    topics: tuple[str, ...] = ()
    """What it is about, if it is significant."""
    policies: int = 24
    """So many policies of each language see it."""

    @property
    def label(self) -> Label:
        return "significant" if self.topics else "minor"


def date_stamped(policy: Policy, rng: random.Random) -> Policy:
    """The document's own date is later."""
    old, new = rng.choice(read(policy.language)["frame"]["dates"]).split("|")
    return replace(policy, date=(old, new))


def heading_reworded(policy: Policy, rng: random.Random) -> Policy:
    """A section's heading in other words, or in the old ones."""
    headings = read(policy.language)["frame"]["headings"]
    at = rng.randrange(len(policy.sections))
    section = policy.sections[at]
    pair = headings[section.topic]
    changed = replace(section, heading=(pair[0], pair[1]))
    return replace(policy, sections=(*policy.sections[:at], changed, *policy.sections[at + 1 :]))


def sections_moved(policy: Policy, rng: random.Random) -> Policy:
    """A section stands elsewhere, whole."""
    order = list(policy.order_after)
    order.insert(rng.randrange(len(order) - 1), order.pop())
    return replace(policy, order_after=tuple(order))


def neighbours_exchanged(policy: Policy, rng: random.Random) -> Policy:
    """Two neighbouring sections change places."""
    order = list(policy.order_after)
    at = rng.randrange(len(order) - 1)
    order[at], order[at + 1] = order[at + 1], order[at]
    return replace(policy, order_after=tuple(order))


def product_renamed(policy: Policy, rng: random.Random) -> Policy:
    """The product has another name, everywhere; the company has not."""
    names = read(policy.language)["houses"][policy.house]
    return replace(policy, product=(names["product"], names["renamed"]))


def company_replaced(policy: Policy, rng: random.Random) -> Policy:
    """Another company stands for "we"."""
    name = read(policy.language)["houses"][policy.house]["company"]
    return replace(policy, product=(name, "Corvane Holdings LLC"))


def press_address_changed(policy: Policy, rng: random.Random) -> Policy:
    """Press, jobs and product help are no channel for rights."""
    names = read(policy.language)["houses"][policy.house]
    line = rng.choice(read(policy.language)["frame"]["press"]).format(n=111, m=222, **names)
    old, new = line.split("|")
    return replace(policy, closing=(policy.closing[0], (old, new), *policy.closing[2:]))


def copyright_year(policy: Policy, rng: random.Random) -> Policy:
    """The copyright's year follows."""
    old, _ = policy.closing[2]
    return replace(policy, closing=(*policy.closing[:2], (old, old.replace("2024", "2025"))))


def numbered(policy: Policy, rng: random.Random) -> Policy:
    """Sections have other numbers."""
    first, second = rng.choice([("{}. ", "{}) "), ("{}. ", "§ {} "), ("{} ", "{}. "), ("{}. ", "")])
    sections: list[Section] = []
    for number, section in enumerate(policy.sections, 1):
        old, new = section.heading
        sections.append(replace(section, heading=(first.format(number) + old, second.format(number) + new)))
    return replace(policy, sections=tuple(sections))


def numbers_shifted(policy: Policy, rng: random.Random) -> Policy:
    """Two sections change places, and the numbers of all are made anew."""
    moved = neighbours_exchanged(policy, rng)
    number_after = {at: number for number, at in enumerate(moved.order_after, 1)}
    sections = tuple(
        replace(one, heading=(f"{at + 1}. {one.heading[0]}", f"{number_after[at]}. {one.heading[1]}"))
        for at, one in enumerate(moved.sections)
    )
    return replace(moved, sections=sections)


def contents_added(policy: Policy, rng: random.Random) -> Policy:
    """A table of contents stands above."""
    lines = "\n".join(f"- [{one.heading[1]}](#{anchor(one.heading[1])})" for one in policy.sections)
    old, new = policy.date
    contents = read(policy.language)["frame"]["contents"]
    return replace(policy, date=(old, f"{new}\n\n## {contents}\n\n{lines}"))


def anchor(heading: str) -> str:
    """As GitHub makes them."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def headings_underlined(text: str) -> str:
    """## x → x underlined."""
    return re.sub(r"^## (.+)$", lambda found: f"{found[1]}\n{'-' * len(found[1])}", text, flags=re.M)


def headings_bold(text: str) -> str:
    """## x → ## **x**."""
    return re.sub(r"^## (.+)$", r"## **\1**", text, flags=re.M)


def headings_deeper(text: str) -> str:
    """## x → ### x."""
    return re.sub(r"^(##+ )", r"#\1", text, flags=re.M)


def headings_loud(text: str) -> str:
    """## x → ## X."""
    return re.sub(r"^## (.+)$", lambda found: f"## {found[1].upper()}", text, flags=re.M)


def rules_drawn(text: str) -> str:
    """A line above each section."""
    return re.sub(r"^## ", "---\n\n## ", text, flags=re.M)


def anchors_set(text: str) -> str:
    """## x → ## x {#s1}."""
    numbers = iter(range(1, 99))
    return re.sub(r"^## (.+)$", lambda found: f"## {found[1]} {{#s{next(numbers)}}}", text, flags=re.M)


def lines_spread(text: str) -> str:
    """More empty lines, and Windows' line ends."""
    return text.replace("\n\n", "\n\n\n").replace("\n", "\r\n")


def comment_added(text: str) -> str:
    """A comment that no reader sees."""
    return text.replace("\n\n## ", "\n\n<!-- checked by legal -->\n\n## ", 1)


def up_links_added(text: str) -> str:
    """A way back to the top under each section."""
    return re.sub(r"\n\n## ", "\n\n[↑](#top)\n\n## ", text)


WHOLE: tuple[WholeOperator, ...] = (
    WholeOperator("date-stamped", "dates", "the document's own date", date_stamped, policies=96),  # in thirty forms
    WholeOperator("heading-reworded", "layout", "headings that name the topic", heading_reworded),
    WholeOperator("section-moved", "layout", "the same section elsewhere", sections_moved),
    WholeOperator("sections-renumbered", "layout", "another style of numbers", numbered),
    WholeOperator("numbers-shifted", "layout", "two sections changed places", numbers_shifted),
    WholeOperator("contents-added", "layout", "it repeats the headings", contents_added),
    WholeOperator("product-renamed", "wording", "the same product of the same company", product_renamed),
    WholeOperator(
        "company-replaced-everywhere", "parties", "another company", company_replaced, topics=("controller_entity",)
    ),
    WholeOperator("press-address-changed", "wording", "no channel for rights", press_address_changed),
    WholeOperator("copyright-year", "dates", "the year of printing", copyright_year),
    WholeOperator("headings-underlined", "layout", "another mark", restyle=headings_underlined),
    WholeOperator("headings-bold", "layout", "bold words say the same", restyle=headings_bold),
    WholeOperator("headings-deeper", "layout", "another level", restyle=headings_deeper),
    WholeOperator("headings-loud", "layout", "capitals say the same", restyle=headings_loud),
    WholeOperator("rules-drawn", "layout", "a line is no word", restyle=rules_drawn),
    WholeOperator("anchors-set", "layout", "an anchor is no word", restyle=anchors_set),
    WholeOperator("lines-spread", "layout", "empty lines are no words", restyle=lines_spread),
    WholeOperator("comment-added", "layout", "nobody sees it", restyle=comment_added),
    WholeOperator("up-links-added", "layout", "a way to the top", restyle=up_links_added),
)
