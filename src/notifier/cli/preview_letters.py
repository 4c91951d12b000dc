"""The letters of `notifier preview --email`: what would go out, in a terminal, as JSON, or as a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli.frame import note, say, say_json, terminal_width, wants_colour

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.usecases.preview import Letter, Preview


def chosen_letters(letters: Sequence[Letter], policies: Sequence[str], language: str | None) -> tuple[Letter, ...]:
    """Those in this language that tell of one of these policies; each as it would go, with what else it tells."""
    from notifier.notice.delivery import language_for

    return tuple(
        one
        for one in letters
        if (language is None or language_for(language, [one.message.language], ""))
        and (not policies or set(policies) & set(one.message.policies))
    )


def why_none(previews: Sequence[Preview], letters: Sequence[Letter], language: str | None, templates: Path) -> str:
    """Why there is no letter to show: nothing would be told, or nothing in that language."""
    from notifier.notice.delivery import language_for
    from notifier.render.message.compose import message_languages

    if not letters:
        waiting = [f"{one.policy_id} waits: {one.standing.wait.why}" for one in previews if one.standing.wait]
        return "\n".join(["no message: a run now would tell nobody of anything", *waiting])
    offered = sorted({one.message.language for one in letters})
    if language and not language_for(language, message_languages(templates), ""):
        instead = f"there are {', '.join(offered)}"
        return f"no message in {language}: there are no words for it (templates/notice/words/{language}); {instead}"
    return f"no message tells of that; the letters tell of {', '.join(sorted(_told(letters)))}"


def _told(letters: Sequence[Letter]) -> set[str]:
    return {policy for one in letters for policy in one.message.policies}


def show_letters(
    config: Config, letters: Sequence[Letter], name: str, html_file: Path | None, *, is_opened: bool, as_json: bool
) -> int:
    from notifier.render.message.mail_preview import draw_html, draw_message

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
        "recipients": letter.readers,
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
