"""A Spanish word → the words it may be a form of: the dictionary holds infinitives and singulars alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

CLITICS = re.compile(r"(?:(?<=[aeiáéí]r)|(?<=ndo))(?:me|te|se|nos|os)?(?:l[aeo]s?)?$")
"""Pronouns behind an infinitive or gerund: `enviarle`, `dárselo`."""
PLAIN = str.maketrans("áéíóú", "aeiou")
SHARED = """o es en e is iera ieran iese iesen ido ida idos idas a as amos an ió ieron iste iendo yendo í imos ía ías
    íamos ían"""
OF_AR = """o as a amos ais an é aste ó asteis aron aba abas ábamos aban ando ado ada ados adas e es emos en ara aras
    áramos aran ase asen aré arás ará aremos arán aría arías aríamos arían"""
OF_ER = f"{SHARED} emos eré erás erá eremos erán ería erías eríamos erían"
OF_IR = f"{SHARED} iré irás irá iremos irán iría irías iríamos irían"
ENDINGS = tuple(
    (ending, infinitive)
    for infinitive, endings in (("ar", OF_AR), ("er", OF_ER), ("ir", OF_IR))
    for ending in endings.split()
)
NOUNS = (("ces", "z"), ("iones", "ión"), ("es", ""), ("s", ""), ("as", "o"), ("os", "o"), ("a", "o"), ("a", ""))
STEMS = (("", ""), ("ie", "e"), ("ue", "o"), ("qu", "c"), ("gu", "g"), ("c", "z"), ("zc", "c"), ("j", "g"), ("i", "e"))
"""What the sound of a stem turns into: requier- of requerir, encuentr- of encontrar, sirv- of servir."""
SHORTEST = 2


def bases_of(word: str) -> Iterator[str]:
    """Every word of which this may be a form, itself first."""
    yield word
    if word.endswith("mente"):
        stem = word.removesuffix("mente")
        yield from (stem, stem[:-1] + "o")
    for ending, instead in NOUNS:
        if word.endswith(ending):
            yield word[: -len(ending)] + instead
            yield word[: -len(ending)].translate(PLAIN) + instead
    bare = CLITICS.sub("", word)
    if bare != word:
        yield from (bare, bare.translate(PLAIN))
    yield from _infinitives(bare)


def _infinitives(word: str) -> Iterator[str]:
    for ending, infinitive in ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < SHORTEST:
            continue
        for sound, instead in STEMS:
            if sound in stem:
                head, _, tail = stem.rpartition(sound) if sound else (stem, "", "")
                yield head + instead + tail + infinitive
