"""A change as a lawyer looks at it: which words came and went, what they are about, what is new, what merely moved."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from notifier.significance.addresses import (
    LINK,
    SUPPORT_BOX,
    changes_email,
    changes_phone,
    is_address,
    keeps_targets,
    relinked,
)
from notifier.significance.changes import Change, Side
from notifier.significance.dates import is_date
from notifier.significance.figures import figures
from notifier.significance.lexicon import Lexicon
from notifier.significance.renames import LEGAL_FORM, without_renamed
from notifier.significance.scene import ORDINAL, Scene, share_in, without_number
from notifier.significance.words import lowered
from notifier.text.document import BlockKind

CITES = frozenset(
    ("section", "sections", "clause", "clauses", "paragraph", "article", "part", "exhibit", "annex", "schedule", "§")
)
CONDITION = re.compile(r"\{%-?\s*(?:if|unless|elsif|elif|else|case|when)\w*\b[^%{}]*%\}")
IDEOGRAPHS = "\u2e80"  # from here on a character may be a word
SEVERAL = 3
SHORT = 12  # words of a sentence that must stand elsewhere to the last one
NAMES_FIRST = frozenset({BlockKind.LIST_ITEM, BlockKind.TABLE_ROW})
"""Blocks whose first word may well be a name."""


@dataclass(frozen=True)
class View:
    """A change against its scene; everything is worked out at most once."""

    change: Change
    scene: Scene
    follows_summary: bool = False

    @property
    def lexicon(self) -> Lexicon:
        return self.scene.lexicon

    @property
    def kind(self) -> BlockKind:
        return self.change.side.kind

    @property
    def is_new(self) -> bool:
        """Did a whole sentence come?"""
        return not self.change.before.sentence and bool(self.change.after.sentence)

    @property
    def is_gone(self) -> bool:
        """Did a whole sentence go?"""
        return bool(self.change.before.sentence) and not self.change.after.sentence

    @property
    def is_reworded(self) -> bool:
        return bool(self.change.before.sentence and self.change.after.sentence)

    @cached_property
    def _left(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What went and what came, but for names that gave way to others all over the text."""
        removed, added, names = self.change.removed, self.change.added, self.scene.renamed
        if not names:
            return removed, added
        gone, come = (Counter(without_renamed(words, names)) for words in (removed, added))
        return tuple((gone - come).elements()), tuple((come - gone).elements())

    @property
    def gone(self) -> tuple[str, ...]:
        """Words taken out, but for names that gave way to others all over the text."""
        return self._left[0]

    @property
    def come(self) -> tuple[str, ...]:
        """Words put in, but for the new names."""
        return self._left[1]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All words that changed, but for renamed ones."""
        return self.gone + self.come

    @cached_property
    def removed(self) -> Counter[str]:
        """Topics and classes of the words taken out."""
        return self.lexicon.marks(self.gone)

    @cached_property
    def added(self) -> Counter[str]:
        return self.lexicon.marks(self.come)

    @cached_property
    def delta(self) -> Counter[str]:
        both = self.removed.copy()
        both.update(self.added)
        return both

    @cached_property
    def around(self) -> Counter[str]:
        """Topics and classes of the whole sentence, as it stands now (or stood)."""
        return self.lexicon.marks(lowered(self.change.after.words or self.change.before.words))

    @cached_property
    def heading(self) -> Counter[str]:
        """Topics and classes of the headings above."""
        return self.scene.heading(self.change.side.section)

    @cached_property
    def lead(self) -> Counter[str]:
        """Topics and classes of what introduces the list or table it stands in; empty outside of one."""
        return self.scene.lead(self.change) if self.kind in NAMES_FIRST else Counter()

    @cached_property
    def content(self) -> tuple[str, ...]:
        """Changed words that carry meaning."""
        return tuple(word for word in self.words if self._carries_meaning(word))

    def _carries_meaning(self, word: str) -> bool:
        """A single letter carries none; a single ideograph does."""
        return (len(word) > 1 or word >= IDEOGRAPHS) and word not in self.lexicon.function_words

    @cached_property
    def elsewhere(self) -> float:
        """How much of what came already stood in the old text, or of what went still stands in the new one."""
        least = 5 if self.is_reworded else 3
        change, parts = self.change, []
        if not self.is_reworded and len(change.side.words) <= SHORT:
            other = self.scene.new_shingles if change.before.sentence else self.scene.old_shingles
            return float(len(change.side.words) > least and other.holds(change.side.plain_cuts()))
        if len(change.removed) > least:
            parts.append((len(change.removed), share_in(change.before.plain_cuts(), self.scene.new_shingles)))
        if len(change.added) > least:
            parts.append((len(change.added), share_in(change.after.plain_cuts(), self.scene.old_shingles)))
        seen = sum(size for size, _ in parts)
        if not parts or seen < 0.8 * (len(change.removed) + len(change.added)):
            return 0.0
        return sum(size * share for size, share in parts) / seen

    @cached_property
    def net_share(self) -> float:
        """How many of the content words the other text really has fewer of: 0 when all of it only moved."""
        net = self.scene.net
        return sum(1 for word in self.content if word in net) / len(self.content) if self.content else 0.0

    @cached_property
    def unheard(self) -> tuple[str, ...]:
        """Content words that the other text does not know at all."""
        new = [word for word in self.come if not self.scene.was_heard(word)]
        old = [word for word in self.gone if not self.scene.is_heard(word)]
        return tuple(word for word in new + old if self._carries_meaning(word))

    @cached_property
    def names_come(self) -> tuple[str, ...]:
        return self._names(self.change.after, self.come)

    @cached_property
    def names_gone(self) -> tuple[str, ...]:
        return self._names(self.change.before, self.gone)

    def _names(self, side: Side, changed: tuple[str, ...]) -> tuple[str, ...]:
        """Changed words written as names: capitals where no sentence begins. German nouns need more than one."""
        first = 0 if side.kind in NAMES_FIRST else 1
        written = (word for word in side.words[first:] if word[0].isupper())
        if self.lexicon.language == "de":
            written = (word for word in written if not word[1:].islower())
        names = {word.lower() for word in written}
        return tuple(word for word in changed if word in names)

    @property
    def has_new_name(self) -> bool:
        """Is someone or something named that the old text never names?"""
        return any(not self.scene.was_heard(word) for word in self.names_come)

    @property
    def loses_name(self) -> bool:
        return any(not self.scene.is_heard(word) for word in self.names_gone)

    @cached_property
    def is_date(self) -> bool:
        """Are months, days, years and versions all that changed?"""
        return is_date(self.change, self.lexicon)

    @property
    def is_near_top(self) -> bool:
        document = self.scene.diff.after if self.change.after.sentence else self.scene.diff.before
        return self.change.side.start < max(200, min(1200, len(document.text) * 0.04))

    @cached_property
    def is_posted_date(self) -> bool:
        """A date that says when this text was posted or revised, not when something in it happens."""
        if not self.is_date or self.around["announcement"]:
            return False
        return self.is_near_top or (self.around["date_line"] > 0 and len(self.change.side.words) < 16)

    @cached_property
    def is_numbering(self) -> bool:
        """Are numbers of sections and items, or references to them, all that changed?"""
        words = self.change.removed + self.change.added
        if not words or not all(ORDINAL.match(word) or word in CITES for word in words) or self.changes_phone:
            return False
        sentence = lowered(self.change.after.words or self.change.before.words)
        leads = any(word in words for word in sentence[:3])
        return leads or self.kind is BlockKind.HEADING or any(word in CITES for word in sentence)

    @cached_property
    def changes_figure(self) -> bool:
        """Does a number that counts something change?"""
        change = self.change
        gone = figures(without_number(change.removed, change.before))
        come = figures(without_number(change.added, change.after))
        return gone != come and not self.is_date and not self.is_numbering

    @property
    def has_money(self) -> bool:
        named = self.words + (self.change.side.words if self.changes_figure else ())
        return any(word[0] in "$€£¥" for word in named)

    @cached_property
    def says_duty(self) -> bool:
        """Does the sentence say of someone that he may, must or must not?"""
        around = self.around
        someone = around["we"] + around["you"] + around["party"]
        return bool(someone and around["must"] + around["may"] + around["negation"])

    @cached_property
    def says_practice(self) -> bool:
        """Does the sentence say of someone what he does with data, content, money or accounts?"""
        around = self.around
        return bool(around["we"] + around["you"] + around["party"] and around["duty_verb"])

    @cached_property
    def names_others(self) -> bool:
        """Does it stand where others are named who receive something?"""
        marks = ("topic.subprocessors", "topic.sharing", "topic.cookies_tracking")
        return any(self.around[mark] + self.heading[mark] for mark in marks)

    @cached_property
    def is_pointer(self) -> bool:
        """Does the sentence send the reader elsewhere, by a link?"""
        return self.around["pointer"] > 0 and "](" in self.change.side.sentence

    @cached_property
    def is_in_list(self) -> bool:
        return self.is_reworded and self.change.side.sentence.count(",") >= 2

    @cached_property
    def changes_email(self) -> bool:
        """Does an e-mail address change, be it behind a link?"""
        return changes_email(*(side.sentence for side in self.change.sides))

    @cached_property
    def is_support(self) -> bool:
        """Does it say how general support, the press or an authority is reached, and nothing of rights or notices?"""
        around = self.around
        if around["support"] + around["authority"]:
            return True
        if self.changes_email or around["topic.rights_choices"] + around["topic.notice_terms"]:
            return False
        return SUPPORT_BOX.search(self.change.side.sentence.lower()) is not None

    @cached_property
    def changes_address(self) -> bool:
        """Does a postal address change?"""
        if self.is_date or self.is_numbering:
            return False
        written = self.change.before.words + self.change.after.words
        return is_address(self.change.removed + self.change.added, written)

    @cached_property
    def changes_phone(self) -> bool:
        """Does a telephone number change, however it is written?"""
        return changes_phone(self.change)

    @cached_property
    def changes_condition(self) -> bool:
        """Does a template show it to others now: a condition around it came, went or changed?"""
        old, new = (CONDITION.findall(side.sentence) for side in self.change.sides)
        return self.is_reworded and old != new

    @cached_property
    def relabels(self) -> bool:
        """Are labels of links all that changed in a sentence?"""
        change = self.change
        return self.is_reworded and bool(self.words) and change.before.in_label and change.after.in_label

    @property
    def names_languages(self) -> bool:
        """Does it stand in a choice of languages?"""
        return self.around["language"] >= SEVERAL

    @property
    def keeps_targets(self) -> bool:
        """Do the links of the sentence lead where they led?"""
        return keeps_targets(*(side.sentence for side in self.change.sides))

    @cached_property
    def relinks_instrument(self) -> bool:
        """Does a link to a contract or policy that binds lead to another document, and not just to another place?"""
        if not (self.is_reworded and self.around["binding"]):
            return False
        old, new = (LINK.findall(side.sentence) for side in self.change.sides)
        return any(self._is_instrument(label) for label in relinked(old, new))

    def _is_instrument(self, label: str) -> bool:
        """Is a link called a contract or policy, or by its bare address in a sentence on one?"""
        marks = self.around if "://" in label else self.lexicon.marks(lowered(tuple(label.split())))
        return marks["instrument"] > 0

    @cached_property
    def changes_legal_form(self) -> bool:
        forms = LEGAL_FORM.intersection(self.change.removed + self.change.added)
        written = self.change.before.words + self.change.after.words
        return self.is_reworded and any(word[0].isupper() and word.lower() in forms for word in written)

    @cached_property
    def is_swapped_in_place(self) -> bool:
        """The same parties, modals or `not` among the changed words, in another order: who owes whom."""
        if not self.is_reworded or self.is_date:
            return False
        old, new = (self._order_of(side.changed) for side in (self.change.before, self.change.after))
        return old != new and sorted(old) == sorted(new)

    @property
    def is_unread(self) -> bool:
        """Is it in a language that has no rule words?"""
        return not self.lexicon.function_words and bool(self.content)

    def others(self, name: str) -> bool:
        """Are other words of a class named now than before?"""
        old, new = ({w for w in words if name in self.lexicon.of(w)} for words in (self.gone, self.come))
        return old != new

    def _order_of(self, words: tuple[str, ...]) -> list[str]:
        marks = (self.lexicon.of(word) for word in lowered(words))
        return [name for found in marks for name in ("we", "you", "party", "may", "must", "negation") if name in found]
