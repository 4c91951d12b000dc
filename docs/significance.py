"""`python -m docs.significance`: write `docs/significance.md` from the rules themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from notifier.significance.hints import HINTS
from notifier.significance.moved import MOVED
from notifier.significance.sameness import PROOFS
from notifier.significance.shape import SHAPES
from notifier.significance.sign import Sign
from notifier.significance.topics import TOPICS, basis_of

PAGE = Path(__file__).parent / "significance.md"
START = """\
# Significant or minor

<!-- Made by `python -m docs.significance` from the rules in src/notifier/significance; edit those. -->

A change is **significant** when someone's data, rights, duties, money or legal risk changes; **minor** when only the
form does. A verdict is **clear** or **close**. A close call is taken for significant and waits for an editor's word.

How a verdict comes about:

1. The redline is read sentence by sentence. On each change that is not proved to say the same, signs are looked for:
   who, what, when, how much, whether.
2. Two small models that were trained on labelled revisions weigh the signs; their weights are the file
   `src/notifier/significance/weights.json`, read from the package and never changed at run time. The first gives
   every sign one weight, and every change a weight by which the reasons are sorted; the second sees the revision as a
   whole. The judgement is their mean. What a reason is about is a sum as well: how the words of each topic stand in
   the change, around it and above it; a topic is named only where words speak of it.
3. Two thresholds part minor, close and significant. Signs marked **decides** make a revision clearly significant, signs
   marked **guards** keep it from being clearly minor, whatever the models say.

The same texts give the same verdict on any machine, offline. German, French, Spanish and Dutch policies are read with
rule words of their own; in any other language every change of words that is not proved to say the same is at least a
close call. The models were trained on English revisions only.

`python -m benchmarks judgement` measures how often this is right; the figures are in `benchmarks/results/judgement.md`.
"""


def page() -> str:
    """The whole page."""
    parts = [
        START,
        "\n".join(_topics()),
        _table(
            "What proves that a change says the same",
            "The first of these that shows is all that is said of a change.",
            PROOFS,
        ),
        _table("What speaks for a minor change", "These leave room for doubt.", HINTS),
        _table("What moved", "The rule of a reason in a significant verdict is one of these.", MOVED),
        _table("How it came", "No reason by itself; these weigh together with others.", SHAPES),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _topics() -> Iterator[str]:
    yield "## Topics\n\n| topic | where a rule of law asks that it be told |\n|---|---|"
    for topic in TOPICS:
        yield f"| `{topic}` | {basis_of(topic, '') or ''} |"


def _table(title: str, says: str, signs: Iterable[Sign]) -> str:
    rows = [f"| `{sign.name}` | {_meaning(sign)} | {_cell(sign.before)} | {_cell(sign.after)} |" for sign in signs]
    return f"## {title}\n\n{says}\n\n| rule | shows when | before | after |\n|---|---|---|---|\n" + "\n".join(rows)


def _meaning(sign: Sign) -> str:
    force = " **Decides.**" if sign.compels else " **Guards.**" if sign.guards else ""
    return sign.says + force


def _cell(text: str) -> str:
    """An example in a table cell; long ones are cut in the middle."""
    lines = [line for line in text.replace("|", "\\|").splitlines() if line.strip()]
    shown = " ⏎ ".join(line if len(line) < 200 else f"{line[:30]} … {line[-60:]}" for line in lines)
    return f"`` {shown} ``" if shown else ""


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
