"""What is wrong with a policy's text before it lands: dates, placeholders, and sentences that the law looks at.

A finding that is an error keeps a revision from being posted right, or misleads its readers; the others are advice.
Notifier never says that a text complies with anything: it names the sentence, the source, and a mend.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Protocol

from notifier.errors import Finding, FindingCode, PolicyError, Severity
from notifier.policy.revision import PolicyText
from notifier.text.dates.posted_date import PostedDate, find_effective_date, find_posted_date, set_posted_date
from notifier.text.document import BlockKind, TextStyle
from notifier.text.front_matter import body_start
from notifier.text.markdown import parse
from notifier.text.sentences import sentences

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_NAMES = (
    "DATE|NAME|COMPANY|ADDRESS|E-?MAIL|PHONE|URL|LINK|COUNTRY|STATE|NUMBER|PRODUCT|WEBSITE|DATUM|FIRMA|ADRESSE|SOCIÉTÉ"
    "|EMPRESA|FECHA"
)
_PLACEHOLDER = re.compile(
    r"\[(?i:insert|your|enter|add)\b[^\]\n]{0,60}\](?![(\[:])"
    rf"|\[[A-Z0-9 _/.-]{{0,40}}\b(?:{_NAMES})\b[A-Z0-9 _/.-]{{0,40}}\](?![(\[:])"
    r"|(?<![\w-])(?:TBD|TBA|TBC|TODO|FIXME|XXX+)(?![\w-])"
    r"|\{\{[^{}\n]*\}\}|(?i:lorem ipsum)|<(?:INSERT|YOUR)[^>\n]*>"
)


def date_findings(text: PolicyText, before: PolicyText | None) -> list[Finding]:
    """Dates that cannot be read or set, or were set by hand: Notifier owns them."""
    try:
        set_posted_date(text.text, _SOME_DAY, effective_on=_LATER, language=text.language, path=text.path)
    except PolicyError as error:
        return list(error.findings)
    if before is None:
        return []
    posted = find_posted_date(text.text, language=text.language)
    effective = find_effective_date(text.text, language=text.language)
    found = [_hand_edit(text, before, "posted", find_posted_date, "it is set when this is posted")]
    if effective != posted:
        how = "for a later day, write effective: into the front matter"
        found.append(_hand_edit(text, before, "effective", find_effective_date, how))
    return [finding for finding in found if finding is not None]


_SOME_DAY, _LATER = date(2000, 1, 1), date(2000, 1, 31)


def _hand_edit(text: PolicyText, before: PolicyText, name: str, find: FindDate, how: str) -> Finding | None:
    now = find(text.text, language=text.language)
    try:
        then = find(before.text, language=before.language)
    except PolicyError:
        return None
    if now is None or then is None or now.value == then.value:
        return None
    written, owned = text.text[now.start : now.end], before.text[then.start : then.end]
    said = f'the {name} date was changed by hand to "{written}"'
    return Finding(FindingCode.POSTED_DATE, text.path, now.line, said, f'write "{owned}" back; {how}')


class FindDate(Protocol):
    """How one of a text's two dates is found."""

    def __call__(self, text: str, *, language: str) -> PostedDate | None: ...


def placeholder_findings(text: PolicyText) -> list[Finding]:
    """Placeholders that were never filled in."""
    dated = {finding.line for finding in date_findings(text, None)}
    found = ((line_at(text.text, match.start()), match[0]) for match in _PLACEHOLDER.finditer(readable(text.text)))
    return [
        Finding(FindingCode.PLACEHOLDER, text.path, line, f'"{words}" is a placeholder', "write what belongs there")
        for line, words in found
        if line not in dated
    ]


def readable(text: str) -> str:
    """The text with front matter, code and comments blanked, every offset kept."""
    return _COMMENT.sub(lambda comment: _blank(comment[0]), without_code(text))


def without_code(text: str) -> str:
    """The text with front matter and code blanked, every offset kept."""
    document = parse(text)
    code = [(block.start, block.end) for block in document.blocks if block.kind is BlockKind.CODE]
    code += [(run.start, run.end) for block in document.blocks for run in block.runs if TextStyle.CODE in run.styles]
    parts, at = [_blank(text[: body_start(text)])], body_start(text)
    for low, high in sorted(code):
        if low >= at:
            parts += [text[at:low], _blank(text[low:high])]
            at = high
    return "".join((*parts, text[at:]))


def _blank(text: str) -> str:
    return re.sub(r"[^\r\n]", " ", text)


def line_at(text: str, offset: int) -> int:
    """The line of an offset, as editors count."""
    return bisect_right(_line_ends(text), offset) + 1


@lru_cache(maxsize=8)
def _line_ends(text: str) -> tuple[int, ...]:
    """Where each line but the last ends: counted once, however many findings a text has."""
    return tuple(found.end() for found in re.finditer(r"\r\n|\n|\r", text))


_OFTEN = {
    "en": r"regularly|periodically|frequently|from time to time|often|occasionally|for (?:any )?(?:changes|updates)",
    "de": r"regelmäßig|von zeit zu zeit|gelegentlich|periodisch|in regelmäßigen abständen",
    "fr": r"régulièrement|périodiquement|de temps (?:en temps|à autre)|fréquemment",
    "es": r"periódicamente|regularmente|con (?:frecuencia|regularidad)|de vez en cuando",
    "nl": r"regelmatig|periodiek|van tijd tot tijd|af en toe",
}
_LOOK = {
    "en": r"check|review|visit|revisit|consult|re-?read|refer|return|look",
    "de": r"prüfe\w*|überprüfe\w*|nachlesen|nachzulesen|informiere\w*|einsehen|einzusehen|besuche\w*|lese\w*|anzusehen",
    "fr": r"consult\w+|vérifi\w+|revoir|relire|visit\w+|reven\w+",
    "es": r"revis\w+|consult\w+|visit\w+|compr[uo]e?b\w+",
    "nl": r"raadple\w+|controle\w+|bekijk\w*|lees|lezen|bezoek\w*|nagaan|kijk\w*",
}
_READERS = "you|your|users?|customers?|readers?|sie|ihnen|vous|usted|ustedes|le|les|u|je"
_WE = re.compile(
    rf"\b(?:we|wir|nous|on|nosotros|wij|our \w+|unser\w* \w+|nos \w+)\b(?:\s+(?!(?:{_READERS})\b)\w+){{0,3}}\s*\Z", re.I
)
"""The company itself as the one who looks, up to three words before the verb and with no reader among them."""
_NOTIFY = {
    "en": r"notif\w+|notice|inform\w*|e-?mail\w*|announc\w+|let you know|tell you|post(?:ed|ing)?|publish\w*|alert\w*",
    "de": r"benachrichtig\w+|informier\w+|mitteil\w+|e-?mail|bekannt\w*|veröffentlich\w+|hinweis\w*|teilen .{0,40} mit",
    "fr": r"inform\w+|notifi\w+|avert\w+|e-?mail|courriel|publi\w+|avis\w*|prévien\w+|prévenir",
    "es": r"notific\w+|inform\w+|avis\w+|correo|public\w+|comunic\w+",
    "nl": r"informe\w+|e-?mail\w*|melden|meld\w*|bekend\w*|publice\w+|bericht\w*|laten .{0,20}weten|op de hoogte",
}
_CHANGES = {
    "en": r"chang\w+|updat\w+|modif\w+|revis\w+|amend\w+",
    "de": r"änder\w+|geändert\w*|aktualisier\w+|anpass\w+|angepasst\w*",
    "fr": r"modif\w+|mise?s? à jour|chang\w+|révis\w+|évol\w+",
    "es": r"cambi\w+|modific\w+|actualiz\w+|revis\w+",
    "nl": r"wijzig\w+|gewijzigd\w*|aanpass\w+|aangepast\w*|updat\w+|bijgewerkt\w*|verander\w+",
}
_EFFECT = {
    "en": r"effective|in effect|takes? effect|in force|appl(?:y|ies) from|last (?:updated|revised|modified)|updated",
    "de": r"gültig|in kraft|wirksam|gilt ab|stand|zuletzt",
    "fr": r"en vigueur|prend effet|applicable|mise à jour",
    "es": r"en vigor|vigente|vigencia|efectiv\w|actualización",
    "nl": r"van kracht|ingangsdatum|geldig|geldt|bijgewerkt",
}
_PRIVACY = re.compile(r"privacy|datenschutz|vie priv|confidentialit|privacidad|privacidade|priv[ée]", re.I)


def law_findings(text: PolicyText, *, policy_id: str, is_controlling: bool) -> list[Finding]:
    """Sentences that WP260 calls unfair, and statements that CalOPPA asks a privacy policy for. All of it is advice."""
    language = re.split(r"[-_]", text.language.lower())[0]
    if language not in _OFTEN:
        return []
    found = list(_check_back(text, language))
    if is_controlling and _PRIVACY.search(f"{policy_id} {text.title}"):
        found += _missing(text, language)
    return found


def _check_back(text: PolicyText, language: str) -> Iterator[Finding]:
    """Readers told to look for changes themselves."""
    look, often = rf"\b(?:{_LOOK[language]})\b", rf"\b(?:{_OFTEN[language]})\b"
    asked = re.compile(rf"{look}.{{0,90}}?{often}|{often}.{{0,90}}?{look}", re.I | re.S)
    seen = readable(text.text)
    for start, end in sentences(seen):
        match = asked.search(seen, start, end)
        if match is None or _WE.search(seen, max(start, match.start() - 60), match.start()):
            continue
        words = " ".join(match[0].split())
        yield Finding(
            FindingCode.CHECK_BACK, text.path, line_at(text.text, match.start()),
            f'"{words}" leaves noticing changes to readers', "say how you tell them instead",
            Severity.ADVICE, "WP260 ¶29",
        )  # fmt: skip


def _missing(text: PolicyText, language: str) -> Iterator[Finding]:
    seen = readable(text.text)
    changes = re.compile(rf"\b(?:{_CHANGES[language]})\b", re.I)
    notify = re.compile(rf"\b(?:{_NOTIFY[language]})", re.I)
    tells = any(changes.search(seen, *span) and notify.search(seen, *span) for span in sentences(seen))
    if not tells:
        yield Finding(
            FindingCode.HOW_WE_NOTIFY, text.path, 1, "it does not say how readers are told of changes",
            "add a sentence that says how", Severity.ADVICE, "CalOPPA §22575(b)(3)",
        )  # fmt: skip
    dated = any(
        re.search(rf"\b(?:{_EFFECT[language]})\b", line, re.I) and re.search(r"\d{4}", line)
        for line in seen.split("\n")
    )
    if not dated:
        yield Finding(
            FindingCode.EFFECTIVE_DATE, text.path, 1, "it does not say since when it applies",
            "add its effective date; the date of posting is set for you", Severity.ADVICE, "CalOPPA §22575(b)(4)",
        )  # fmt: skip
