"""Proofs on where people write, call and click: press and support, links that moved, labels of links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from notifier.diff import Layer
from notifier.significance.change_features import ChangeFeatures
from notifier.significance.equivalence.proof import WORDS, Proof
from notifier.significance.reading.alignment import WordRun
from notifier.significance.reading.atoms import FACTS, Atom, Kind
from notifier.significance.reading.link_addresses import (
    LINK,
    is_mail,
    is_same_document,
    is_same_house,
    is_same_number,
    link_targets,
    names_another,
    page_words,
)
from notifier.significance.reading.section_numbers import unnumbered
from notifier.significance.text_pair import marks_of
from notifier.text.document import BlockKind

ADDRESS = re.compile(r"(?:https?://|www\.)|[\w\-]+(?:\.[\w\-]+)*\.[a-z]{2,}(?:/|$)", re.IGNORECASE)
"""A link that is called by where it leads."""
SITE = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}")
PHONE = re.compile(r"[\d\-()/. ]+$")
BOX = re.compile(
    r"(?:support|help|helpdesk|info|hello|press|media|news|feedback|care|sales|jobs|careers|hr|recruiting|newsroom|newsdesk|volunteers?|helpers?|reception|events|bookings?|office|hotline|team|editors|presse|medien|medias|karriere|bewerbung(?:en)?|stellen|hilfe|recrutement|emploi|carrieres|prensa|medios|empleo|talento|ayuda|soporte|pers|vacatures|people|work|talent|hiring|hola|hallo|salut|bonjour|moin|ciao|hi|service|kundenservice|kundendienst|klantenservice|atencion|clientes|accueil)@"
)
RIGHTS_BOX = re.compile(
    r"^(?:mailto:)?[^@]*(?:privacy|legal|dpo|data|daten|gdpr|dsgvo|rgpd|compliance|abuse|security|copyright|dmca|notice|"
    r"rights|recht|droit|derecho|widerruf|confidential|privacidad|avg)[^@]*@"
)
"""Mailboxes whose name says that rights and notices go there, whatever stands around."""
RIGHTS = (
    "topic.rights_choices", "topic.notice_terms", "topic.controller_entity", "topic.disputes_law",
    "topic.intellectual_property", "topic.user_obligations", "topic.children_age", "topic.enforcement_termination",
)  # fmt: skip
"""Topics on which an address is a way to use a right, or to serve a notice."""
PART_OF_NUMBER = 5
"""Digits from which on a number may be one to call: `24/7` and `200 a month` are none."""
STEM = 5
"""Letters by which a word in an address is known for one of the sentence: `objection`, `object`."""
SHORT = 4
"""Letters of a word that a title writes large."""
TURNING_TO = frozenset(
    ("contact", "send", "ask", "submit", "see", "read", "find", "request", "senden", "schicken", "fragen", "richten",
     "envoyer", "envoyez", "demander", "enviar", "envíe", "pedir", "sturen", "stuur", "vragen")
)  # fmt: skip
"""What somebody does who writes or calls."""
OPEN = frozenset(("may", "will", "should", "if"))
"""Words of force with which somebody is asked to write: `you can reach us`, `if you write for a newspaper`."""
REACHED = (*RIGHTS, "topic.contact_channel", "topic.fees_refunds")
OTHERS = ("topic.sharing", "topic.subprocessors")
LISTS = ("topic.fees_refunds", "topic.subprocessors", "topic.service_level")
"""Topics of pages that say what somebody pays, gets, or who receives data."""
INSTRUMENTS = ("instrument", "topic.rights_choices")


def is_support(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Is it a way to reach general support, the press or a job, and nothing of rights or notices?"""
    classes = features.sentence_classes
    boxes = [atom.key for run in runs for atom in run.atoms if atom.kind is Kind.CONTACT]
    if any(RIGHTS_BOX.search(box) for box in boxes):
        return False
    is_said = classes["support"] > 0 or (bool(boxes) and all(BOX.match(box) for box in boxes))
    if not is_said or any(classes[topic] for topic in RIGHTS):
        return False
    return all(run.removed and run.added and all(_is_address(atom) for atom in run.atoms) for run in runs)


def is_press_said(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Does a sentence only say in other words where the press or applicants write or call?"""
    pair, press = features.pair, features.lexicon.lists.get("press", frozenset())
    if not pair.is_reworded or features.kind in (BlockKind.TABLE_ROW, BlockKind.HEADING):
        return False
    changed = [atom for run in runs for atom in run.atoms]
    if any(atom.kind is Kind.FORCE and atom.value not in OPEN for atom in changed):
        return False
    if any(atom.kind in (Kind.CONTACT, Kind.LINK) and RIGHTS_BOX.search(atom.key) for atom in changed):
        return False
    if any(atom.value in ("and", "or") or _is_another_deed(features, atom) for atom in changed):
        return False
    classes = features.sentence_classes
    if any(name.startswith("topic.") and name != "topic.contact_channel" for name in classes) or classes["negation"]:
        return False
    return all(
        not press.isdisjoint(atom.key for atom in side.atoms)
        and (links or any(_is_address(atom) for atom in side.atoms))
        for side, links in zip(pair.sides, features.links, strict=True)
    )


def is_asked_at(features: ChangeFeatures, _runs: Sequence[WordRun]) -> bool:
    """Are the words that changed only those by which one asks a reader to write to the same mailbox: `If you have any
    questions, write to …`, `Questions can be sent to …`?"""
    asking = features.lexicon.lists.get("asking", frozenset())
    boxes = [{atom.value for atom in side if atom.kind is Kind.CONTACT} for side in (features.old, features.new)]
    is_said = all(word in asking for run in features.runs for atom in run.atoms for word in atom.key.split())
    is_open = features.pair.is_reworded and not features.sentence_classes["negation"]
    return is_said and is_open and boxes[0] == boxes[1] and any("@" in box for box in boxes[0])


def _is_another_deed(features: ChangeFeatures, atom: Atom) -> bool:
    """Does somebody do something with it, and not only write or call?"""
    marks = features.lexicon.of(atom.key)
    return "duty_verb" in marks and atom.key not in TURNING_TO


def _is_address(atom: Atom) -> bool:
    return atom.kind in (Kind.CONTACT, Kind.LINK) or is_phone_number(atom)


def is_phone_number(atom: Atom) -> bool:
    """Is it as long as a telephone number, or the end of one, and no date?"""
    is_long = sum(letter.isdigit() for letter in atom.key) >= PART_OF_NUMBER
    return is_long and bool(PHONE.match(atom.key)) and " " not in atom.value


def leads_to_the_same(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Do links lead to the same page at another place, or is what they lead to no contract, policy or right?"""
    return all(run.old_at < 0 and _is_same_target(features, run) for run in runs)


def _is_same_target(features: ChangeFeatures, run: WordRun) -> bool:
    was, now, label = run.removed[0].value, run.added[0].value, run.added[0].key
    if is_mail(was) or is_mail(now):
        shown = features.pair.before.text == features.pair.after.text.replace(now, was)
        return bool(shown and label.lower() in now.lower() and label)
    if _is_exchanged(features, was, now):
        return False  # `[Reject](a) [Accept](b)`, `[Reject](b) [Accept](a)`
    said, is_address = features.sentence_classes, ADDRESS.match(label) is not None
    classes = said if not label or is_address else marks_of(label, features.lexicon)
    is_instrument = any(classes[name] for name in INSTRUMENTS)
    if not is_same_house(was, now, features.texts.diff.before.text):
        is_further = features.only_points and not any(classes[t] for t in (*REACHED, *OTHERS))
        is_told = any(name.startswith("topic.") for name in classes) and not is_further
        if is_address or features.binds or is_told or is_instrument or any(said[t] for t in (*REACHED, *OTHERS)):
            return False  # `use [this form]`: another house receives what people send there
    elif _is_about_something_else(features, was, now):
        return False
    about = said if _says_nothing(classes) else classes
    if any(about[name] for name in LISTS) and not (is_same_document(was, now) and is_same_number(was, now)):
        return False  # `the prices in our price list`, of another year
    if (classes["remedy"] or about["remedy"]) and not is_same_document(was, now):
        return False  # `[Cancel](/cancel)`, `[Cancel](/stay)`; `Cancel [here](/cancel)`
    if not is_instrument:
        return True
    if names_another(was, now, label, features.lexicon.lists["pages"]):
        return False
    return is_same_document(was, now) or not (said["binding"] or features.says_duty)


def _is_about_something_else(features: ChangeFeatures, was: str, now: str) -> bool:
    """Is it another section of this text, while the one that it led to still stands, or a page that bears another name
    where the sentence holds the old one's: `our partners stand [here](/partners)`, `(/press)`?"""
    if was.startswith("#") and now.startswith("#"):
        titles = {unnumbered(address[1:].replace("-", " ")) for address in (was, now)}
        return len(titles) > 1 and titles <= features.texts.new_headings
    old, new = (page_words(address) - features.lexicon.lists["pages"] for address in (was, now))
    matters = {word[:STEM] for word in old if any(mark.startswith("topic.") for mark in features.lexicon.of(word))}
    said = {atom.key[:STEM] for atom in features.new}
    return bool(new and said & matters) and said.isdisjoint(word[:STEM] for word in new)


def _says_nothing(classes: Counter[str]) -> bool:
    """Is it a label that names nothing: `here`, `this page`?"""
    return not any(name.startswith("topic.") or name in INSTRUMENTS for name in classes)


def _is_exchanged(features: ChangeFeatures, was: str, now: str) -> bool:
    """Do two links of the sentence lead to where the other one led?"""
    before, after = ([link.target for link in links] for links in features.links)
    return (now in before and was in after) or any(
        (was, now) == (target, link.target)
        for pair in features.texts.pairs
        if pair is not features.pair and pair.layer is Layer.LINKS
        for target, link in zip(
            (one.target for one in link_targets(pair.after.text)), link_targets(pair.before.text), strict=False
        )
    )


def is_same_site(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Is the address of a site that the text shows another one of the same house: `help.acme.com`, `docs.acme.com`?

    Not where somebody does something: `Object at rights.acme.com`.
    """
    classes = features.sentence_classes
    if classes["remedy"] or any(classes[topic] for topic in (*REACHED, "topic.retention")):
        return False
    return all(
        len(run.removed) == len(run.added) == 1
        and all(SITE.fullmatch(atom.key) for atom in run.atoms)
        and is_same_house(*(f"https://{atom.key}" for atom in run.atoms))
        for run in runs
    )


def is_relabelled(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Is a link that leads where it led called otherwise, and is it no way to use a right or to reach someone?"""
    pair, (old, new) = features.pair, features.links
    if not pair.is_reworded or [link.target for link in old] != [link.target for link in new]:
        return False
    classes = features.sentence_classes
    if any(classes[f"topic.{topic}"] for topic in ("rights_choices", "contact_channel")):
        return False
    if any("duty_verb" in features.lexicon.of(atom.key) for run in runs for atom in run.atoms):
        return False  # `see how we delete chats`, `see how we sell chats`
    if not classes["pointer"] and (features.binds or any(Kind.TERM in run.kinds for run in runs)):
        return False  # `we [share] data`: what stands in the label is what somebody does
    return _are_in_labels(features, runs)


def is_pointer_retitled(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Is the title of what the reader is sent to, in a link's label, another one: `see [Information We Collect]`?"""
    if not features.sentence_classes["pointer"] or not features.pair.is_reworded or features.names_others:
        return False
    old, new = features.links
    labels = [link.label for link in old + new]
    if len(old) != len(new) or not any(run.removed for run in features.runs):
        return False
    return _are_in_labels(features, runs) and all(_is_title(label) for label in labels)


def _is_title(label: str) -> bool:
    return bool(label) and all(word[0].isupper() or len(word) < SHORT for word in label.split() if word[0].isalpha())


def _are_in_labels(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    old, new = (side.text for side in features.pair.sides)
    return all(_in_labels(old, run.removed) and _in_labels(new, run.added) for run in runs)


def _in_labels(text: str, atoms: Sequence[Atom]) -> bool:
    labels = [match.span(1) for match in LINK.finditer(text)]
    return all(any(low <= atom.start and atom.end <= high for low, high in labels) for atom in atoms)


def is_document_called(features: ChangeFeatures, runs: Sequence[WordRun]) -> bool:
    """Is this text only called otherwise: policy, notice, statement, after `this`, `our` or `privacy`?"""
    names = features.lexicon.lists.get("documents", frozenset())
    before, after = (side.atoms for side in features.pair.sides)
    return all(
        len(run.removed) == len(run.added) == 1
        and all(atom.key in names for atom in run.atoms)
        and _is_called(features, before, run.removed[0])
        and _is_called(features, after, run.added[0])
        for run in runs
    )


def _is_called(features: ChangeFeatures, atoms: Sequence[Atom], name: Atom) -> bool:
    """Does a word stand right before the name that makes it this text, and not any notice or contract?"""
    before = [atom for atom in atoms if atom.start < name.start][-1:]
    if not before:
        return features.kind is BlockKind.HEADING
    if features.sentence_classes["binding"] and before[0].kind is Kind.PARTY:
        return False  # `you accept our conditions`, `you accept our notice`
    return not features.lexicon.lists.get("calls", frozenset()).isdisjoint(before[0].key.split())


REACHING = (
    Proof(
        "support-contact",
        frozenset({Kind.CONTACT, Kind.LINK, Kind.QUANTITY}),
        is_support,
        "Where general support, the press or applicants write or call changed; no right hangs on it.",
        "Journalists reach us at press@example.org.",
        "Journalists reach us at media@example.org.",
    ),
    Proof(
        "press-said",
        WORDS | {Kind.PARTY, Kind.FORCE, Kind.DIRECTION, Kind.CONTACT, Kind.LINK},
        is_press_said,
        "Where the press or applicants write or call is said in other words.",
        "Journalists reach us at press@example.org.",
        "Journalists can write to press@example.org.",
    ),
    Proof(
        "asked-at",
        WORDS | {Kind.PARTY, Kind.FORCE, Kind.DIRECTION, Kind.QUALIFIER},
        is_asked_at,
        "That readers may write to the same mailbox is said in other words.",
        "Send your questions to paper@example.org.",
        "If you have any questions, write to paper@example.org.",
    ),
    Proof(
        "link-target",
        frozenset({Kind.LINK}),
        leads_to_the_same,
        "Only the address behind a link changed.",
        "See [the list](https://example.org/a).",
        "See [the list](https://example.org/b).",
    ),
    Proof(
        "site-moved",
        WORDS,
        is_same_site,
        "The address of a site, as the text shows it, is another one of the same house.",
        "Paper is described at help.acme.example.",
        "Paper is described at docs.acme.example.",
    ),
    Proof(
        "relabelled",
        frozenset(Kind) - FACTS,
        is_relabelled,
        "A link that leads where it led is called otherwise.",
        "See [the paper guide](https://example.org/paper).",
        "See [the guide about paper](https://example.org/paper).",
    ),
    Proof(
        "pointer-retitled",
        WORDS | {Kind.PARTY, Kind.QUALIFIER},
        is_pointer_retitled,
        "The title of what a reader is sent to, in the label of a link, is another one.",
        "See the [Public Paper](https://example.org/paper) section.",
        "See the [Paper We Read](https://example.org/read) section.",
    ),
    Proof(
        "document-called",
        WORDS,
        is_document_called,
        "This text is called otherwise: a policy, a notice, a statement.",
        "This privacy policy is short.",
        "This privacy notice is short.",
    ),
)
