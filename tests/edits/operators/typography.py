"""Quotes, dashes, spaces, emphasis, encodings: what the eye sees and the reader does not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.edits.operator import Operator, harmless
from tests.edits.sentence import Sentence, Slot

NBSP = "\N{NO-BREAK SPACE}"


def quotes_restyled(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """“x”, «x» and „x“ → "x"."""
    plain = re.sub(r"[“”„]|« ?| ?»", '"', sentence.text)
    if plain != sentence.text:
        yield from ((sentence.text, plain), (plain, sentence.text))


def apostrophes_restyled(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """’ → '."""
    if "’" in sentence.text:
        plain = sentence.text.replace("’", "'")
        yield from ((sentence.text, plain), (plain, sentence.text))


def dashes_restyled(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """– → —."""
    if " – " in sentence.text:
        longer = sentence.text.replace(" – ", " — ")
        yield from ((sentence.text, longer), (longer, sentence.text))


def space_unbroken(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """A number keeps to its unit."""
    kept = re.sub(r"(\d) (?=[^\W\d])", rf"\1{NBSP}", sentence.text)
    if kept != sentence.text:
        yield from ((sentence.text, kept), (kept, sentence.text))


def encoding_mended(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """’ read as if it were of another encoding is mended."""
    try:
        broken = sentence.text.encode().decode("cp1252")
    except UnicodeDecodeError:
        return
    if broken != sentence.text:
        yield broken, sentence.text


def emphasised(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """Some words become bold."""
    if sentence.form in {"html", "heading"}:
        return
    for at, part in enumerate(sentence.parts):
        text = sentence.said(part)
        if isinstance(part, Slot) and re.fullmatch(r"[^\s*\[<~][^\n¦*\[<~:.]*[^\s,;.]", text):
            bold = sentence.render({at: f"**{text}**"})
            yield from ((sentence.text, bold), (bold, sentence.text))
            return


def emphasis_restyled(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """**x** → __x__."""
    for _, bold in emphasised(sentence):
        if "**" in bold:
            yield bold, bold.replace("**", "__")


def ampersand_escaped(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """& → &amp;, which reads the same."""
    if " & " in sentence.text:
        escaped = sentence.text.replace(" & ", " &amp; ")
        yield from ((sentence.text, escaped), (escaped, sentence.text))


def shouting(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """SENTENCES IN CAPITALS, as warranties have them, are set in small letters."""
    is_warranty = sentence.topics[0] == "liability_warranty" and sentence.form == "prose"
    if is_warranty and sentence.text[0].isupper() and not re.search(r"[\[@/<]", sentence.text):
        yield from ((sentence.text.upper(), sentence.text), (sentence.text, sentence.text.upper()))


OPERATORS: tuple[Operator, ...] = (
    harmless("typography", "quotes-restyled", "quotes are no words", quotes_restyled),
    harmless("typography", "apostrophes-restyled", "an apostrophe is no word", apostrophes_restyled),
    harmless("typography", "dashes-restyled", "a dash is no word", dashes_restyled),
    harmless("typography", "space-unbroken", "a space is a space", space_unbroken),
    harmless("typography", "encoding-mended", "the same character, read rightly", encoding_mended),
    harmless("typography", "emphasised", "bold words say the same", emphasised),
    harmless("typography", "emphasis-restyled", "two marks for one emphasis", emphasis_restyled),
    harmless("typography", "ampersand-escaped", "the same character", ampersand_escaped),
    harmless("typography", "shouting", "capitals say the same", shouting),
)
