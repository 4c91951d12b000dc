"""`python -m docs.significance`: write `docs/significance.md` from the facts, proofs and topics themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from notifier.significance.equivalence import PROOFS
from notifier.significance.equivalence.proof import Proof
from notifier.significance.facts import FACT_RULES
from notifier.significance.reading.atoms import Kind
from notifier.significance.rule import Rule
from notifier.significance.topic_names import TOPICS, basis_of

PAGE = Path(__file__).parent / "significance.md"
START = """\
# Significant or minor

<!-- Made by `python -m docs.significance` from the rules in src/notifier/significance; edit those. -->

A change is **significant** when someone's data, rights, duties, money or legal risk changes; **minor** when only the
form does. A verdict is **clear** or **close**. A close call is taken for significant and waits for an editor's word.

How a verdict comes about, in the order in which the code reads:

1. **Pairs.** The redline is brought to one grain: which sentences stood there, which stand there now. Every edit is in
   exactly one pair, wherever it stands: text, heading, list, table, footnote, raw HTML, the label of a link.
2. **Facts of both sides.** Each sentence is read as a row of atoms, each of one kind: a number with its unit is one
   atom, so is a party, a word of force, a direction, a place. What is only written otherwise is the same atom.
3. **Proofs.** Each run of atoms in which the two sides differ needs a narrow proof for that very difference. A proof
   is asked only about the kinds of facts that it may explain. Where all is explained, the change is clearly minor,
   and nothing else is.
4. **Rules.** What no proof explains is a difference in facts. Any rule that shows keeps the revision from being called
   clearly minor; one that **decides** makes it clearly significant.
5. **Model.** Two small models, trained on labelled revisions and on edits made by a grammar, weigh what is left. Their
   weights are the file `src/notifier/significance/weights.json`, read from the package and never changed at run time.
6. **Topics and reasons.** Which words speak of a topic, and how loudly, is learned word by word. A second topic of one
   change is named where its own word changed or stands in the heading, where it is more likely than not, and at least
   0.7 as likely as the first. The letter says that the change is about the first topic, and those that weigh 0.7 of it.

The same texts give the same verdict on any machine, offline. English, German, French, Spanish and Dutch are read with
words of their own (`src/notifier/significance/lexicons/`, which a lawyer can edit); in any other language every change
of words is at least a close call, and so is a text that is not in the language it is judged in.

`python -m benchmarks judgement` measures how often this is right; the figures are in `benchmarks/results/judgement.md`.
"""
BLIND = """\
## What it cannot see

- What a sentence means beyond its words: irony, a definition elsewhere that changes what this one says, a rule that two
  far-apart sentences make together.
- Whether a new name is another company or the old one renamed: it asks (close), except where a name gave way to another
  in at least three places that hand no data on and hold no contract.
- Whether the page behind a link changed. It sees that a link leads elsewhere.
- Synonyms that its lexicons do not hold: it asks. Among thirty restylings there is often one.
- Whether one became several (a device, devices): it takes that for style.
- Which number a list begins with, where no sentence of the text cites the number of an item or section by it.
- What a picture shows, what a script does, what stands in a language or script without a lexicon: it asks, always.
- What a reader sees only by pointing at it (the title of a link or of an abbreviation), and a sign of reckoning between
  words (`rent + 5`, `rent * 5`).
- Whether a slip of the pen hides a change: a word that is no word counts as the word it is nearest to.
"""


def page() -> str:
    """The whole page."""
    parts = [START, "\n".join(_kinds()), _proofs(PROOFS), _rules(FACT_RULES), "\n".join(_topics()), BLIND]
    return "\n\n".join(part.strip() for part in parts) + "\n"


SAYS = {
    Kind.QUANTITY: "a number with its unit, a sum, a day, a time, a version: 30 days, $5, 17:00, TLS 1.3",
    Kind.PARTY: "who does it, or whom it is done to: we, you, buyer, licensee",
    Kind.FORCE: "must, may, not, never, only, any, unless, at most; words struck out; a ticked box",
    Kind.DIRECTION: "before, after, with, without, from, to, opt in, free",
    Kind.QUALIFIER: "explicit, anonymous, encrypted, reasonable, prior, written",
    Kind.PLACE: "a country, state or region",
    Kind.CONTACT: "an e-mail address",
    Kind.LINK: "the document behind a link",
    Kind.OPAQUE: "another script, a picture, a program: nobody here can read it",
    Kind.NAME: "somebody or something with a capital",
    Kind.TERM: "a word of a topic, or something that somebody does",
    Kind.WORD: "another word with a meaning of its own",
    Kind.GLUE: "a word that binds nobody; left aside",
    Kind.SEPARATOR: "what parts members of an enumeration, and cells",
}


def _kinds() -> Iterator[str]:
    yield "## Facts: the kinds of atoms\n\n| kind | what it is |\n|---|---|"
    yield from (f"| `{kind}` | {SAYS[kind]} |" for kind in Kind)


def _proofs(proofs: Iterable[Proof]) -> str:
    rows = [
        f"| `{proof.name}` | {proof.says} | {_allowed(proof)} | {_cell(proof.before)} | {_cell(proof.after)} |"
        for proof in proofs
    ]
    return (
        "## Proofs: what explains a difference\n\nThe rule of a reason in a minor verdict is one of these, or "
        "`same-words`, `word-form`, `synonym`, `markup`, `typography` where every atom is the same. What none explains "
        "is tried once more with its turns of speech in one form (`[said]` in the lexicons: `should you lose it`, `if "
        "you lose it`; `please read it carefully` says nothing): `said-plainly`.\n\n"
        "| proof | holds when | may explain | before | after |\n|---|---|---|---|---|\n" + "\n".join(rows)
    )


def _allowed(proof: Proof) -> str:
    left = [kind for kind in Kind if kind not in proof.explains]
    if not left:
        return "any"
    shown = [kind for kind in Kind if kind in proof.explains and kind not in (Kind.GLUE, Kind.SEPARATOR)]
    return ", ".join(shown) if len(shown) <= len(left) else "any but " + ", ".join(left)


def _rules(rules: Iterable[Rule]) -> str:
    rows = [f"| `{rule.name}` | {_meaning(rule)} | {_cell(rule.before)} | {_cell(rule.after)} |" for rule in rules]
    return (
        "## Rules: what an unexplained difference is\n\nThe rule of a reason in a significant verdict is one of these, "
        "or `reworded`. **Decides** means: where it shows plainly, as in a sentence of which little else changed.\n\n"
        "| rule | shows when | before | after |\n|---|---|---|---|\n" + "\n".join(rows)
    )


def _meaning(rule: Rule) -> str:
    return rule.says + (" **Decides.**" if rule.forces else "")


def _topics() -> Iterator[str]:
    yield "## Topics\n\n| topic | where a rule of law asks that it be told |\n|---|---|"
    for topic in TOPICS:
        yield f"| `{topic}` | {basis_of(topic, '') or ''} |"


def _cell(text: str) -> str:
    """An example in a table cell; long ones are cut in the middle."""
    lines = [line for line in text.replace("|", "\\|").splitlines() if line.strip()]
    shown = " ⏎ ".join(line if len(line) < 200 else f"{line[:30]} … {line[-60:]}" for line in lines)
    return f"`` {shown} ``" if shown else ""


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
