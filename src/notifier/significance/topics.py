"""Which topics a change touches: a sum that a person can read of what its words, its sentence and the headings say.

What each clue weighs is learned. A topic is named only where its own word changed or stands above the sentence, and
where it is not much less likely than the likeliest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from notifier.significance.model import logistic
from notifier.significance.reading.atoms import Kind
from notifier.significance.reading.lexicon import Lexicon
from notifier.significance.reading.plain_words import words_of
from notifier.significance.topic_names import TOPICS
from notifier.significance.unexplained import Difference
from notifier.text.document import BlockKind

Clues = Mapping[str, float]
"""What in a change, and around it, speaks of a topic."""
Strength = tuple[str, float]
LONG = 3
"""Letters of a word, at least, that may say what a change is about."""
OF_TITLES = {"trade": "topic.sharing", "titled": "topic.notice_terms"}
"""Classes of what a text is called, each with the topic of which it says nothing: `Terms of sale`, `Privacy notice`."""
OWN = ("named", "near", "headed", "led", "right above")
"""Clues that may say more of one topic than of another."""
NEARLY = 0.7
"""The share of the likeliest topic's chance from which on another one is named."""
SURE = 0.5
"""The chance from which on a second topic is named."""
MARKS = tuple((topic, f"topic.{topic}") for topic in TOPICS)
"""Each topic, and the class that its words have."""
SIGNS = frozenset("~_^")
"""What the names of clues begin with that are words."""
MOST = 3
LIKELY = 0.1
"""The chance below which a topic is a guess, and none is better."""
PRICE, PROCESSORS = "fees_refunds", "subprocessors"
NO_PRICE = ("liability_warranty", "controller_entity")
SAID_BY_RULE = {"rule governing-law": "disputes_law"}
"""What a rule is about whatever words stand around it: the same word means "law" and "right" in three languages."""


def topics_of(
    difference: Difference, rules: Mapping[str, float], weights: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, Clues]]:
    """How likely a change is about each topic that its words, its sentence or its headings speak of, and their clues.

    `rules` are the features.
    """
    clues = clues_of(difference)
    for rule, topic in SAID_BY_RULE.items():
        if rule in rules:
            return {topic: 1.0}, {topic: clues.get(topic, {})}
    for topic, is_it in ((PRICE, _is_price), (PROCESSORS, _is_processor)):
        if is_it(difference, clues):
            return {topic: 1.0}, {topic: clues[topic]}
    names = of_change(rules, words_around(difference))
    return {topic: chance_of(topic, clue, names, weights) for topic, clue in clues.items()}, clues


def _is_price(difference: Difference, clues: Mapping[str, Clues]) -> bool:
    """Did a sum of money become another, in a sentence that speaks neither of liability nor of a company's capital?"""
    old, new = ({value for value in side if value.startswith("money ")} for side in difference.values(Kind.QUANTITY))
    return bool(old and new and old != new) and not any(clues.get(topic, {}).get("near") for topic in NO_PRICE)


def _is_processor(difference: Difference, clues: Mapping[str, Clues]) -> bool:
    """Did a row come or go in a table whose head says that it lists processors?"""
    features = difference.features
    is_whole_row = features.kind is BlockKind.TABLE_ROW and not features.pair.is_reworded
    return is_whole_row and bool(clues.get(PROCESSORS, {}).get("led"))


def named_in(
    told: Sequence[tuple[float, Mapping[str, float], Mapping[str, Clues]]],
) -> list[list[tuple[str, float]]]:
    """Of each change (its weight, the chances of topics, their clues) the topics to name, each with its weight.

    That is what the change weighs, times the chance of the topic, times how much all changes together speak of it
    beside the topic that they speak of most.
    """
    spoken: dict[str, float] = {}
    for weight, chances, _ in told:
        for topic, chance in chances.items():
            spoken[topic] = spoken.get(topic, 0.0) + weight * chance
    most = max(spoken.values(), default=0.0) or 1.0
    return [
        [(topic, weight * chance * spoken[topic] / most) for topic, chance in named_of(chances, clues)]
        for weight, chances, clues in told
    ]


def named_of(chances: Mapping[str, float], clues: Mapping[str, Clues]) -> list[tuple[str, float]]:
    """The likeliest topic, and others that are nearly as likely and whose own word changed or stands above."""
    ranked = sorted(chances.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        (topic, chance)
        for at, (topic, chance) in enumerate(ranked[:MOST])
        if chance >= LIKELY and (not at or (chance >= max(SURE, NEARLY * ranked[0][1]) and _is_own(clues[topic])))
    ]


def _is_own(clues: Clues) -> bool:
    return any(clues.get(name) for name in ("named", "headed"))


def chance_of(topic: str, clues: Clues, names: Sequence[Strength], weights: Mapping[str, float]) -> float:
    """How likely a change is about a topic; `names` are the features `of_change`."""
    told = topic_features(topic, clues, names)
    return logistic(sum([weights[name] * value for name, value in told if name in weights]))


def clues_of(difference: Difference) -> dict[str, Clues]:
    """How the words of each topic stand in the change, around it and above it.

    Of a topic that none of them speaks of, nothing: a reader could point to no word.
    """
    features, changed = difference.features, difference.classes + _of_facts(difference)
    said, above, before = features.sentence_classes, features.heading_classes, features.list_intro_classes
    last, subject = _marks_of(features.pair.side.section[-1:], features.lexicon), features.texts.subject
    above, last, subject = (_but_titles(marks) for marks in (above, last, subject))
    words = _words_of(difference, above)
    most = max(changed.get(mark, 0) for _, mark in MARKS)
    found: dict[str, Clues] = {}
    for topic, mark in MARKS:
        named, near = changed.get(mark, 0), said.get(mark, 0)
        headed, led = above.get(mark, 0), before.get(mark, 0)
        if named or near or headed or led:
            found[topic] = {
                "named": min(named, 3),
                "is named": float(named > 0),
                "most named": float(0 < named == most),
                "near": min(near, 2),
                "is near": float(near > 0),
                "led": float(led > 0),
                "headed": float(headed > 0),
                "right above": float(last[mark] > 0),
                "subject": float(subject[mark] > 0),
            } | words.get(mark, {})
    return found


def _of_facts(difference: Difference) -> Counter[str]:
    """Facts that are a topic's own words: a sum of money, an e-mail address."""
    old, new = difference.values(Kind.QUANTITY)
    found = Counter({"topic.contact_channel": len([atom for atom in difference.atoms if atom.kind is Kind.CONTACT])})
    found["topic.fees_refunds"] = sum(value.startswith("money ") for value in old + new)
    return found


def _marks_of(headings: Sequence[str], lexicon: Lexicon) -> Counter[str]:
    return lexicon.marks([word.lower() for heading in headings for word in words_of(heading)])


def _but_titles(marks: Counter[str]) -> Counter[str]:
    """The marks of a heading, without those that it has only by what the text is called."""
    unsaid = {topic for title, topic in OF_TITLES.items() if marks[title]}
    return Counter({mark: count for mark, count in marks.items() if mark not in unsaid})


def _words_of(difference: Difference, above_it: Counter[str]) -> dict[str, dict[str, float]]:
    """Which words speak of a topic: `~` those that changed, `_` those of the sentence, `^` those of the headings.

    `above_it` are the marks of the headings: what is in none of them, no word of theirs speaks of.
    """
    features, lexicon = difference.features, difference.features.lexicon
    side = features.pair.side
    above = side.section[1:] if len(side.section) > 1 else side.section
    rows = (
        ("~", 1.0, "share of named", [word for atom in difference.atoms for word in atom.key.split()]),
        ("_", 0.5, "share of near", [word.lower() for word in words_of(side.text)]),
        ("^", 1.0, "", [word.lower() for heading in above for word in words_of(heading)]),
    )
    found: dict[str, dict[str, float]] = {}
    for sign, strength, share, words in rows:
        pairs = {pair for pair in lexicon.speaking(words) if pair[0].startswith("topic.")}
        all_of_them = len({word for _, word in pairs})
        for mark, word in sorted(pairs):
            if sign == "^" and not above_it[mark]:
                continue
            clues = found.setdefault(mark, {})
            clues[f"{sign}{word}"] = strength
            if share:
                clues[share] = clues.get(share, 0.0) + 1 / all_of_them
    return found


def words_around(difference: Difference) -> dict[str, float]:
    """The words that changed, those of the sentence, the headings and the title, whatever topic they speak of: a word
    that no list has may say of what kind the rules around are (`courier`, `forum`, `Developer terms`)."""
    pair, lexicon = difference.features.pair, difference.features.lexicon
    small = lexicon.glue | lexicon.lists.get("small", frozenset())
    rows = (
        ("=~", 1.0, [word for atom in difference.atoms for word in atom.key.split()]),
        ("=_", 0.5, words_of(pair.side.text)),
        ("=^", 1.0, [word for heading in pair.side.section[1:] for word in words_of(heading)]),
        ("=#", 1.0, [word for heading in pair.side.section[:1] for word in words_of(heading)]),
    )
    return {
        f"{sign}{word.lower()}": strength
        for sign, strength, words in rows
        for word in words
        if len(word) >= LONG and word.isalpha() and word.lower() not in small
    }


def topic_features(topic: str, clues: Clues, names: Sequence[Strength]) -> Iterator[Strength]:
    """What a topic's chance is the sum of, by the names its weights have: its clues, and the features of the change."""
    yield topic, 1.0
    for name, value in clues.items():
        if value:
            if name[0] in SIGNS:
                yield f"{topic}{name}", float(value)
                continue
            yield name, float(value)
            if name in OWN:
                yield f"{topic}: {name}", float(value)
    if clues["is named"] and (clues["headed"] or clues["led"]):
        yield "named under its heading", 1.0
    if clues["is named"] and clues["near"] > clues["named"]:
        yield "named and near", 1.0
    for name, strength in names:
        yield f"{topic}: {name}", strength


def of_change(rules: Mapping[str, float], words: Mapping[str, float]) -> list[Strength]:
    """What says what kind of change it is, and its words, in one order: sums of fractions depend on it."""
    kinds = {name: 1.0 for name in rules if not name.startswith(("topic ", "near "))}
    return sorted({**kinds, **words}.items())
