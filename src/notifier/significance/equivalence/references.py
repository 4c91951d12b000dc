"""Proofs on numbers and days that count nothing: numbers of sections, the document's own date, a copyright year."""

from __future__ import annotations

import re
from collections.abc import Sequence

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.proof import ANY, Proof
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import Atom, Kind
from notifier.significance.reading.plain_words import plain_words
from notifier.significance.reading.section_numbers import counts_on, is_number, numbered, renumbered
from notifier.significance.sentence_pair import PairSide
from notifier.text.dates.date_words import ALLOWED, keywords
from notifier.text.document import BlockKind

MARKS = frozenset({Kind.QUANTITY, Kind.WORD, Kind.NAME, Kind.TERM})
PLAIN = re.compile(r"\d+(?:\.\d+)*$")
VERSION = re.compile(r"v?\d+(?:\.\d+)*$|date ")
ONLY_NUMBER = re.compile(r"[*_]*\(?(?:[\divxlcIVXLC]{1,5}(?:\.\d+)*|[a-zA-Z])\\?[.)][*_]*")
TITLED = 3
"""Words of a title that say which section it is."""
TAKES_EFFECT = frozenset(("effective", "valid", "force", "applies", "applicable", "in force", "applied"))
"""Words that may be said of a rule in the text, too; of the text itself only at its top, or where it is named."""
STAMP = re.compile(
    r"(?:stnd|stand|rev|vers?|version|versión|versie|ed|edition|issue)[ .\-]?(?:0[1-9]|1[0-2])\d\d"
    r"|\d{4}-\d\d-\d\dT[\d:.]+Z?|[0-9a-f]{16,}",
    re.IGNORECASE,
)
"""A month and year as printers write them, a time to the second, a checksum."""
COPYRIGHT = re.compile(
    r"(?:(?:©|\(c\)|&copy;|\bcopyright\b)\W{0,6}){1,2}(?:by )?(?:(?-i:[A-ZÀ-Þ])[\w.,&'’-]{0,30} (?:& )?){0,5}"
    r"(?:19|20)\d\d(?:\W{1,4}(?:(?:19|20)\d\d|\d\d|present)\b)?"
    r"|(?:19|20)\d\d(?:\W{1,4}(?:19|20)\d\d)? ?(?:©|\(c\)|&copy;)",
    re.IGNORECASE,
)
"""The year of a copyright, and what of it may follow: no `copyright complaints from 2019`."""
LONGEST_DATE_LINE = 24
"""Atoms of a sentence that says when the text was revised, and little else."""
OTHER_WORDS = 3
"""Words in such a sentence that we do not know: `our lawyers`, `the legal team`."""


def cites_otherwise(features: ChangeFeatures, run: WordRun) -> bool:
    """Is it the number of a section of this text that is cited, and nothing else?"""
    return (
        len(run.removed) == len(run.added) == 1
        and all(_is_plain(atom) for atom in run.atoms)
        and _cites(features, features.old, run.old_at)
        and _cites(features, features.new, run.new_at)
    )


def is_cited(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Does each number that changed follow a word that cites a section of this text, and was that section renumbered?

    Another article of a law is another ground: consent, contract, legitimate interest.
    """
    return not _names_law(features) and all(
        cites_otherwise(features, run) and _is_same_section(features, run.removed[0].key, run.added[0].key)
        for run in runs
    )


def _is_same_section(features: ChangeFeatures, number: str, other: str) -> bool:
    """Has the section that was cited the other number now, or do both sentences say its title: `Section 7 (Fees)`?"""
    was, now = (numbered(document) for document in (features.texts.diff.before, features.texts.diff.after))
    title = " ".join(now.get(other, ())[:TITLED])
    said = bool(title) and all(f" {title} " in f" {' '.join(plain_words(side.text))} " for side in features.pair.sides)
    return said or (number in was and was[number] == now.get(other))


def is_title_said(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Did the title of the section that is cited come behind its number, or go: `section 4 (Fees)`?"""
    return features.pair.is_reworded and all(_is_title_said(features, run) for run in runs)


def _is_title_said(features: ChangeFeatures, run: WordRun) -> bool:
    atoms, at, document = (
        (features.old, run.old_at, features.texts.diff.before)
        if run.removed
        else (features.new, run.new_at, features.texts.diff.after)
    )
    if (run.removed and run.added) or not at or not _is_plain(atoms[at - 1]) or not _cites(features, atoms, at - 1):
        return False
    side = features.pair.before if run.removed else features.pair.after
    title = plain_words(side.text[run.atoms[0].start : run.atoms[-1].end])
    return tuple(title) == numbered(document).get(atoms[at - 1].key) and not _names_law(features)


def stale_citation(features: ChangeFeatures) -> WordRun | None:
    """The number in a sentence that stands as it stood, where another section of this text has that number now."""
    if features.pair.before.text != features.pair.after.text or _names_law(features):
        return None
    numbers = renumbered(features.texts.diff)
    for at, atom in enumerate(features.new):
        if _is_plain(atom) and atom.key in numbers and _cites(features, features.new, at):
            return WordRun((atom,), (atom,), at, at)
    return None


def _names_law(features: ChangeFeatures) -> bool:
    cites = features.lexicon.lists.get("cites", frozenset())
    return any(
        "law" in features.lexicon.of(atom.key) and atom.key not in cites
        for atoms in (features.old, features.new)
        for atom in atoms
    )


def _cites(features: ChangeFeatures, atoms: Sequence[Atom], at: int) -> bool:
    """Is the atom before a citing word, or another number of the same citation?"""
    while at > 1 and (_is_plain(atoms[at - 1]) or atoms[at - 1].value in ("and", "or", "to", "-")):
        at -= 1
    return at > 0 and atoms[at - 1].key in features.lexicon.lists.get("cites", ())


def _is_plain(atom: Atom) -> bool:
    """A number without a unit, or a letter that counts."""
    return bool(PLAIN.match(atom.value)) if atom.kind is Kind.QUANTITY else is_number(atom.key)


def is_own_number(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Does a heading or an item begin with another number, and with nothing else?"""
    if len(runs) != 1 or features.kind not in (BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.PARAGRAPH):
        return False
    run = runs[0]
    if run.old_at or run.new_at or not all(_is_plain(atom) and is_number(atom.key) for atom in run.atoms):
        return False  # `two accounts` is no number of a section
    if features.kind is BlockKind.PARAGRAPH and features.pair.is_reworded and not _counts_on(features, run):
        return False
    if not features.pair.is_reworded:
        return ONLY_NUMBER.fullmatch(features.pair.side.text.strip()) is not None
    return all(_is_numbered(features, side.text, side.kind) for side in features.pair.sides)


def _counts_on(features: ChangeFeatures, run: WordRun) -> bool:
    """Is it no initial of a name: `C. Lopez is our data protection officer`?"""
    return all(counts_on(features.texts.document_of(side), a.key) for side in features.pair.sides for a in run.atoms)


def _is_numbered(features: ChangeFeatures, text: str, kind: BlockKind) -> bool:
    """Does it begin as a numbered heading or item does, or with no number at all?"""
    plain = text.lstrip("*_#[ ")
    if not is_number(re.split(r"[\W_]", plain, maxsplit=1)[0].lower()):
        return True
    if re.match(r"\(?(?:[\divxlcIVXLC]{1,5}(?:\.\d+)*|[a-zA-Z])\\?[.)](?:[\s*_]|$)", plain):
        return True
    return (
        kind is BlockKind.HEADING
        and features.texts.numbers_headings
        and bool(re.match(r"\d+(?:\.\d+)*\s+[*_]*[A-ZÀ-Þ]", plain))
        and not _counts(features)
    )


def _counts(features: ChangeFeatures) -> bool:
    """Has the number a unit, as in `30 Days Money Back`?"""
    return any(atoms and not _is_plain(atoms[0]) for atoms in (features.old[:1], features.new[:1]))


def is_machine_stamp(features: ChangeFeatures, _runs: Sequence[WordRun]) -> bool:
    """Is the whole line a time stamp that a machine wrote?"""
    return all(STAMP.fullmatch(side.text.strip("*_ ")) for side in features.pair.sides if side.text)


def is_document_date(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Is the day, or the version, in a line that says when this text was revised, and of nothing else?"""
    if features.is_near_top and all(_is_stamped(features, side) for side in features.pair.sides if side.text):
        return True
    changed = [atom for run in runs for atom in run.atoms]
    if not all(VERSION.match(atom.value) if atom.kind is Kind.QUANTITY else _dates(features, atom) for atom in changed):
        return False
    return all(_says_when(features, side) for side in (features.old, features.new) if side)


def _is_stamped(features: ChangeFeatures, side: PairSide) -> bool:
    """Is it nothing but a day, a version, and words of date lines: `Version 3.2, in effect from 1 May`?"""
    counted = [atom for atom in side.atoms if atom.kind is Kind.QUANTITY]
    plain = "".join(
        " " if any(atom.start <= at < atom.end for atom in counted) else letter for at, letter in enumerate(side.text)
    )
    rest, labelled = keywords(features.lexicon.language).pattern.subn(_unless_other, plain.lower())
    labels = features.lexicon.lists.get("version_labels", frozenset())
    is_short = labelled + len(counted) > 0 and len(side.atoms) <= LONGEST_DATE_LINE  # its own day may be taken out
    is_stamp = all(VERSION.match(atom.value) for atom in counted)
    return is_short and is_stamp and labels | ALLOWED >= set(plain_words(rest))


def _unless_other(word: re.Match[str]) -> str:
    """A blank, or the word of a date that is of something else: `expires`."""
    return word[0] if (word.lastgroup or "").startswith("other") else " "


def _dates(features: ChangeFeatures, atom: Atom) -> bool:
    """Is it a word of date lines, or of the blank in one: `latest`, `Month`?"""
    return _is_any(features, atom, "stamp_line", "date_line") or atom.key in features.lexicon.lists.get("blanks", ())


def _says_when(features: ChangeFeatures, atoms: Sequence[Atom]) -> bool:
    if len(atoms) > LONGEST_DATE_LINE:
        return False
    if features.is_near_top and all(atom.value.startswith("date ") for atom in atoms):
        return True  # a line that is nothing but a day
    lexicon = features.lexicon
    verbs = lexicon.lists.get("revises", frozenset())
    opens = [atom.key for atom in atoms[:1] if atom.kind is not Kind.QUANTITY]
    labels = lexicon.lists.get("version_labels", frozenset())
    stamps = sum(1 for atom in atoms if atom.key in verbs) + sum(1 for key in opens if key in labels)
    others = 0
    for atom in atoms:
        if atom.kind is Kind.QUANTITY:
            if not VERSION.match(atom.value):
                return False
        elif atom.kind is Kind.PARTY:
            if atom.value != "we":
                return False
        elif atom.kind in (Kind.FORCE, Kind.DIRECTION):
            if atom.value not in ("by", "to", "on", "inside", "from", "will"):
                return False
        elif atom.has_meaning and not _is_any(features, atom, "stamp_line", "date_line", "instrument", "month"):
            if _is_any(features, atom, "topic.fees_refunds", "topic.service_level", "topic.rights_choices"):
                return False  # prices, plans and rights have days of their own
            others += atom.key not in verbs and atom.key not in lexicon.lists.get("blanks", ())
    said = {atom.key for atom in atoms if atom.key in verbs}
    if (
        said
        and said <= TAKES_EFFECT
        and not features.is_near_top
        and not any(_is_any(features, a, "instrument") for a in atoms)
    ):
        return False
    is_said_of_something = others or any(_is_any(features, atom, "instrument") for atom in atoms)
    if not features.is_near_top and is_said_of_something and not _names_text(features):
        return False  # `vouchers issued by May 1, 2024`
    does = any("duty_verb" in lexicon.of(atom.key) for atom in atoms if atom.key not in verbs)
    return stamps > 0 and others <= OTHER_WORDS and not does


def _names_text(features: ChangeFeatures) -> bool:
    """Does it name this text, and not contracts of which there are many: `policies issued by May 1, 2024`?"""
    lists = features.lexicon.lists
    documents = lists.get("documents", frozenset())
    called = lists.get("calls", frozenset()) | lists.get("articles", frozenset())
    return any(
        (atom.key in documents or (_is_any(features, atom, "instrument") and not atom.key.endswith("s")))
        and (not at or not called.isdisjoint(side.atoms[at - 1].key.split()))
        for side in features.pair.sides
        for at, atom in enumerate(side.atoms)
    )


def _is_any(features: ChangeFeatures, atom: Atom, *names: str) -> bool:
    return any(not features.lexicon.of(key).isdisjoint(names) for key in atom.key.split())


def is_copyright_year(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Are years in a copyright line all that changed?"""
    changed = [atom for run in runs for atom in run.atoms if atom.key != "copyright"]
    years = all(re.match(r"(?:date )?(?:19|20)\d\d-?$|-$|to$", atom.value) for atom in changed)
    return bool(changed and years) and all(
        _is_of_copyright(side.text, atom)
        for run in runs
        for side, atoms in zip(features.pair.sides, (run.removed, run.added), strict=True)
        for atom in atoms
        if atom in changed
    )


def _is_of_copyright(text: str, year: Atom) -> bool:
    return any(found.start() <= year.start and year.end <= found.end() for found in COPYRIGHT.finditer(text))


REFERENCES = (
    Proof(
        "copyright-year",
        MARKS | {Kind.DIRECTION},
        is_copyright_year,
        "Only the year of a copyright changed.",
        "© 2024 Acme",
        "© 2025 Acme",
    ),
    Proof(
        "cited-number",
        MARKS,
        is_cited,
        "Only the number of a section that is cited changed, because that section has another number now.",
        "As said in Section 4, we may bill you.\n\n## 4. Bills",
        "As said in Section 5, we may bill you.\n\n## 5. Bills",
    ),
    Proof(
        "cited-title",
        ANY,
        is_title_said,
        "The title of the section that is cited came behind its number, or went.",
        "As said in Section 4, we may bill you.\n\n## 4. Bills",
        "As said in Section 4 (Bills), we may bill you.\n\n## 4. Bills",
    ),
    Proof(
        "numbering",
        MARKS,
        is_own_number,
        "A line that is nothing but the number of a section came or went, or a heading has another number.",
        "# Terms\n\niv.\n\nPark here.",
        "# Terms\n\nPark here.",
    ),
    Proof(
        "machine-stamp",
        MARKS,
        is_machine_stamp,
        "A line that is nothing but a machine's time stamp changed.",
        "2024-05-01T10:00:00Z",
        "2024-06-02T11:30:00Z",
    ),
    Proof(
        "document-date",
        MARKS | {Kind.DIRECTION, Kind.FORCE, Kind.PARTY},
        is_document_date,
        "Only the day or version in a line on when this text was revised changed.",
        "This policy was last updated on May 1, 2024.",
        "This policy was last updated on June 2, 2024.",
    ),
)
