"""Other words, the same meaning: as the author of the sentence wrote both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from tests.edits.operator import Operator, backward, either, harmless, shrunk
from tests.edits.sentence import Sentence, Slot, sentences

IN_SHORT = {"en": "In short:", "de": "Kurz gesagt:", "fr": "En bref :", "es": "En resumen:"}
PLAIN_WORD = re.compile(r"(?<![\w@./\\-])[^\W\d_]{8,}(?![\w@./\\-])")


def slip_mended(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """A long word with a slip of the pen, which is no word, is mended."""
    known = vocabulary(sentence.language)
    found = [word for word in PLAIN_WORD.findall(sentence.text) if word.islower()]
    if not found or "](" in sentence.text or sentence.form == "html":
        return
    word = found[len(sentence.text) % len(found)]
    for slip in slips(word):
        if slip != word and slip not in known:
            yield sentence.text.replace(word, slip, 1), sentence.text


def slips(word: str) -> tuple[str, str, str]:
    """Two letters changed places, one is missing, one stands twice."""
    at = len(word) // 2
    return (
        word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
    )


@cache
def vocabulary(language: str) -> frozenset[str]:
    """Every word of the language's sentences, in any of their forms."""
    texts = (text for one in sentences(language) for part in one.parts for text in _texts(part))
    return frozenset(word.lower() for text in texts for word in re.findall(r"[^\W\d_]+", text))


def _texts(part: str | Slot) -> tuple[str, ...]:
    return (part,) if isinstance(part, str) else part.options


def summary_added(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """Above the text stands in short what it says."""
    if sentence.summary:
        added = f"*{IN_SHORT[sentence.language]} {sentence.summary}*\n\n{sentence.text}"
        yield from ((sentence.text, added), (added, sentence.text))


OPERATORS: tuple[Operator, ...] = (
    harmless("wording", "synonym", "the same act or thing", either("syn")),
    harmless("wording", "plain-words", "plain words for a lawyer's", either("plain")),
    harmless("wording", "contraction", "don't is do not", either("contr")),
    harmless("wording", "voice-turned", "done by the same to the same", either("voice")),
    harmless("wording", "clauses-turned", "the same clauses in another order", either("turned")),
    harmless("wording", "sentence-split", "two sentences for one", either("split")),
    harmless("wording", "hyphenation", "e-mail is email", either("hyph")),
    harmless("wording", "spelling-variant", "both spellings are right", either("variant")),
    harmless("wording", "capitals", "a capital is no definition here", either("caps")),
    harmless("wording", "abbreviation", "the same, written out", either("abbr")),
    harmless("wording", "grammar-mended", "what stood there is no grammar", backward("grammar")),
    harmless("wording", "filler", "a word that says nothing", either("filler")),
    harmless("wording", "gender", "they for he or she", either("gender")),
    harmless("wording", "name-for-pronoun", "the name that we stands for", either("name")),
    harmless("wording", "slip-mended", "what stood there is no word", slip_mended),
    harmless("wording", "summary-added", "it stands below", summary_added),
    harmless("wording", "link-moved", "the same page at another address", either("link")),
    harmless("wording", "link-set", "words that stood there are a link", either("linked")),
    harmless("wording", "general-contact", "no channel for rights", either("press")),
    harmless("wording", "vendor-dropped", "only removed: nobody new receives anything", shrunk("vendorrow")),
)
