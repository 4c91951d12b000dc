"""`notifier preview`: what a revision would change, who would be told, and the message itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli.frame import (
    config_option,
    json_option,
    load_config,
    note,
    say,
    say_json,
    terminal_width,
    wants_colour,
)

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.usecases.preview import Letter, Preview

NO_POLICY = "no policy here yet: write one as Markdown, or notifier import FILE"
FORMATS = ("terminal", "markdown", "html", "json")


@click.command(name="preview")
@click.argument("policies", nargs=-1, metavar="[POLICY]...")
@click.option("--from", "from_", metavar="REV", help="Compare with this; default: the text customers know.")
@click.option("--to", metavar="REV", help="Preview this; default: the working tree.")
@click.option("--format", "shape", type=click.Choice(FORMATS), default="terminal", help="How to show it.")
@click.option("--side-by-side", is_flag=True, help="Two columns, from 120 columns on.")
@click.option("--all", "show_all", is_flag=True, help="Show links, markup and typography too.")
@click.option("--email", "as_email", is_flag=True, help="Show the message itself, in each language.")
@click.option("--language", metavar="CODE", help="Of the message: only this one.")
@click.option("--html", "html_file", type=click.Path(path_type=Path), help="Write the message's HTML part to a file.")
@click.option("--open", "is_opened", is_flag=True, help="Open the message's HTML part in a browser.")
@config_option
@json_option
def command(
    policies: tuple[str, ...],
    from_: str | None,
    to: str | None,
    shape: str,
    side_by_side: bool,
    show_all: bool,
    as_email: bool,
    language: str | None,
    html_file: Path | None,
    is_opened: bool,
    config_path: Path | None,
    as_json: bool,
) -> int:
    """Show what POLICIES (all by default) would change, whether customers would be told, and why. Changes nothing."""
    from notifier.bootstrap import open_ledger, open_repository, utc_now
    from notifier.shipped import templates_for
    from notifier.usecases.preview import letters, longest_name, preview
    from notifier.usecases.standings import read_records

    config = load_config(config_path)
    with open_repository(config) as repository, open_ledger(config) as ledger:
        records = read_records(config, repository, ledger, utc_now())
        previews = preview(records, ledger, policies, from_=from_, to=to)
        if as_email or html_file or is_opened:
            written = letters(config, ledger, templates_for(config.root), previews)
            chosen = tuple(one for one in written if language in (None, one.message.language))
            name = longest_name(ledger)
            return _show_letters(config, chosen, name, html_file, is_opened=is_opened, as_json=as_json)
    has_policies = bool(previews)
    if not policies:
        previews = tuple(one for one in previews if not one.is_idle)
    shown = [preview_json(one) for one in previews]
    if as_json or shape == "json":
        say_json(shown)
    elif not previews:
        say("nothing to post: every policy reads as posted" if has_policies else NO_POLICY)
    else:
        for one in previews:
            _show(one, shape, side_by_side=side_by_side, show_all=show_all)
    return 0


def preview_json(preview: Preview) -> dict[str, object]:
    """One policy as `preview --json` prints it: `diff --json` with who, when and against what."""
    from notifier.render.redline.json import comparison_json

    posting, verdict, wait = preview.posting, preview.standing.verdict, preview.standing.wait
    return {
        "policy": preview.policy_id,
        "title": preview.title,
        "before": preview.before,
        "after": preview.after,
        **comparison_json(preview.comparison),
        "posted_as": posting.significance.value if posting else None,
        "posted_on": posting.posted_on if posting else None,
        "effective_on": posting.effective_on if posting else None,
        "word": posting.word if posting else "",
        "ignored": [str(one) for one in verdict.word.ignored] if verdict else [],
        "waits": {"why": wait.why, "until": wait.until} if wait else None,
        "is_told": preview.is_told,
        "readers": dict(preview.readers),
    }


def _show(preview: Preview, shape: str, *, side_by_side: bool, show_all: bool) -> None:
    heading = f"{preview.policy_id} · {preview.title}"
    if shape == "markdown":
        from notifier.render.redline.pull_request import draw_markdown

        told, tasks = _told(preview), _unheard(preview)
        return say(draw_markdown(preview.comparison, heading=preview.policy_id, told=told, tasks=tasks))
    if shape == "html":
        from notifier.cli.diff import as_html

        return say(as_html(preview.comparison, heading))
    from notifier.render.redline.terminal import draw_comparison

    drawn = draw_comparison(
        preview.comparison,
        width=terminal_width(),
        colour=wants_colour(),
        side_by_side=side_by_side,
        show_all=show_all,
        heading=heading,
        heading_right=f"{preview.after} against {preview.before}",
        told=_told(preview),
        dates=_dates(preview),
    )
    say(drawn, coloured=True)
    for line in _unheard(preview):
        say(f"\n{line}")
    if preview.is_told and preview.lacks_summary:
        say('\nAdd a summary for the notice in the front matter:  summary: "…"')
    return None


def _unheard(preview: Preview) -> list[str]:
    """Words on significance that do not count, claims among them: shown wherever the verdict is."""
    verdict = preview.standing.verdict
    return [str(one) for one in verdict.word.ignored] if verdict else []


def _told(preview: Preview) -> str:
    posting, wait = preview.posting, preview.standing.wait
    if posting is None and not preview.is_told:
        return "reads as posted"
    if posting and posting.is_adoption and not preview.readers:
        return "adopted as posted, without a notice"
    if wait and wait.until:
        until = f"{wait.until:%Y-%m-%d %H:%M %Z}"
        return f"waits for an editor's word, until {until}; then customers are told: {sum(preview.readers.values()):,}"
    if not preview.readers and not preview.is_told:
        return f"posted without a notice{_word(preview)}"
    by_language = " · ".join(f"{language} {count:,}" for language, count in sorted(preview.readers.items()))
    people = f"customers will be told: {sum(preview.readers.values()):,}{_word(preview)}"
    return f"{people} ({by_language})" if by_language else people


def _word(preview: Preview) -> str:
    """Whose word decided, where the verdict by itself was another."""
    return f"; {preview.posting.word}" if preview.posting and preview.posting.word else ""


def _dates(preview: Preview) -> str:
    posting = preview.posting
    if posting is None:
        return ""
    when = f"if posted today, {posting.posted_on}: in force {posting.effective_on}"
    days = (posting.effective_on - posting.posted_on).days
    return f"{when} (notice of {days} days)" if preview.is_told else when


def _show_letters(
    config: Config, letters: tuple[Letter, ...], name: str, html_file: Path | None, *, is_opened: bool, as_json: bool
) -> int:
    from notifier.render.message.mail_preview import draw_html, draw_message

    if not letters:
        say("no message: a run now would tell nobody of anything")
        return 0
    if html_file or is_opened:
        return _write_html(draw_html(letters[0].message, name=name), html_file, is_opened=is_opened)
    if as_json:
        say_json([letter_json(letter) for letter in letters])
    else:
        drawn = (
            draw_message(
                letter.message,
                name=name,
                sender=config.mail.from_,
                width=terminal_width(),
                colour=wants_colour(),
                findings=letter.findings,
            )
            for letter in letters
        )
        say("\n\n".join(drawn), coloured=True)
    return 1 if any(letter.findings for letter in letters) else 0


def letter_json(letter: Letter) -> dict[str, object]:
    message = letter.message
    return {
        "language": message.language,
        "policies": list(message.policies),
        "readers": letter.readers,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "findings": [str(finding) for finding in letter.findings],
    }


def _write_html(html: str, html_file: Path | None, *, is_opened: bool) -> int:
    import tempfile
    import webbrowser

    path = html_file or Path(tempfile.mkdtemp(prefix="notifier-")) / "message.html"
    try:
        path.write_text(html, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    note(f"{path}: the HTML part (choose another with --language)")
    if is_opened and not webbrowser.open(path.absolute().as_uri()):
        note(f"no browser could be opened; open {path} yourself")
    return 0
