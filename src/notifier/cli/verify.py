"""`notifier verify FOLDER`: does evidence hold, and what would have to be believed for it to be false?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli.frame import json_option, say, say_json

if TYPE_CHECKING:
    from notifier.usecases.evidence.examination import Examined


@click.command(name="verify")
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
@json_option
def command(folder: Path, as_json: bool) -> int:
    """Check a FOLDER (or .zip) of evidence, offline, without ledger and config.

    Each step says what holds, and what would have to be believed for it to be false. Exit 1 where one does not hold.
    """
    return verify_evidence(folder, as_json=as_json)


def verify_evidence(folder: Path, *, as_json: bool) -> int:
    """Check and print; the exit code."""
    from notifier.usecases.evidence.examination import examine

    examined = examine(folder)
    if as_json:
        steps = [
            {"step": one.name, "holds": one.holds, "found": one.found, "rests_on": one.rests_on}
            for one in examined.steps
        ]
        say_json({"about": examined.about, "holds": examined.holds, "steps": steps})
    else:
        say("\n".join(_lines(examined)))
    return 0 if examined.holds else 1


def _lines(examined: Examined) -> list[str]:
    lines = [f"evidence of {examined.about}"]
    for step in examined.steps:
        lines.append(f"  {'holds' if step.holds else 'FALSE'}  {step.name:<8} {step.found}")
        if step.holds and step.rests_on:
            lines.append(f"                  to doubt it: {step.rests_on}")
    return [*lines, "it holds" if examined.holds else "IT DOES NOT HOLD"]
