"""Is a policy in the language that it is judged in, and in those that it was posted in?

If it is not in its own, every change of a word in it is a close call.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from notifier.errors import Finding, FindingCode, Severity
from notifier.policy.revision import PolicyText, Revision
from notifier.significance.reading.language import WORD, is_in, language_of
from notifier.significance.reading.lexicon import LANGUAGES
from notifier.significance.reading.plain_words import masked
from notifier.text.document import Document
from notifier.text.markdown import parse

NAMES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "nl": "Dutch", "it": "Italian",
    "pt": "Portuguese", "ca": "Catalan", "ro": "Romanian", "sv": "Swedish", "da": "Danish", "no": "Norwegian",
    "fi": "Finnish", "pl": "Polish", "cs": "Czech", "hu": "Hungarian", "tr": "Turkish",
}  # fmt: skip
ENOUGH = 20
"""Words from which on the language of a text can be told."""
SAMPLE = 4000
SUFFIX = re.compile(r"\.([a-z]{2}(?:-[A-Za-z0-9]+)*)\.md$")


def language_findings(texts: Iterable[PolicyText]) -> list[Finding]:
    """Texts that read like another language than the one they are judged in, each with what to write where."""
    return [finding for text in texts if (finding := _foreign(text)) is not None]


def new_translations(after: Revision, posted: Revision | None) -> list[Finding]:
    """Languages that the text last posted did not have: nothing is there to compare them with."""
    says = f"a language that is new: it is posted as a translation of {after.controlling.path}, and no customer is told"
    mend = "read it beside that: whether it says the same, only a person can know"
    return _of_one_alone(FindingCode.TRANSLATION_NEW, after, posted, f"{says} of it", mend)


def gone_translations(after: Revision, posted: Revision | None) -> list[Finding]:
    """Languages of the text last posted in which the next one is kept no longer."""
    says = f"kept no longer: its page will say so, and its readers get what {after.controlling.path} says"
    return _of_one_alone(FindingCode.TRANSLATION_GONE, posted, after, says, "bring the file back if that is not meant")


def _of_one_alone(
    code: FindingCode, having: Revision | None, other: Revision | None, says: str, mend: str
) -> list[Finding]:
    """On each translation that one of both texts has, and the other has not."""
    if having is None or other is None:
        return []
    return [
        Finding(code, text.path, 1, says, mend, Severity.ADVICE)
        for language, text in sorted(having.texts.items())
        if language not in other.texts and language != having.language
    ]


def _foreign(text: PolicyText) -> Finding | None:
    judged_in = text.language.lower().replace("_", "-").split("-")[0]
    words = _readable(parse(text.text))
    if judged_in not in LANGUAGES or len(WORD.findall(words)) < ENOUGH or is_in(words, judged_in, is_whole=True):
        return None
    found = language_of(words)
    if found == judged_in:
        return None
    reads = f"reads like {NAMES[found]}" if found else "reads like a language that has no rule words"
    said = f"it {reads} and is judged as {NAMES[judged_in]}, so that every change of a word is a close call"
    return Finding(FindingCode.LANGUAGE, text.path, 1, said, _mend(text.path, found), Severity.ADVICE)


def _mend(path: str, found: str | None) -> str:
    """Where to say it: the name of a translation says its language, the front matter that of the controlling text."""
    name, code = PurePosixPath(path).name, found or "xx"
    if SUFFIX.search(name):
        return f"name the file {SUFFIX.sub(f'.{code}.md', name)}"
    return f'write "language: {code}" into its front matter, or language = "{code}" under [policies] in config.toml'


def _readable(document: Document) -> str:
    """The first words that a reader reads."""
    texts = (document.text[block.start : block.end] for block in document.blocks)
    return masked("\n".join(texts)[:SAMPLE])
