"""`notifier diff OLD NEW`: what changed between two texts, and what it amounts to. Imports little: start-up is felt."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli.frame import json_option, say, say_json, terminal_width, wants_colour

if TYPE_CHECKING:
    from notifier.significance.comparison import Comparison

FORMATS = ("terminal", "markdown", "html", "json")
LANGUAGE_SUFFIX = re.compile(r"\.([a-z]{2}(?:-[A-Za-z]{2,4})?)\.(?:md|markdown)$")
"""As in `privacy.de.md` or `privacy.pt-BR.md`; `privacy.new.md` is in no language called `new`."""


@click.command(name="diff")
@click.argument("old")
@click.argument("new")
@click.option("--format", "shape", type=click.Choice(FORMATS), default="terminal", help="How to show it.")
@click.option("--language", metavar="CODE", help="Of the texts; default: as in privacy.de.md, else en.")
@click.option("--side-by-side", is_flag=True, help="Two columns, from 120 columns on.")
@click.option("--all", "show_all", is_flag=True, help="Show links, markup and typography too.")
@json_option
def command(
    old: str, new: str, shape: str, language: str | None, side_by_side: bool, show_all: bool, as_json: bool
) -> None:
    """Show what changed from OLD to NEW: two files (`-`: what comes in), or two REV:PATH of the repository here."""
    from notifier.significance.comparison import compare

    comparison = compare(read_text(old), read_text(new), language=language or _language_of(new))
    if as_json or shape == "json":
        from notifier.render.redline.json import comparison_json

        return say_json(comparison_json(comparison))
    if shape == "terminal":
        return _draw(comparison, f"{old} → {new}", side_by_side=side_by_side, show_all=show_all)
    heading = f"{Path(old).name} → {Path(new).name}"
    return say(_as_markdown(comparison, heading) if shape == "markdown" else as_html(comparison, heading))


def read_text(name: str) -> str:
    """The text of a file or, where there is none of that name, of `REV:PATH`; line ends and all else as they are."""
    path = Path(name)
    if not path.exists() and ":" in name:
        from notifier.repository import Repository

        with Repository.open(Path.cwd(), at="HEAD") as repository:
            return repository.text_at(name)
    try:
        source = path.read_bytes() if name != "-" else sys.stdin.buffer.read()
        return source.decode()
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        raise click.UsageError(f"{name}:{line}: not UTF-8") from error
    except OSError as error:
        raise click.UsageError(f"{name}: {(error.strerror or str(error)).lower()}") from error


def _language_of(name: str) -> str:
    suffix = LANGUAGE_SUFFIX.search(name)
    return suffix[1] if suffix else "en"


def _draw(comparison: Comparison, heading: str, *, side_by_side: bool, show_all: bool) -> None:
    from notifier.render.redline.terminal import draw_comparison

    drawn = draw_comparison(
        comparison,
        width=terminal_width(),
        colour=wants_colour(),
        side_by_side=side_by_side,
        show_all=show_all,
        heading=heading,
    )
    say(drawn, coloured=True)


def _as_markdown(comparison: Comparison, heading: str) -> str:
    from notifier.render.redline.pull_request import draw_markdown

    return draw_markdown(comparison, heading=heading)


def as_html(comparison: Comparison, heading: str, consent: str = "") -> str:
    """The page that `--format html` prints."""
    from notifier.render.redline.html_page import draw_page

    return draw_page(comparison, heading, consent)
