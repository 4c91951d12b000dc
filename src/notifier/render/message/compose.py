"""`PolicyUpdate`s → `Message`: one frozen variant of a notice, in the words of `templates/notice/`.

The shapes (`subject.txt.j2`, `text.txt.j2`, `message.mjml`) are the same for every language; what is said stands in
`words/LANGUAGE.toml`, so a new language is one new file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from notifier.errors import TemplateError
from notifier.notice.message import NAME_TAG_HTML, NAME_TAG_TEXT, Company, Message, PolicyUpdate
from notifier.render.localised import day_and_month, joined, language_name, long_date
from notifier.render.message.content import MessageContent, base_of, update_content
from notifier.render.message.letter_words import letter_words, words_folder
from notifier.render.message.quotation import one_line
from notifier.render.templates import open_environment, render, render_mjml
from notifier.shipped import TEMPLATES, shipped

if TYPE_CHECKING:
    from jinja2 import Environment

MAX_HTML_BYTES = 100_000
"""Mail programs cut longer messages off; the redline behind the link holds what a shorter message leaves out."""
_MOST_QUOTED = (5, 3, 1, 0)
"""Changed sentences quoted of each policy; the next one is taken when a message would be too long."""
_ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]]")


def compose(
    changes: Sequence[PolicyUpdate],
    *,
    language: str,
    controlling_language: str,
    company: Company,
    action: str | None,
    templates: Path,
    hosts: Collection[str],
) -> Message:
    """The message that readers of `language` get about `changes`, with a place left open for their names.

    `action` says what customers can do; `{effective_on}` in it becomes the first day on which a change applies.
    `templates` is the installation's folder, `hosts` are those that links may lead to. Raises TemplateError.
    """
    folder = templates / "notice"
    own_language = message_language(templates, language, controlling_language)
    for most in _MOST_QUOTED:
        updates = tuple(update_content(change, most=most, hosts=hosts) for change in changes)
        message = MessageContent(own_language, language or own_language, company, updates, action or "")
        message = message if message.is_to_come else message._replace(action="")  # what to do speaks of a day to come
        subject, text, html = _worded(message, folder)
        if len(html.encode()) <= MAX_HTML_BYTES:
            break
    return Message(language, tuple(dict.fromkeys(change.policy_id for change in changes)), subject, text, html)


def message_languages(templates: Path) -> tuple[str, ...]:
    """The languages that the installation has words for: those of its own folder of words, else the shipped ones."""
    own, ours = (sorted(words_folder(folder).glob("*.toml")) for folder in (templates, shipped(TEMPLATES)))
    return tuple(path.stem for path in own or ours)


def message_language(templates: Path, language: str, controlling_language: str) -> str:
    """The first that there are words for: the reader's language, the controlling one, English."""
    there = message_languages(templates)
    for wanted in (language, controlling_language, "en"):
        if base_of(wanted) in there:
            return wanted.replace("_", "-")
    raise TemplateError(f"{words_folder(templates) / 'en.toml'}:1: there is no such file")


def _worded(message: MessageContent, folder: Path) -> tuple[str, str, str]:
    """Subject, text and HTML."""
    plainly = _environment(folder, message, escapes=False)
    said = _said(folder, message, name=NAME_TAG_TEXT, blank=" ")
    subject = " ".join(render(plainly, "subject.txt.j2", said).split())
    text = _tidy(render(plainly, "text.txt.j2", said))
    escaping = _environment(folder, message, escapes=True)
    said = _said(folder, message, name=NAME_TAG_HTML, blank="\u00a0")
    return subject, text, render_mjml(escaping, "message.mjml", {**said, "subject": subject})


def _said(folder: Path, message: MessageContent, *, name: str, blank: str) -> dict[str, Any]:
    """What templates say; `blank` stands between a day and its month."""
    say = letter_words(folder.parent, message.language)._replace(blank=blank)
    action = one_line(message.action).replace("{effective_on}", say.long_date(message.effective_on))
    message = message._replace(action=action)
    old_name = {"letter": message}  # as the templates of older installations have it
    return {**old_name, "message": message, "name": name, "say": say}


def _environment(folder: Path, message: MessageContent, *, escapes: bool) -> Environment:
    filters: dict[str, Callable[..., Any]] = {
        "long_date": partial(long_date, language=message.language),
        "day_and_month": partial(day_and_month, language=message.language),
        "joined": partial(joined, language=message.language),
        "language_name": partial(language_name, language=message.language),
        "first_upper": _first_upper,
        "linked": _linked,
    }
    return open_environment(
        folder, shipped(TEMPLATES) / "notice", escapes=escapes, language=message.language, filters=filters
    )


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _linked(text: str) -> Markup:
    """`text` escaped, its addresses made links."""
    pieces, end = [], 0
    for found in _ADDRESS.finditer(text):
        pieces += [escape(text[end : found.start()]), Markup('<a href="{0}">{0}</a>').format(found[0])]
        end = found.end()
    return Markup("").join([*pieces, escape(text[end:])])


def _tidy(text: str) -> str:
    """No more than one empty line in a row, none at either end, no blanks at line ends."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"
