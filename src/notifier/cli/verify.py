"""`notifier verify [FOLDER]`: is everything as the records say; or, of a folder of evidence, does it hold?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli.frame import config_option, json_option, load_config, progress, say, say_json

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger.journal.last_images import Misfit
    from notifier.usecases.evidence.examination import Examined
    from notifier.usecases.proof.verify import TierFound

MARKS = {True: "ok", False: "!!", None: "--"}
MOST_LINES = 20


@click.command(name="verify")
@click.argument("folder", metavar="[FOLDER]", type=click.Path(path_type=Path, exists=True), required=False)
@config_option
@json_option
def command(folder: Path | None, config_path: Path | None, as_json: bool) -> int:
    """Check the ledger against its journal, and that against git, the pages and its time stamps, tier by tier.

    Each tier says what it was held against, and no more; `--` had nothing. With a FOLDER (or .zip) of evidence check
    that, offline, without ledger and config. Exit 1 where something does not fit; the first such entry is named.
    """
    if folder is not None:
        return verify_evidence(folder, as_json=as_json)
    return _verify_records(config_path, as_json=as_json)


def _verify_records(config_path: Path | None, *, as_json: bool) -> int:
    from notifier.bootstrap import open_ledger
    from notifier.usecases.proof.verify import first_misfit

    config = load_config(config_path)
    tiers = look_at_tiers(config, as_json=as_json)
    holds, first = all(one.holds is not False for one in tiers), first_misfit(tiers)
    if as_json:
        with open_ledger(config) as ledger:
            head = ledger.journal.head()
        whole = {"number": head.number, "hash": head.hash}
        said = list(map(tier_json, tiers))
        say_json({"holds": holds, "head": whole, "tiers": said, "first_misfit": first and _json(first)})
    elif first is not None and first.entry is not None:
        say(f"the first entry that does not fit: {first.entry}")
    return 0 if holds else 1


def look_at_tiers(config: Config, *, as_json: bool) -> list[TierFound]:
    """Tier by tier, told as each is known unless it will all be JSON."""
    from notifier.bootstrap import open_ledger, open_repository, utc_now
    from notifier.shipped import templates_for
    from notifier.usecases.proof.verify import verify

    tiers = list["TierFound"]()
    today, templates = utc_now().astimezone(config.posting_zone).date(), templates_for(config.root)
    with (
        open_repository(config) as repository,
        open_ledger(config) as ledger,
        progress("verifying") as on_progress,
    ):
        for found in verify(config, repository, ledger, templates, today=today, on_progress=on_progress):
            tiers.append(found)
            if not as_json:
                _tell(found)
    return tiers


def tier_json(found: TierFound) -> dict[str, object]:
    misfits = [_json(each) for each in found.misfits]
    return {"tier": found.tier, "holds": found.holds, "says": found.says, "misfits": misfits}


def _tell(found: TierFound) -> None:
    say(f"{MARKS[found.holds]}  {found.tier:17}  {found.says}")
    for misfit in found.misfits[:MOST_LINES]:
        say(f"      {misfit.says}")
    if len(found.misfits) > MOST_LINES:
        say(f"      and {len(found.misfits) - MOST_LINES:,} more")


def _json(misfit: Misfit) -> dict[str, object]:
    return {"entry": misfit.entry, "says": misfit.says}


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


MARKS_OF_STEPS = {True: "holds", False: "FALSE", None: "-----"}
"""None: not checked."""


def _lines(examined: Examined) -> list[str]:
    lines = [f"evidence of {examined.about}"]
    for step in examined.steps:
        lines.append(f"  {MARKS_OF_STEPS[step.holds]}  {step.name:<8} {step.found}")
        if step.holds is not False and step.rests_on:
            lines.append(f"                  to doubt it: {step.rests_on}")
    unchecked = f", but for what was not checked: {', '.join(examined.unchecked)}" if examined.unchecked else ""
    return [*lines, f"it holds{unchecked}" if examined.holds else "IT DOES NOT HOLD"]
