"""How people write dates and date lines, by language: the tables that `dateline` reads with.

A word missing here makes a date line invisible or a date unreadable, so each form has a test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language's calendar and its words for date lines.

    `keywords` are patterns by rank: what was updated (1) is the posted date before what was published (2),
    and that before what takes effect (3). `long` and `label` make a new line; `{d}`, `{m}`, `{y}` are filled in.
    """

    months: tuple[str, ...]
    abbreviations: tuple[str, ...]
    weekdays: tuple[str, ...]
    keywords: tuple[str, str, str]
    long: str
    label: str
    example: str


ENGLISH = Tongue(
    months=(
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    abbreviations=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    keywords=(
        r"(?:last|latest|most\s+recent(?:ly)?)\s+(?:updated?|revised|revision|modified|modification|changed?|amended"
        r"|edited|reviewed)|updated|revised|modified|amended|date\s+of\s+(?:last\s+)?(?:update|revision|change)"
        r"|(?:revision|update)\s+date",
        r"published|posted|dated|issued|release\s+date|as\s+of|date",
        r"effective|in\s+force|in\s+effect|valid",
    ),
    long="{m} {d}, {y}",
    label="Last updated: ",
    example="May 1, 2014",
)  # fmt: skip

GERMAN = Tongue(
    months=(
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    ),
    abbreviations=("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"),
    weekdays=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    keywords=(
        r"(?:zuletzt|letztmals)\s+(?:aktualisiert|geändert|überarbeitet|bearbeitet|angepasst)"
        r"|letzte[rn]?\s+(?:aktualisierung|änderung|überarbeitung|anpassung|stand)|aktualisiert|geändert"
        r"|überarbeitet|stand",
        r"veröffentlicht|datum|fassung|version",
        r"gültig|in\s+kraft|wirksam|gilt|inkrafttreten",
    ),
    long="{d}. {m} {y}",
    label="Zuletzt aktualisiert: ",
    example="1. März 2024",
)  # fmt: skip

FRENCH = Tongue(
    months=(
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    abbreviations=(
        "janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc",
    ),
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    keywords=(
        r"derni[èe]re\s+(?:mise\s+à\s+jour|modification|révision|actualisation)|mise?\s+à\s+jour|modifiée?"
        r"|révisée?|actualisée?",
        r"publiée?|date|version",
        r"en\s+vigueur|entrée\s+en\s+vigueur|date\s+d[’']effet|applicable|prend\s+effet",
    ),
    long="{d} {m} {y}",
    label="Dernière mise à jour : ",
    example="1er mai 2024",
)  # fmt: skip

SPANISH = Tongue(
    months=(
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ),
    abbreviations=("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    keywords=(
        r"[úu]ltima\s+(?:actualización|modificación|revisión)|actualizad[oa]|modificad[oa]|revisad[oa]"
        r"|fecha\s+de\s+actualización",
        r"publicad[oa]|fecha|versión",
        r"en\s+vigor|vigente|vigencia|efectiv[oa]|entrada\s+en\s+vigor",
    ),
    long="{d} de {m} de {y}",
    label="Última actualización: ",
    example="3 de mayo de 2024",
)  # fmt: skip

DUTCH = Tongue(
    months=(
        "januari", "februari", "maart", "april", "mei", "juni",
        "juli", "augustus", "september", "oktober", "november", "december",
    ),
    abbreviations=("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    weekdays=("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    keywords=(
        r"laatste?\s+(?:bijgewerkt|gewijzigd|aangepast|herzien|update|wijziging|aanpassing|herziening)"
        r"|bijgewerkt|gewijzigd|aangepast|herzien",
        r"gepubliceerd|datum|versie",
        r"ingangsdatum|van\s+kracht|geldig|geldend|inwerkingtreding|in\s+werking",
    ),
    long="{d} {m} {y}",
    label="Laatst bijgewerkt: ",
    example="3 mei 2024",
)  # fmt: skip

ITALIAN = Tongue(
    months=(
        "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
        "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
    ),
    abbreviations=("gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"),
    weekdays=("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),
    keywords=(
        r"ultim[oa]\s+(?:aggiornamento|modifica|revisione)|aggiornat[oa]|modificat[oa]",
        r"pubblicat[oa]|data|versione",
        r"in\s+vigore|entrata\s+in\s+vigore|decorrenza|valid[oa]",
    ),
    long="{d} {m} {y}",
    label="Ultimo aggiornamento: ",
    example="3 maggio 2024",
)  # fmt: skip

PORTUGUESE = Tongue(
    months=(
        "janeiro", "fevereiro", "março", "abril", "maio", "junho",
        "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
    ),
    abbreviations=("jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"),
    weekdays=(
        "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo",
    ),
    keywords=(
        r"[úu]ltima\s+(?:atualização|actualização|modificação|revisão|alteração)|atualizad[oa]|revisad[oa]",
        r"publicad[oa]|data|versão",
        r"em\s+vigor|entrada\s+em\s+vigor|vigência",
    ),
    long="{d} de {m} de {y}",
    label="Última atualização: ",
    example="3 de maio de 2024",
)  # fmt: skip

TONGUES = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "nl": DUTCH,
    "it": ITALIAN,
    "pt": PORTUGUESE,
}

EXTRA_MONTHS = {
    "en": {"sept": 9, "febr": 2},
    "de": {"jän": 1, "jänner": 1, "feber": 2, "mrz": 3, "maerz": 3, "sept": 9},
    "fr": {"fev": 2, "fév": 2, "fevrier": 2, "aout": 8, "dec": 12, "decembre": 12, "jan": 1, "jui": 6, "jul": 7},
    "es": {"setiembre": 9, "sept": 9},
    "nl": {"maa": 3, "sept": 9},
    "it": {"sett": 9},
    "pt": {"marco": 3},
}
"""Spellings that are read but never written."""

EAST_ASIAN_KEYWORDS = (
    "最終更新日?|更新日期?|最终?后?更新(?:日期|时间)?|最近更新(?:日期)?|最終改定日?|改定日|최종\\s?(?:수정|개정)일?|개정일|업데이트",
    "公布日期?|発行日|공고일",
    "生效日期?|施行日|発効日|시행일",
)
"""By rank as in `Tongue.keywords`: read in every language, since figures need no names of months."""

CONNECTORS = (
    "date", "on", "at", "as", "of", "from", "in", "starting", "since", "the", "effective", "is", "was", "and",
    "am", "vom", "vor", "ab", "den", "seit", "zum", "per", "datum",
    "le", "du", "depuis", "el", "del", "desde", "de", "op", "van", "vanaf", "il", "dal", "em", "en", "a", "à", "partir",
    "compter", "dans",
)  # fmt: skip
"""Small words that may stand between a date line's keyword and its date."""


def tongue(language: str) -> Tongue | None:
    """The table for a language tag (`pt-BR` → Portuguese), or None where there is none."""
    return TONGUES.get(re.split(r"[-_]", language.lower())[0])


def day_first(language: str) -> bool | None:
    """Whether `03/04/2024` is 3 April in this language; None where people write it both ways, as in plain English."""
    tag = language.lower().replace("_", "-")
    if tag in {"en-us", "en-ph"}:
        return False
    spoken = tongue(language)
    if spoken is None or (spoken is ENGLISH and "-" not in tag):
        return None
    return True


@cache
def month_numbers(code: str) -> dict[str, int]:
    """Every spelling of every month that a text in language `code` may use, lower case."""
    spoken = TONGUES[code]
    names = {name.lower(): number for number, name in enumerate(spoken.abbreviations, 1)}
    names |= {name.lower(): number for number, name in enumerate(spoken.months, 1)}
    return names | EXTRA_MONTHS[code]
