"""`notifier evaluate LABELS`: how often the judgement is right, close and wrong, on labelled revisions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli.frame import json_option, progress, say, say_json, table, terminal_width, wants_colour
from notifier.plurals import counted

if TYPE_CHECKING:
    from notifier.usecases.evaluate import Evaluation, Judged

CALLED = ("minor", "close", "significant")


@click.command(name="evaluate")
@click.argument("labels", type=click.Path(path_type=Path))
@json_option
def command(labels: Path, as_json: bool) -> None:
    """Measure the judgement on labelled revisions; LABELS is a file of JSON lines.

    Each line: id, significance (minor or significant) and, where known, topics and why; the texts lie beside it as
    revisions/ID.old.md and revisions/ID.new.md, or where old_path and new_path say.
    """
    from notifier.usecases.evaluate import evaluate

    with progress("judging") as on_progress:
        evaluation = evaluate(labels, tick=on_progress)
    if as_json:
        return say_json(_as_json(evaluation))
    say(_figures(evaluation))
    for judged in evaluation.wrong:
        say("\n" + _wrong(judged), coloured=True)
    return None


def _figures(evaluation: Evaluation) -> str:
    confusion = [(label, *(row[name] for name in CALLED)) for label, row in evaluation.confusion.items()]
    called = [f"called {name}" for name in CALLED]
    shares = [(name, _percent(share)) for name, share in _shares(evaluation).items()]
    topics = [(topic, _percent(share)) for topic, share in evaluation.topic_recall.items()]
    parts = [
        f"{counted(len(evaluation.judged), 'labelled revision')}",
        table(("label", *called), confusion, right=called),
        table(("figure", "share"), shares, right=("share",)),
    ]
    if topics:
        parts.append(table(("topic", "not missed"), topics, right=("not missed",)))
    parts.append(f"wrong: {len(evaluation.wrong)}" + (", each below" if evaluation.wrong else ""))
    return "\n\n".join(parts)


def _shares(evaluation: Evaluation) -> dict[str, float | None]:
    return {
        "significant called clearly minor": evaluation.missed,
        "minor called clearly significant": evaluation.false_alarms,
        "close, of all": evaluation.close,
        "recall, close taken for significant": evaluation.recall,
        "precision, close taken for significant": evaluation.precision,
        "a topic is right, of significant": evaluation.topic_hits,
    }


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def _wrong(judged: Judged) -> str:
    from notifier.render.redline.terminal import draw_redline
    from notifier.render.styled_text import harmless

    label = judged.label
    heading = f"{label.label_id}: labelled {label.significance.value}, called clearly {judged.called}"
    redline = draw_redline(judged.redline, width=terminal_width(), colour=wants_colour())
    return "\n".join(part for part in (harmless(heading), harmless(label.why), redline) if part)


def _as_json(evaluation: Evaluation) -> dict[str, object]:
    return {
        "revisions": len(evaluation.judged),
        "confusion": evaluation.confusion,
        "missed": evaluation.missed,
        "false_alarms": evaluation.false_alarms,
        "close": evaluation.close,
        "recall": evaluation.recall,
        "precision": evaluation.precision,
        "topic_hits": evaluation.topic_hits,
        "topic_recall": evaluation.topic_recall,
        "wrong": [_wrong_json(judged) for judged in evaluation.wrong],
    }


def _wrong_json(judged: Judged) -> dict[str, object]:
    from notifier.render.redline.json import reason_json, redline_json

    label = judged.label
    return {
        "id": label.label_id,
        "significance": label.significance,
        "called": judged.called,
        "why": label.why,
        "reasons": [reason_json(reason) for reason in judged.verdict.reasons],
        "redline": {
            **redline_json(judged.redline),
            "spans": [{"kind": span.kind, "layer": span.layer, "text": span.text} for span in judged.redline.spans],
        },
    }
