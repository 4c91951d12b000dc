"""What people write for a language (`German`, `Deutsch`, `deu`, `de_DE`) → its code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

CODE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
SPOKEN_IN = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da")
"""In which languages the names of languages are known."""
OWN = (
    *("ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "ga", "he", "hi", "hr", "hu"),
    *("id", "is", "it", "ja", "ko", "lt", "lv", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "th", "tr"),
    *("uk", "vi", "zh"),
)
"""Languages known by their own names too."""
REMARK = re.compile(r"\s*[(\[/,-].*")
"""`English (United States)`, `Deutsch - Schweiz`"""


@lru_cache(maxsize=4096)
def language_code(written: str) -> str | None:
    """The code; empty for nothing, None where it is neither a code nor a name of a language that we know."""
    text = written.strip().removesuffix(".UTF-8").removesuffix(".utf8")
    if not text:
        return ""
    if CODE.fullmatch(text):
        base, *rest = text.replace("_", "-").split("-")
        return "-".join([_two_letters().get(base.lower(), base.lower()), *rest])
    names = _names()
    return names.get(text.casefold()) or names.get(REMARK.sub("", text).casefold())


@cache
def _two_letters() -> Mapping[str, str]:
    """`deu` and `ger` → `de`; only the codes of three letters."""
    from babel.core import get_global

    aliases = get_global("language_aliases")
    return {old: new for old, new in aliases.items() if len(old) == 3 and len(new) == 2}


@cache
def _names() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, code in _named():
        found.setdefault(name.casefold(), code)
    return found


def _named() -> Iterator[tuple[str, str]]:
    from babel import Locale

    for spoken in SPOKEN_IN:
        for code, name in Locale.parse(spoken).languages.items():
            if "_" not in code:
                yield name, code
    for code in OWN:
        yield str(Locale.parse(code).get_language_name()), code
