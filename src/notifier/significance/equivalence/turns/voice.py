"""Proof that who does it is only said last, or first: active and passive, and what German puts before the verb."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from notifier.significance.change_features import PRO_DROP, ChangeFeatures
from notifier.significance.equivalence.gendered import root
from notifier.significance.equivalence.modals import DUTY
from notifier.significance.equivalence.proof import Proof
from notifier.significance.equivalence.turns.order import FRONTING, REACHING, WORDED, clauses
from notifier.significance.reading.alignment import WordRun, spoken
from notifier.significance.reading.atoms import Atom, Kind
from notifier.significance.reading.lexicon import Lexicon
from notifier.significance.reading.word_forms import DOUBLE, lemma

LONGEST_AGENT = 4
LONGEST_VERB = 3
ACTS = {"paid": "pay", "verkocht": "verkopen"}
"""Words that say what is done, where somebody does it: `is paid by the loser`."""
OBJECTS = frozenset(("uns", "ons", "us"))
"""The company, to whom something is done or given."""
AGENT = {"de": "von", "es": "por"}
"""What stands before who does it, where it says other things, too."""
PASSIVE = {
    "de": frozenset(("werden", "wird", "wurde", "wurden", "worden")),
    "es": frozenset(("es", "son", "ser", "será", "serán", "sea", "sean", "fue", "fueron")),
}
"""What stands in a sentence that says who does it last."""
WE_DO = "mos"
"""The ending by which Spanish says that we do it."""
PARTICIPLE = re.compile(
    r"^(ab|an|auf|aus|ein|mit|zu|vor|weiter|zurück|nach|über|bei|durch|fest|frei|her|hin|los|um|weg"
    r"|aan|af|in|uit|mee|over|terug|toe|op)?ge(\w{3,})(?=[td]$|en$)"
)
PRONOUNS = frozenset(("it", "they", "them", "elle", "elles", "il", "ils", "lui", "ella", "ellas", "él", "ellos"))
"""Who does it, where the sentence before names him: `votre numéro est traité par elle`."""
ENDINGS = {
    "de": re.compile(r"(?:ern|est|en|er|et|st|es|em|e|n|t|s)$"),
    "fr": re.compile(r"(?:issons|issent|issez|ons|ent|ées?|és?|ues?|us|ez|er|ir|it|is|es|e|s|i|u)$"),
    "es": re.compile(r"(?:[aei]remos|amos|emos|imos|adas?|ados?|idas?|idos?|ad|id|an|en|ar|er|ir|as|os|es|a|e|o)$"),
    "nl": re.compile(r"(?:en|de|te|d|t|e|s)$"),
}
"""What a verb has as an order, in the present and as a participle."""
ROOT = 3
MEANS = frozenset(("email", "phone", "post", "mail", "letter", "fax", "sms", "text", "telephone", "law"))
"""What stands behind `by` and is nobody."""
US = frozenset(("we", "you"))
NEGATIONS = frozenset(("not", "never"))
OTHERS = frozenset(
    ("they", "he", "she", "ils", "elles", "il", "elle", "er", "sie", "es", "zij", "ze", "hij", "who", "man", "on")
)
ALL = frozenset(("all", "each", "both"))
CLITIC = re.compile(r"\bnous (?:les?|la|l[’'])\b", re.IGNORECASE)
"""French: it or them, where the sentence in the passive begins with `elles`."""
BROAD = frozenset(("all", "each", "any", "some", "both", "more", "and", "or", "always"))
"""What a `not` says another thing of before a verb than behind it: `nicht alle löschen wir`."""


def is_voice_changed(features: ChangeFeatures, _runs: Sequence[WordRun]) -> bool:
    """Is who does it said last now, with `by`, or the reverse: `We delete it`, `It is deleted by us`?"""
    if not features.pair.is_reworded or _is_other_time(features):
        return False
    before, after = (side.atoms for side in features.pair.sides)
    tried: list[tuple[list[list[Atom]], list[list[Atom]]]] = []
    for marks, put in (";", list), (";", _with_pronouns), (";,", list):
        old, new = ([put(clause) for clause in clauses(side, frozenset(marks))] for side in (before, after))
        if len(old) != len(new) or (old, new) in tried:
            continue
        if _are_voiced(features, zip(old, new, strict=True)):
            return True
        tried.append((old, new))
    return False


def _are_voiced(features: ChangeFeatures, pairs: Iterable[tuple[Sequence[Atom], Sequence[Atom]]]) -> bool:
    """Do some of these clauses read otherwise, and all of those say last who does it, or no longer?"""
    is_turned = False
    for old, new in pairs:
        was, now = _undenied(*(_acts(side, features.lexicon) for side in (old, new)))
        if was != now and not _is_voiced(features, was, now):
            return False
        is_turned = is_turned or was != now
    return is_turned


def _undenied(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Both without the one `not` that stands by the same verb: `nous ne vendons jamais`, `ne sont jamais vendues`."""
    ats = [[at for at, value in enumerate(acts) if value in NEGATIONS] for acts in (old, new)]
    if [len(at) for at in ats] != [1, 1] or old[ats[0][0]] != new[ats[1][0]]:
        return old, new
    active, passive = (old, new) if "we" in old[:2] else (new, old)
    denied, by = (acts.index(old[ats[0][0]]) for acts in (active, passive))
    done = active[active.index("we") + 1 :] if "we" in active[:2] else []
    is_near = denied <= 2 or (done[-1:] == [active[denied]] and by == len(passive) - 2)
    if not is_near or passive[by + 1 : by + 2] != done[:1] or (REACHING - NEGATIONS | BROAD).intersection(old):
        return old, new
    return [value for value in old if value not in NEGATIONS], [value for value in new if value not in NEGATIONS]


def _with_pronouns(atoms: Sequence[Atom]) -> list[Atom]:
    return [
        atom._replace(kind=Kind.WORD, value="they") if atom.key in PRONOUNS and atom.kind is Kind.GLUE else atom
        for atom in atoms
    ]


def _is_other_time(features: ChangeFeatures) -> bool:
    """Is it told as past in one of the two: `is read by`, `was read by`?"""
    past = features.lexicon.lists.get("past", frozenset())
    old, new = (any(atom.key in past for atom in side.atoms) for side in features.pair.sides)
    return old != new


def _acts(atoms: Sequence[Atom], words: Lexicon) -> list[str]:
    """What a clause says; somebody is no thing of the same name, and who does it is no other than they to whom it is
    done: `wir zahlen Ihnen`, `Sie zahlen uns`."""
    said, acts = _said(atoms, words), list[str]()
    owners = words.lists.get("owners", frozenset())
    for at, atom in enumerate(said):
        is_object = atom.key in OBJECTS and not (at and said[at - 1].value == "by")
        is_deed = words.language == "en" and atom.value in words.deeds and atom.key.endswith("s")
        is_somebody = atom.kind is Kind.PARTY and not is_deed and (atom.value != "we" or is_object)
        if words.language == "es" and atom.key.endswith(WE_DO) and acts[-1:] != ["we"]:
            acts.append("we")
        if atom.value == "we" and atom.key in owners and not is_object:
            acts.append("our")
        elif is_somebody:
            acts.append(f"somebody {atom.value if atom.value in US else root(atom.key, words.language)}")
        else:
            acts.append(_stem(_as_written(atom, words), words.language))
    return acts


def _as_written(atom: Atom, words: Lexicon) -> str:
    """What the atom says; with its ending, where endings are cut here and the lexicon knows no other word for it."""
    is_unknown = words.language in ENDINGS and atom.value == lemma(atom.key, words.language)
    return ACTS.get(atom.key, atom.key if is_unknown else atom.value)


def _said(atoms: Sequence[Atom], words: Lexicon) -> list[Atom]:
    """The atoms that say something, `von` and `por` as `by` where a passive says who does it, and German verbs with
    their beginning: `von` before the verb belongs to a thing, unless it comes first: `Fotos von Schäden werden …`."""
    agent, auxiliaries = AGENT.get(words.language), PASSIVE.get(words.language, frozenset())
    verb = next((at for at, atom in enumerate(atoms) if atom.key in auxiliaries), len(atoms))
    is_passive = verb < len(atoms)
    named = [
        atom._replace(kind=Kind.PARTY, value="we")
        if atom.key == "on" and words.language == "fr"  # `on vous en donne le motif`
        else atom._replace(kind=Kind.DIRECTION, value="by")
        if is_passive and atom.key == agent and (at > verb or not at)
        else atom
        for at, atom in enumerate(atoms)
    ]
    said = list(spoken(named))
    particle = atoms[-1].key if atoms else ""
    if particle in words.lists.get("separable", frozenset()):
        said = [atom for atom in said if atom is not atoms[-1]]
        us = next((at for at, atom in enumerate(said) if atom.key in words.lists["subjects"]), -1)
        return [_whole_verb(atom, particle, words, is_done=us >= 0 and at == us + 1) for at, atom in enumerate(said)]
    return said


def _whole_verb(atom: Atom, particle: str, words: Lexicon, *, is_done: bool) -> Atom:
    whole = particle + atom.key
    meaning = words.meaning((whole,), 0)
    if atom.kind not in (Kind.WORD, Kind.TERM):
        return atom
    if meaning is not None and meaning[0].startswith("same:"):
        return atom._replace(value=meaning[0].removeprefix("same:"))
    return atom._replace(key=whole, value=lemma(whole, words.language)) if is_done else atom


def _stem(value: str, language: str) -> str:
    """A word without what tells an order, the present and a participle apart."""
    ending = ENDINGS.get(language)
    if ending is None or not value.isalpha() or value in NEGATIONS:
        return value
    found = PARTICIPLE.sub(r"\1\2", value) if language in FRONTING else value.replace("ç", "c").replace("geons", "gons")
    cut = ending.sub("", found)
    found = cut if len(cut) >= ROOT else found
    return DOUBLE.sub(r"\1", found) if language == "nl" else found


def _is_voiced(features: ChangeFeatures, old: list[str], new: list[str]) -> bool:
    if _is_readers(features, old, new) or _is_readers(features, new, old):
        return True
    may_drop_us = _may_drop_us(features)
    if NEGATIONS.intersection(old) and ALL.intersection(old):
        return False  # `we do not delete all data`, `all data is not deleted`
    has_it = any(CLITIC.search(side.text) for side in features.pair.sides)
    is_passive_of = partial(_is_passive_of, may_drop_us=may_drop_us, is_alone=_are_alone(features), has_it=has_it)
    if features.lexicon.language in FRONTING:
        if _is_fronted(old, new) or _is_fronted(new, old):
            return True
        return any(is_passive_of(one, other) for one, other in ((_plain(old), new), (_plain(new), old)))
    if features.lexicon.language == "es":
        if _is_object_first(old, new) or _is_object_first(new, old):
            return True
        if may_drop_us and (_is_left_out(features, old, new) or _is_left_out(features, new, old)):
            return True
    return any(is_passive_of(*pair) for pair in ((old, new), (new, old)))


def _is_left_out(features: ChangeFeatures, active: list[str], passive: list[str]) -> bool:
    """Spanish: `los datos se conservan`, `los datos conservamos`; `nos` stands in neither."""
    owners = features.lexicon.lists.get("owners", frozenset())
    if any(atom.value == "we" and atom.key not in owners for side in features.pair.sides for atom in side.atoms):
        return False
    at = active.index("we") if "we" in active else 0
    return at > 0 and active[:at] + active[at + 1 :] == passive


def _is_object_first(plain: list[str], fronted: list[str]) -> bool:
    """Spanish: `le damos el motivo`, `el motivo se lo damos`."""
    if plain[:1] != ["we"] or "we" not in fronted[1:] or len(plain) != len(fronted):
        return False
    at = fronted.index("we")
    verb = fronted[at + 1 : at + 2]
    return plain == ["we", *verb, *fronted[:at], *fronted[at + 2 :]]


def _plain(acts: list[str]) -> list[str]:
    """German, Dutch: with `we` and the verb in front of what stands before them."""
    at = acts.index("we") if "we" in acts else 0
    return ["we", acts[at - 1], *acts[: at - 1], *acts[at + 1 :]] if at else acts


def _is_fronted(plain: list[str], fronted: list[str]) -> bool:
    """German, Dutch: does what stood behind the verb stand before it, and `we` behind: `Es werten wir nicht aus`?"""
    if plain[:1] != ["we"] or len(plain) != len(fronted) or "we" in plain[1:]:
        return False
    return any(
        fronted[at + 1 : at + 2] == ["we"] and plain in _plain_forms(fronted[:at], fronted[at], fronted[at + 2 :])
        for at in range(1, len(fronted) - 1)
    )


def _plain_forms(first: list[str], verb: str, rest: list[str]) -> Iterator[list[str]]:
    """`Den Grund nennen wir Ihnen`, `wir nennen Ihnen den Grund`: a pronoun may stand before what stood in front."""
    yield ["we", verb, *first, *rest]
    if rest[:1] == [YOU] and first != [YOU]:
        yield ["we", verb, YOU, *first, *rest[1:]]


def _is_readers(features: ChangeFeatures, active: list[str], passive: list[str]) -> bool:
    """Can nobody but the reader do it, or must it be done to us: `it can be downloaded`, `you can download it`?"""
    deeds = features.lexicon.lists.get("reader_deeds", frozenset())
    is_theirs = "may" in passive and any(features.words.issuperset(deed.split()) for deed in deeds)
    is_to_us = "somebody we" in passive and not DUTY.isdisjoint(passive)
    is_named = active[:1] == [YOU] and "we" not in active + passive and not _says_by(passive)
    return (is_theirs or is_to_us) and is_named and _is_turned(active[1:], passive)


YOU = "somebody you"


def _are_alone(features: ChangeFeatures) -> bool:
    """Does nobody else do anything, so that `we` may be said once or twice: `we keep it, then we delete it`?"""
    said = [atom for side in features.pair.sides for atom in side.atoms[1:]]
    return OTHERS.isdisjoint(atom.key for atom in said) and features.lexicon.language not in PRO_DROP


def _is_passive_of(active: list[str], passive: list[str], *, may_drop_us: bool, is_alone: bool, has_it: bool) -> bool:
    for at, value in enumerate(passive):
        if value != "by":
            continue
        for size in range(1, LONGEST_AGENT + 1):
            agent = passive[at + 1 : at + 1 + size]
            if len(agent) == size and active[:size] == agent:
                rest = passive[:at] + passive[at + 1 + size :]
                if _is_turned(active[size:], rest):
                    return True
    start = next((at for at, (one, other) in enumerate(zip(active, passive, strict=False)) if one != other), 0)
    active, passive = active[start:], passive[start:]
    if not may_drop_us or active[:1] != ["we"] or passive[:1] == ["we"] or _says_by(passive):
        return False
    rest = [value for value in active[1:] if value != "we" or "we" in passive or not is_alone]
    is_named_before = has_it and passive[:1] == ["they"] and "they" not in rest
    return rest == passive[1:] if is_named_before else any(_is_turned(said, passive) for said in (rest, *_given(rest)))


def _given(rest: list[str]) -> Iterator[list[str]]:
    """English: `show you the page` as `show the page to you`."""
    if rest[1:2] == [YOU]:
        yield from (
            [rest[0], *rest[2:end], "to", rest[1], *rest[end:]]
            for end in range(3, min(LONGEST_AGENT + 2, len(rest)) + 1)
        )


def _may_drop_us(features: ChangeFeatures) -> bool:
    """Is it what only we can do with it, and no matter of who pays or reads: `we delete it`, `it is deleted`; and not
    `we bear the costs`, `we scan the letters`?"""
    if features.lexicon.language == "en":
        copula = features.lexicon.lists["copula"]
        was, now = (sum(atom.key in copula for atom in side.atoms) for side in features.pair.sides)
        if was == now:
            return False  # none of the two is a passive: `users revoke consent`, `we revoke users' consent`
    words = features.lexicon
    allowed = any(atom.value == "may" for side in features.pair.sides for atom in side.atoms)
    if allowed and any("remedy" in words.of(key) for key in features.words):
        return False  # `the contract can be ended`, `we can end the contract`
    classes = features.sentence_classes
    is_known = classes["duty_verb"] or any(name.startswith("topic.") for name in classes)
    lists = features.lexicon.lists
    said = {key for side in features.pair.sides for key in _before_clauses(side.atoms)}
    return bool(is_known) and all(said.isdisjoint(lists.get(name, ())) for name in ("pays", "watches"))


def _before_clauses(atoms: Sequence[Atom]) -> Iterator[str]:
    """The words before what only says until when, or whether: `we delete them once they have been read`."""
    cut = next((at for at, atom in enumerate(atoms) if atom.value in ("once", "if", "until", "unless")), len(atoms))
    is_behind = cut and all(atom.value != "," for atom in atoms[cut:])
    return (atom.key for atom in (atoms[:cut] if is_behind else atoms))


def _says_by(passive: list[str]) -> bool:
    """Does it say who does it, be it by a pronoun that says no more: `door hen`? `By email` says how."""
    return any(value == "by" and MEANS.isdisjoint(passive[at + 1 : at + 2]) for at, value in enumerate(passive))


def _is_turned(active: list[str], passive: list[str]) -> bool:
    """`V O R` and `O V R` (or `O R V`): what is done, to what, and the rest."""
    if Counter(active) != Counter(passive):
        return False
    for verb_size in range(1, LONGEST_VERB + 1):
        verb, rest = active[:verb_size], active[verb_size:]
        for cut in range(1, len(rest) + 1):
            if cut < len(rest) and NEGATIONS.intersection(rest[:cut]):
                continue  # `we sell it, not to lose it`, `it is not sold`
            if passive == rest[:cut] + verb + rest[cut:]:
                return True
    return False


VOICE = Proof(
    "voice",
    WORDED,
    is_voice_changed,
    "Who does it is said last, or first again: active became passive, or the reverse.",
    "Our staff reads the letters.",
    "The letters are read by our staff.",
)
