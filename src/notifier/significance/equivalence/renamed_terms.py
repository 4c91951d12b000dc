"""Names and terms that gave way to others all over a text: found once for the whole, so that no place is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from notifier.significance.change_features import ChangeFeatures
from notifier.significance.classification import RenamedTerm
from notifier.significance.equivalence.proof import Proof
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import Kind
from notifier.significance.reading.plain_words import words_in
from notifier.text.document import BlockKind

LEGAL_FORMS = frozenset(
    words_in(
        "inc llc ltd limited gmbh corp corporation sarl plc pbc bv ag sas kg srl ab oy oyj aps nv pty llp se sa sl spa "
        "ug b.v n.v s.a s.l s.r.l s.p.a s.a.r.l l.l.c"
    )
)
"""A name before one is a party to the contract: another one is another company, however often it is named."""
OFTEN, TWICE = 3, 2
Swap = tuple[tuple[str, ...], tuple[str, ...]]
LONGEST = 3
NAMES = frozenset({Kind.NAME, Kind.WORD, Kind.SEPARATOR})
TERMS = NAMES | {Kind.TERM}
RENAMED = TERMS | {Kind.QUANTITY}


def renames_in(all_features: Sequence[ChangeFeatures]) -> tuple[RenamedTerm, ...]:
    """What was renamed all over a text, the most frequent first; `with_renames` has told each of it."""
    if not all_features or not all_features[0].renamed:
        return ()
    return tuple(RenamedTerm(" ".join(old), " ".join(new), count) for (old, new), count in _renamed(all_features))


def with_renames(all_features: Sequence[ChangeFeatures]) -> list[ChangeFeatures]:
    """The same, each knowing what was renamed."""
    renamed = frozenset(swap for swap, _ in _renamed(all_features))
    return [replace(features, renamed=renamed) for features in all_features] if renamed else list(all_features)


def _renamed(all_features: Sequence[ChangeFeatures]) -> list[tuple[Swap, int]]:
    counts: Counter[Swap] = Counter()
    barred: set[Swap] = set()
    names: set[Swap] = set()
    for features in all_features:
        for run in features.runs if features.pair.is_reworded else ():
            swap = _swap(features, run)
            if swap is None:
                continue
            counts[swap] += features.pair.times
            if _are_names(features, run) or not (run.removed and run.added) or Kind.QUANTITY in run.kinds:
                names.add(swap)
            if _is_party(features, run):
                barred.add(swap)
    found = [
        (swap, count)
        for swap, count in counts.items()
        if count >= _enough(all_features[0], swap) and swap not in barred and _is_gone(all_features[0], *swap)
    ]
    if not names & {swap for swap, _ in found}:
        return []  # a thing that is called otherwise all over is another thing, unless a name goes with it
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _enough(features: ChangeFeatures, swap: Swap) -> int:
    """What the text is about by its first words needs less."""
    return TWICE if set(swap[0]) & features.texts.opening_words else OFTEN


def _swap(features: ChangeFeatures, run: WordRun) -> Swap | None:
    """What gave way to what: a name or term for another, or the neighbour of a name that grew or shrank."""
    if max(len(run.removed), len(run.added)) > LONGEST or run.old_at < 0:
        return None
    removed, added = (tuple(atom.key for atom in side) for side in (run.removed, run.added))
    if run.removed and run.added:
        if run.kinds <= TERMS and run.kinds - {Kind.SEPARATOR} and (_are_names(features, run) or run.kinds <= NAMES):
            return removed, added
        return _numbered(features, run, removed, added)
    if not all(atom.is_capital and atom.kind in (Kind.NAME, Kind.WORD) for atom in run.atoms):
        return None
    neighbour = _neighbour(features, run)
    return ((*removed, neighbour), (*added, neighbour)) if neighbour else None


def _are_names(features: ChangeFeatures, run: WordRun) -> bool:
    """Are they written as names, and not only with the capital of a sentence that begins?"""
    if not (run.old_at and run.new_at) and features.kind is not BlockKind.HEADING:
        return False
    return all(any(atom.is_capital for atom in side) for side in (run.removed, run.added))


def _numbered(features: ChangeFeatures, run: WordRun, removed: tuple[str, ...], added: tuple[str, ...]) -> Swap | None:
    """The number that is part of a name: `Basecamp 3`."""
    if not all(atom.kind is Kind.QUANTITY and " " not in atom.value for atom in run.atoms) or not run.old_at:
        return None
    name = features.old[run.old_at - 1]
    return ((name.key, *removed), (name.key, *added)) if name.is_capital else None


def _neighbour(features: ChangeFeatures, run: WordRun) -> str:
    """The name right behind a name that came or went, or right before it; in a list, what stands beside is another."""
    atoms = features.pair.before.atoms if run.removed else features.pair.after.atoms
    starts = [atom.start for atom in atoms]
    low, high = starts.index(run.atoms[0].start), starts.index(run.atoms[-1].start)
    for at in (high + 1, low - 1):
        if 0 <= at < len(atoms) and atoms[at].is_capital and atoms[at].kind in (Kind.NAME, Kind.WORD, Kind.TERM):
            return atoms[at].key
    return ""


def _is_party(features: ChangeFeatures, run: WordRun) -> bool:
    """Does the name stand before a legal form, or where someone is named who receives data?"""
    for atoms, at, size in ((features.old, run.old_at, len(run.removed)), (features.new, run.new_at, len(run.added))):
        if any(atom.key in LEGAL_FORMS for atom in atoms[at : at + size + 1]):
            return True
    if not (features.names_others and any(atom.is_capital for atom in run.removed)):
        return False
    if all(atom.key in features.texts.opening_words for atom in run.removed):
        return False
    before = features.old[run.old_at - 1] if run.old_at else None
    return before is None or before.kind in (Kind.DIRECTION, Kind.SEPARATOR) or features.is_in_list


def _is_gone(features: ChangeFeatures, old: Sequence[str], new: Sequence[str]) -> bool:
    """Does the new text hold fewer of the old name and more of the new one, and of a mere term none at all?"""
    net = features.texts.changed_counts
    if set(old) <= set(new):
        return all(net[word] > 0 for word in new if word not in old)
    return any(net[word] < 0 for word in old if word not in new) or any(
        not features.texts.is_heard(word) for word in old if word not in new
    )


def is_renamed(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    return all(_is_renamed(features, run) for run in runs)


def _is_renamed(features: ChangeFeatures, run: WordRun) -> bool:
    swap = _swap(features, run)
    if swap is not None and swap in features.renamed:
        return True
    each = zip(run.removed, run.added, strict=False)
    return len(run.removed) == len(run.added) and all(((a.key,), (b.key,)) in features.renamed for a, b in each)


RENAMES = (
    Proof(
        "rename",
        RENAMED,
        is_renamed,
        "A name gives way to another all over the text.",
        "Acme Box stores files.\n\nWe run Acme Box.\n\nYou need Acme Box.",
        "Acme Vault stores files.\n\nWe run Acme Vault.\n\nYou need Acme Vault.",
    ),
)
