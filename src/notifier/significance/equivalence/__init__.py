"""Proofs that two sentences say the same: each explains the very difference in facts that it may, and no other.

First those that look at a whole pair, then those for a single run of words, then those on the order of what is left.
What no proof explains stays, and is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from notifier.diff import Layer
from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.asides import ASIDES
from notifier.significance.equivalence.elsewhere import ELSEWHERE
from notifier.significance.equivalence.gendered import GENDERED
from notifier.significance.equivalence.headings import HEADINGS
from notifier.significance.equivalence.modals import MODALS, is_said_of_others
from notifier.significance.equivalence.phrasing import PHRASING
from notifier.significance.equivalence.proof import Proof
from notifier.significance.equivalence.reaching import REACHING
from notifier.significance.equivalence.references import REFERENCES, stale_citation
from notifier.significance.equivalence.renamed_terms import RENAMES
from notifier.significance.equivalence.restating import RESTATING
from notifier.significance.equivalence.small_words import hidden_difference
from notifier.significance.equivalence.speech.bridge import bridged
from notifier.significance.equivalence.speech.plain_speech import ALIKE, said_plainly
from notifier.significance.equivalence.spelling import CELLS, ENCODING, PHRASES, SPELLING
from notifier.significance.equivalence.turns.joints import JOINED
from notifier.significance.equivalence.turns.order import ORDER
from notifier.significance.equivalence.turns.scope import out_of_reach
from notifier.significance.equivalence.turns.voice import VOICE
from notifier.significance.equivalence.turns.word_order import FRONTED
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import Kind
from notifier.significance.reading.resettled import filled_cells
from notifier.significance.reading.sentence_spans import block_at
from notifier.text.document import BlockKind

WHOLE: tuple[Proof, ...] = (*ASIDES, *ELSEWHERE, *HEADINGS, *RESTATING, ENCODING, PHRASES)
OF_RUNS: tuple[Proof, ...] = (
    *REFERENCES, *RENAMES, *SPELLING, CELLS, *MODALS, *REACHING, *GENDERED, *PHRASING, JOINED, ALIKE,
)  # fmt: skip
TURNS: tuple[Proof, ...] = (*ORDER, FRONTED, VOICE)
PROOFS: tuple[Proof, ...] = (*WHOLE, *OF_RUNS, *TURNS)
LAYERS = {Layer.LINKS: "link-target", Layer.MARKUP: "markup", Layer.TYPOGRAPHY: "typography"}
"""What a pair is called in which no word differs."""
TWO = 2
SAID_PLAINLY = "said-plainly"
"""What it is called where it says the same once its turns of speech are brought to one form."""
SOMEBODY = frozenset({Kind.PARTY, Kind.FORCE})
UNDER = frozenset({BlockKind.HEADING, BlockKind.LIST_ITEM})


class Equivalence(NamedTuple):
    """What was proven of a pair: by which rules, and which runs no proof explains."""

    rules: tuple[str, ...]
    unexplained: tuple[WordRun, ...] = ()
    form: ChangeFeatures | None = None
    """The pair put plainly, where less is unexplained of it then: `left`."""
    left: tuple[WordRun, ...] = ()


def prove(features: ChangeFeatures) -> Equivalence:
    """What of a pair's differences is explained, and what is not: as it stands, or else put plainly."""
    found = _prove(features)
    is_as_it_stands = features.is_moved_to_another_list or is_said_of_others(features)
    if not found.unexplained or not features.is_read or is_as_it_stands:
        return found
    plain = said_plainly(features)
    is_worded = any(run.atoms for run in features.runs)
    for form in (plain, bridged(plain or features) if is_worded else None):
        if form is None:
            continue
        again = _by_runs(form, [run for run in form.runs if run.atoms])
        if not again.unexplained:
            return Equivalence((SAID_PLAINLY, *again.rules))
        if _size(again.unexplained) < _size(found.left or found.unexplained):
            found = found._replace(form=form, left=again.unexplained)
    return found


def _size(runs: Sequence[WordRun]) -> int:
    return sum(len(run.atoms) for run in runs)


def _prove(features: ChangeFeatures) -> Equivalence:
    runs = features.runs
    if not any(run.atoms for run in runs):
        hidden = (
            stale_citation(features)
            or hidden_difference(features)
            or _small_sentence(features)
            or _placed_otherwise(features)
        )
        return Equivalence((), (hidden,)) if hidden else Equivalence((_written_otherwise(features),))
    if features.is_moved_to_another_list or not features.is_read:
        return Equivalence((), runs)
    for proof in WHOLE:
        if proof.holds(features, runs):
            return Equivalence((proof.name,))
    return _by_runs(features, runs)


def _by_runs(features: ChangeFeatures, runs: Sequence[WordRun]) -> Equivalence:
    """Each run by a proof of its own, and what is left as a turn of the sentence."""
    left, rules = _one_by_one(features, runs)
    if left:
        whole = next((proof for proof in TURNS if proof.holds(features, left)), None)
        if whole is None:
            is_one = len(left) == 1 and Kind.PARTY in left[0].kinds <= SOMEBODY
            beside = out_of_reach(features) if is_one else None
            return Equivalence(tuple(dict.fromkeys(rules)), (*left, beside) if beside else tuple(left))
        rules.append(whole.name)
        if whole is VOICE:
            return Equivalence(tuple(dict.fromkeys(rules)))  # the forms of verbs are what it explains
    hidden = hidden_difference(features, runs)
    return Equivalence(tuple(dict.fromkeys(rules)), (hidden,) if hidden else ())


def _one_by_one(features: ChangeFeatures, runs: Sequence[WordRun]) -> tuple[list[WordRun], list[str]]:
    left, rules = [], []
    for run in runs:
        proof = next((proof for proof in OF_RUNS if proof.holds(features, (run,))), None)
        if proof is None:
            left.append(run)
        else:
            rules.append(proof.name)
    return left, rules


def _written_otherwise(features: ChangeFeatures) -> str:
    """Why two sentences say the same of which every atom is the same."""
    layer = LAYERS.get(features.pair.layer)
    if layer is not None:
        return layer
    if any(
        side.text != "" and not atoms
        for side, atoms in zip(features.pair.sides, (features.old, features.new), strict=True)
    ):
        return "numbering"
    pairs = list(zip(features.old, features.new, strict=True))
    if all(one.key == other.key for one, other in pairs):
        return "same-words"
    is_synonym = any(one.key != other.key and features.lexicon.are_synonyms(one.key, other.key) for one, other in pairs)
    return "synonym" if is_synonym else "word-form"


def _small_sentence(features: ChangeFeatures) -> WordRun | None:
    """A sentence of small words alone that came or went: `As is.` A number of a section says nothing."""
    if features.pair.is_reworded:
        return None
    words = tuple(atom for atom in features.pair.side.atoms if atom.kind is Kind.GLUE and len(atom.key) > 1)
    if len(words) < TWO:
        return None
    return WordRun(words, (), 0, 0) if features.pair.is_deletion else WordRun((), words, 0, 0)


def _placed_otherwise(features: ChangeFeatures) -> WordRun | None:
    """The same words under another heading or in another item that says for whom or whether they hold, or in another
    column: what stood under `Business customers`, or `only if you agree`, is none of it now."""
    pair, texts = features.pair, features.texts
    if not pair.is_reworded:
        return None
    if features.kind is BlockKind.TABLE_ROW:
        was, now = (block_at(texts.document_of(side), side.start) for side in pair.sides)
        is_other = filled_cells(was) != filled_cells(now)
    else:
        is_other = features.kind in UNDER and texts.stands_under(pair.before) != texts.stands_under(pair.after)
    return WordRun(features.old, features.new, 0, 0) if is_other else None
