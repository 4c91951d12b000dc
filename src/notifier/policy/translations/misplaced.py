"""Files that are a translation by their name and not by their place: told by name, never judged as another language.

People write `privacy-de.md`, `de/privacy.md`, `privacy/de.md`; read is `privacy.de.md`, and one of those where
`policies.layout` says so. A name alone proves little (`terms-uk.md` may be for the United Kingdom): it counts where the
words are not in the language they would be read in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from notifier.errors import Finding, FindingCode
from notifier.policy.layout import Habit
from notifier.policy.posting import Posting
from notifier.policy.revision import LANGUAGES, PolicyText, Revision
from notifier.significance.reading.language import is_in, language_of
from notifier.significance.reading.lexicon import LANGUAGES as JUDGED
from notifier.text.front_matter import body_start

_TAIL = re.compile(r"(?P<base>.+?)[-_. ](?P<code>[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?)")


def misplaced(text: PolicyText, folder: str) -> Iterator[Finding]:
    """The finding on a controlling text that is the translation of another, as name and words say; else none."""
    named = [one for one in _as_people_write(text.path, folder) if _is_code(one[1], text.language)]
    body = text.text[body_start(text.text) :]
    if text.front_matter.language or not named or may_read_as(body, text.language):
        return
    base, tag, habit = named[0][0], named[0][1].replace("_", "-"), named[0][2]
    message = f"by its name and words this is {tag}, and it would be judged and dated as {text.language}"
    mend = f"call it {base}.{tag}.md, the translation of {base}.md, or write language: {tag} in its front matter"
    mend += f'; where all translations are named so, policies.layout = "{habit}" in config.toml reads them'
    yield Finding(FindingCode.UNREADABLE, text.path, 1, message, mend)


def may_read_as(body: str, language: str) -> bool:
    """May it be in the language that it would be judged in? Of one that nobody judges: nothing says otherwise."""
    primary = language.lower().split("-")[0]
    if primary in JUDGED:
        return is_in(body, primary, is_whole=True)
    return language_of(body) in (None, primary)


def unsaid_switch(posted: Revision | None, head: Revision | None) -> list[Finding]:
    """Is a text that was posted in one language read in another, and only the config says so?"""
    if not posted or not head or posted.language == head.language or head.controlling.front_matter.language:
        return []
    was, now = posted.language, head.language
    message = f"it was posted in {was}, and policies.language reads it as {now}"
    mend = f"write language: {now} into its front matter, or language: {was} if that is not meant"
    return [Finding(FindingCode.LANGUAGE, head.controlling.path, 1, message, mend)]


def with_reading(posting: Posting, text: PolicyText, language: str, layout: str) -> Posting:
    """The posting of a controlling text with how its files are read: what the config says later is no word on that.

    Not where the text plainly is in another language than it is read in: then the config is what has to be mended.
    """
    is_said = text.front_matter.language is not None
    if not is_said and not may_read_as(text.text[body_start(text.text) :], text.language):
        return posting
    return posting._replace(language=language, layout=layout)


def _as_people_write(path: str, folder: str) -> Iterator[tuple[str, str, Habit]]:
    """(path without language and ending, language, habit) by each habit that may have named this file."""
    name = PurePosixPath(path).with_suffix("")
    tail = _TAIL.fullmatch(name.name)
    if tail:
        yield str(name.with_name(tail["base"])), tail["code"], Habit.DASH
    inside = name.relative_to(folder or ".").parts
    if len(inside) > 1:
        yield str(name.parent), name.name, Habit.INSIDE
        for at, part in enumerate(inside[:-1]):
            yield str(PurePosixPath(folder or ".", *inside[:at], *inside[at + 1 :])), part, Habit.FOLDER


def _is_code(code: str, language: str) -> bool:
    primary = re.split(r"[-_]", code.lower())[0]
    return primary in LANGUAGES and primary != language.lower().split("-")[0]
