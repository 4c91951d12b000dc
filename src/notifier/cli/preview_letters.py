"""The letters of `notifier preview --email`: what would go out, in a terminal, as JSON, or as a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from notifier.cli.frame import note, say, say_json, terminal_width, wants_colour

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.usecases.preview import Letter, Preview


class Asked(NamedTuple):
    """Which letters somebody wants to see, and how."""

    policies: Sequence[str]
    """Of one of these; of any where there are none."""
    language: str | None
    html_file: Path | None
    is_opened: bool
    as_json: bool

    def wants(self, letter: Letter) -> bool:
        """It is shown as it would go, with what else it tells."""
        from notifier.notice.delivery import language_for

        message = letter.message
        is_in_language = self.language is None or language_for(self.language, [message.language], "")
        return bool(is_in_language) and (not self.policies or not set(self.policies).isdisjoint(message.policies))


def show_letters(config: Config, ledger: Ledger, templates: Path, previews: Sequence[Preview], asked: Asked) -> int:
    """The letters of these previews that are asked for; 1 where one could not go as it is, or there is no such one."""
    from notifier.usecases.preview import letters, longest_name

    written = letters(config, ledger, templates, previews, of_parts=True, asked=asked.language)
    chosen = [one for one in written if asked.wants(one)]
    if chosen:
        return _show(config, chosen, longest_name(ledger), asked)
    waiting = [one for one in previews if not asked.policies or one.policy_id in asked.policies]
    say(why_none(waiting, written, asked.language, templates))
    return 1 if written else 0


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


def _show(config: Config, letters: Sequence[Letter], name: str, asked: Asked) -> int:
    from notifier.render.message.mail_preview import draw_html, draw_message

    if asked.html_file or asked.is_opened:
        return _write_html(draw_html(letters[0].message, name=name), asked.html_file, is_opened=asked.is_opened)
    if asked.as_json:
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
