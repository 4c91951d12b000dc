"""The command line: parse, one call, print, exit code. Each verb is a file here, imported only when it is used.

Exit codes: 0 done, 1 the answer is no (a failed check, pending trouble, a failure on the way), 2 wrong use or input.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from typing import TYPE_CHECKING

import click

from notifier import __version__
from notifier.errors import NotifierError, Refused

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

VERBS = {
    "init": "Make an installation in DIR.",
    "import": "Make a policy from a Word, LibreOffice or web file.",
    "preview": "Show what a revision would change, and who would be told.",
    "diff": "Show what changed between two files or two REV:PATH.",
    "check": "Look for what must be mended before a revision lands.",
    "log": "List every revision with its significance.",
    "run": "Make one pass: post, announce, send, record, publish.",
    "schedule": "Make such runs at the configured times, until stopped.",
    "worker": "Send what runs have begun, beside others, until stopped.",
    "status": "Show what is posted, pending, sending and not reached.",
    "notice": "List, show, approve, hold, resume, cancel, retry, extend, settle, move or test notices.",
    "customers": "Import, export, list, show, suppress or forget customers.",
    "people": "List, show and import who accepted what.",
    "keys": "Create, list or revoke keys to the interface for applications.",
    "at": "Tell which text was in force on a day.",
    "evidence": "Write a folder that proves what one customer, or everybody, was told.",
    "verify": "Check ledger, journal, git and pages; or such a folder, offline.",
    "publish": "Write the posted pages.",
    "serve": "Serve the posted pages and take the provider's events.",
    "decide": "Settle a close call.",
    "withdraw": "Take back what was announced, before its day.",
    "evaluate": "Measure the judgement on labelled revisions.",
    "explain": "Tell of a revision what changed, which rules spoke, what was done.",
    "rules": "Tell what each rule of the judgement looks for.",
    "recover": "Make git and the ledger agree again, and ask what nobody can know.",
    "anchor": "Have an authority stamp the journal's head with its time.",
    "export": "Write everybody whom a notice was for to a file.",
    "backup": "Copy the ledger into a file, while it is in use.",
    "restore": "Put such a copy in place of the ledger.",
    "ledger": "Carry the ledger from SQLite to PostgreSQL.",
    "migrate": "Bring the ledger to the schema of this version, while it is in use.",
    "doctor": "Say what is configured, reachable and missing.",
    "hook": "Install the check as a git hook.",
    "completion": "Print the completion script for bash, zsh or fish.",
}
"""Every verb with its short help, so that `--help` imports none of them; `cli/<verb>.py` holds its `command`."""


class LazyGroup(click.Group):
    """A group that imports a verb's file only when that verb is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        command: click.Command = importlib.import_module(f"notifier.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            ctx.fail(f"{args[0]}: no such command{_nearest(args[0])}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Verbs from the table, so that a press of Tab imports none of them."""
        from click.shell_completion import CompletionItem

        verbs = [CompletionItem(verb, help=text) for verb, text in VERBS.items() if verb.startswith(incomplete)]
        return verbs + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="notifier")
def notifier() -> None:
    """Post each policy revision with its date, and tell every customer, exactly once, what significantly changed."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit.

    Of what a verb makes, little is a cycle: to look for those often costs a tenth of a short verb's time, and to look
    through everything once more at its end a sixth.
    """
    gc.set_threshold(200_000, 50, 100)
    code = exit_code(arguments)
    gc.freeze()
    sys.exit(code)


def exit_code(arguments: list[str] | None = None) -> int:
    """Run the command line; every failure becomes one line on stderr (one a finding) and a code."""
    if os.environ.get("NOTIFIER_DEBUG"):
        return _code_of(notifier.main(arguments, prog_name="notifier", standalone_mode=False))
    try:
        outcome = notifier.main(arguments, prog_name="notifier", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        return _hush_closed_pipe()
    except click.ClickException as error:
        return _complain(_usage_text(error), 2)
    except (KeyboardInterrupt, click.Abort):
        return _complain("stopped", 130)
    except Refused as error:
        return _complain(str(error), 2)
    except NotifierError as error:
        return _complain(str(error), 1)
    except OSError as error:
        return _complain_about_the_system(error)
    except Exception as error:  # noqa: BLE001  # the edge: a person gets a line, a developer the traceback on demand
        return _complain_about_a_bug(error)
    return _code_of(outcome)


def _code_of(outcome: object) -> int:
    """A verb returns its exit code, or nothing for 0."""
    return outcome if isinstance(outcome, int) else 0


def _complain(text: str, code: int) -> int:
    from notifier.cli.frame import scrub
    from notifier.structured_log import is_kept, tell

    if is_kept():
        tell("process.failed", scrub(text), level="error", exit_code=code)
    else:
        click.echo(scrub(text), err=True)
    return code


def _usage_text(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    text = " ".join(error.format_message().split()).rstrip(".")
    path = context.command_path if context else "notifier"
    return f"{path}: {text[:1].lower() + text[1:]}; see {path} --help"


def _complain_about_the_system(error: OSError) -> int:
    """What the system refused: a path that a person can mend is wrong input, a full disk is not."""
    is_about_a_path = isinstance(error, PermissionError | FileNotFoundError | NotADirectoryError | IsADirectoryError)
    where = f"{error.filename}: " if error.filename else ""
    what = f"{where}{(error.strerror or str(error)).lower()}"
    return _complain(what, 2) if is_about_a_path and where else _complain(f"notifier failed: {what}", 1)


def _complain_about_a_bug(error: Exception) -> int:
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f" at {os.path.basename(where.tb_frame.f_code.co_filename)}:{where.tb_lineno}" if where else ""  # noqa: PTH119  # pathlib is not needed for start-up
    kind = type(error).__name__
    return _complain(f"notifier failed: {kind}{place}; NOTIFIER_DEBUG=1 in the environment shows where and why", 1)


def _hush_closed_pipe() -> int:
    """The reader of our output went away (`| head`): nobody is left to tell, and Python must not try at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _nearest(word: str) -> str:
    from difflib import get_close_matches

    nearest = get_close_matches(word, VERBS, n=1)
    return f"; did you mean {nearest[0]}?" if nearest else ""
