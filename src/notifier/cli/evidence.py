"""`notifier evidence …`: a folder that proves, to somebody who has nothing else, what was told to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from notifier.cli import suggestions
from notifier.cli.at import Day
from notifier.cli.frame import UncutGroup, config_option, json_option, load_config, say, say_json
from notifier.errors import Refused
from notifier.plurals import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from notifier.ledger import Ledger

    Asked = Callable[[Ledger], Mapping[str, str | None]]


@click.group(name="evidence", cls=UncutGroup)
def command() -> None:
    """Write a folder that proves what was told: texts, redline, reasons, the mails as sent, events, git's own objects.

    It needs nothing else: `notifier verify FOLDER` checks it on any machine, offline.
    """


def _options(verb: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        json_option,
        config_option,
        click.option(
            "--out", type=click.Path(path_type=Path), metavar="PATH", help="Where to; default: a name of its own here."
        ),
        click.option("--zip", "as_zip", is_flag=True, help="One .zip file in place of a folder."),
        click.option("--pdf", "with_pdf", is_flag=True, help="Its pages as a PDF beside it, too; with WeasyPrint."),
        click.option(
            "--at", "day", type=Day(), help="As of the end of this day (2026-03-01), and what was in force on it."
        ),
    ):
        verb = option(verb)
    return verb


@command.command(name="customer")
@click.argument("customer", metavar="ADDRESS-OR-ID", shell_complete=suggestions.customers)
@click.option("--policy", metavar="POLICY", shell_complete=suggestions.policies, help="Only what tells of this policy.")
@_options
def customer_command(
    customer: str, policy: str | None, day: date | None, as_zip: bool, with_pdf: bool, out: Path | None,
    config_path: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """What one customer was told, when, in which words. Of nobody else it says anything."""

    def asked(ledger: Ledger) -> dict[str, str | None]:
        return {"customer_id": ledger.told.customer_id(customer), "policy_id": policy}

    _write(asked, "customer", day, _Form(as_zip, with_pdf, out, as_json), config_path)


@command.command(name="notice")
@click.argument("notice_id", metavar="NOTICE", shell_complete=suggestions.notices)
@_options
def notice_command(
    notice_id: str, day: date | None, as_zip: bool, with_pdf: bool, out: Path | None, config_path: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """What one notice told, who let it go, how it was sent, and how many it reached. It names no recipient."""
    _write(lambda _: {"notice_id": notice_id}, notice_id, day, _Form(as_zip, with_pdf, out, as_json), config_path)


@dataclass(frozen=True)
class _Form:
    """As what it is written, and how that is told."""

    as_zip: bool
    with_pdf: bool
    out: Path | None
    as_json: bool


def _write(asked: Asked, name: str, day: date | None, form: _Form, config_path: Path | None) -> None:
    from notifier.bootstrap import open_ledger, open_repository, utc_now
    from notifier.usecases.evidence.gathering import Question
    from notifier.usecases.evidence.making import make_evidence, pdf_of
    from notifier.usecases.evidence.parcel import file_name, write_file, write_folder, write_zip

    config, now = load_config(config_path), utc_now()
    today = now.astimezone(config.posting_zone).date()
    on = day or today
    if on > today:
        raise Refused(f"--at: {on} has not come yet, and nobody can prove it")
    with open_repository(config, is_fresh=False) as repository, open_ledger(config) as ledger:
        files = make_evidence(config, repository, ledger, Question(on, **asked(ledger)), now=now)
    place = form.out or Path(f"evidence-{file_name(name)}-{now:%Y%m%d-%H%M%S}{'.zip' * form.as_zip}")
    pdf = place.with_name(place.name.removesuffix(".zip") + ".pdf") if form.with_pdf else None
    if pdf and pdf.exists():
        raise Refused(f"{pdf}: is there already; name another with --out, or remove it")
    printed = pdf_of(files) if pdf else b""
    (write_zip if form.as_zip else write_folder)(files, place)
    if pdf:
        write_file(printed, pdf)
    size = sum(map(len, files.values()))
    if form.as_json:
        return say_json({"path": str(place), "files": len(files), "bytes": size, "pdf": str(pdf) if pdf else None})
    say(f"{place}: {counted(len(files), 'file')}, {size:,} bytes")
    say(f"  read    {pdf or (place if form.as_zip else place / 'index.html')}")
    return say(f"  check   notifier verify {place}")
