"""What every verb shares: finding the installation, printing safely, tables, progress on stderr."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from json.encoder import encode_basestring
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from notifier.config import Config

Command = TypeVar("Command", bound=Callable[..., Any])
OnProgress = Callable[[int, int | None], None]
"""Called with how many are done, and of how many in all (None: not known yet)."""
OnStage = Callable[[str, int, int | None], None]
"""The same with the name of what is going on."""

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class UncutGroup(click.Group):
    """A group whose help says of each command the whole first sentence; click cuts it off at the terminal's width."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One command a line, folded where it is long."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, one.get_short_help_str(1000)) for name, one in commands if one and not one.hidden]
            )


def config_option(command: Command) -> Command:
    """`--config PATH`, handed over as `config_path`."""
    option = click.option(
        "--config",
        "config_path",
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="The installation's config.toml; default: the nearest one from here upward.",
    )
    return option(command)


def json_option(command: Command) -> Command:
    """`--json`, handed over as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")(command)


def load_config(config_path: Path | None) -> Config:
    """The installation named by `--config` (a file or its folder), else the nearest one from here upward."""
    from notifier import config

    if config_path is not None and config_path.is_dir():
        config_path = config_path / config.FILE_NAME
    return config.load(config_path or config.find(Path.cwd()))


def scrub(text: str, *, keep_colour: bool = False) -> str:
    """`text` with control characters made visible, so that no policy and no name can play with a terminal."""
    from notifier.render.styled_text import harmless

    if not keep_colour:
        return harmless(text)
    colours = COLOUR.findall(text)
    return "".join(chain(*zip(map(harmless, COLOUR.split(text)), [*colours, ""], strict=True)))


def say(text: str = "", *, coloured: bool = False) -> None:
    """A line (or more) on stdout. `coloured`: the text holds colours of our own making, which stay."""
    click.echo(scrub(text, keep_colour=coloured), color=True if coloured else None)


def note(text: str) -> None:
    """A line on stderr, beside the answer: a warning, or what happens meanwhile."""
    click.echo(scrub(text), err=True)


def confirm(why: str, what: str) -> None:
    """Ask a person whether to go on; where nobody can be asked, raise `Refused` with the option that says it."""
    from notifier.errors import Refused

    if not sys.stdin.isatty():
        raise Refused(f"{why}; --yes: {what}")
    click.confirm(scrub(f"{why}; {what}?"), abort=True, err=True)


def say_json(value: object) -> None:
    """One JSON value on stdout, keys in the order given."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def say_json_list(values: Iterable[object]) -> None:
    """A JSON list on stdout, value by value as they come."""
    before = "["
    for value in values:
        click.echo(f"{before}\n{_indented(value, 0)}", nl=False)
        before = ","
    click.echo("[]" if before == "[" else "\n]")


def _indented(value: object, depth: int) -> str:
    """As `json.dumps` with an indent of two writes it, which writes leaves fast and all else in Python, in pieces."""
    inner = "  " * (depth + 1)
    if isinstance(value, set | frozenset):
        value = sorted(value)
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict) and value:
        pairs = [f"{encode_basestring(str(key))}: {_indented(one, depth + 1)}" for key, one in value.items()]
        return f"{{\n{inner}" + f",\n{inner}".join(pairs) + f"\n{inner[2:]}}}"
    if isinstance(value, list | tuple) and value:
        parts = [_indented(one, depth + 1) for one in value]
        return f"[\n{inner}" + f",\n{inner}".join(parts) + f"\n{inner[2:]}]"
    return _LEAF.encode(value)


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


_LEAF = json.JSONEncoder(ensure_ascii=False, default=_plain)


def wants_colour() -> bool:
    """Is stdout a terminal that may be coloured? `NO_COLOR` set to anything says no (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def terminal_width() -> int:
    """Columns of the terminal; 100 where there is none."""
    import shutil

    return shutil.get_terminal_size((100, 24)).columns


def table(headers: Sequence[str], rows: Sequence[Sequence[object]], *, right: Sequence[str] = ()) -> str:
    """Rows under their headers, columns aligned by three spaces; the columns named in `right` to the right."""
    from notifier.render.styled_text import columns

    cells = [list(headers), *([scrub(_cell(value)) for value in row] for row in rows)]
    widths = [max(columns(cell) for cell in column) for column in zip(*cells, strict=True)]
    is_right = [header in right for header in headers]
    return "\n".join(
        "   ".join(
            _padded(cell, width, to_right=side) for cell, width, side in zip(row, widths, is_right, strict=True)
        ).rstrip()
        for row in cells
    )


def _cell(value: object) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value).replace("\n", " ").replace("\t", " ")


def _padded(text: str, width: int, *, to_right: bool) -> str:
    from notifier.render.styled_text import columns

    space = " " * (width - columns(text))
    return space + text if to_right else text + space


@contextmanager
def progress(label: str) -> Iterator[OnProgress]:
    """A progress bar on stderr while the block runs; nothing at all where stderr is no terminal."""
    with stages() as on_stage:
        yield lambda done, total: on_stage(label, done, total)


@contextmanager
def stages() -> Iterator[OnStage]:
    """The same for work of several stages: each has a bar of its own, and the one before disappears."""
    if not sys.stderr.isatty():
        yield lambda _label, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    parts = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[speed]}"))
    bar = Progress(*parts, TimeRemainingColumn(), console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=None, speed="", visible=False)

    def on_stage(label: str, done: int, total: int | None) -> None:
        if bar.tasks[0].description != label:
            bar.reset(task, description=label, visible=True)
        bar.update(task, completed=done, total=total, speed=_speed(bar.tasks[0].speed))

    with bar:
        yield on_stage


def _speed(per_second: float | None) -> str:
    return f"{per_second:,.0f}/s" if per_second else ""
