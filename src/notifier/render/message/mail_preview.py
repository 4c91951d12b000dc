"""A message as a customer will have it, shown before anybody gets it: in a terminal, or as a page for a browser."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from notifier.notice.message import NAME_TAG_HTML, NAME_TAG_TEXT, Message
from notifier.render.message.lint import MessageFinding
from notifier.render.message.quotation import one_line
from notifier.render.styled_text import Style, Styled, columns, paint


def draw_message(
    message: Message, *, name: str, sender: str, width: int, colour: bool, findings: Sequence[MessageFinding] = ()
) -> str:
    """The headers and the text part, greeted to `name` (the longest on the roster shows the worst case).

    `findings` of the lint stand first: with any of them the message would not be sent.
    """
    size = f"html {len(message.html.encode()) / 1000:.1f} KB"
    lines = [
        [Styled(_rule(f"{message.language} · {', '.join(message.policies)}", size, width), Style.FAINT)],
        *([Styled(f"will not be sent · {finding}", Style.ALARM)] for finding in findings),
        [Styled("From:    ", Style.FAINT), Styled(one_line(sender))],
        [Styled("Subject: ", Style.FAINT), Styled(one_line(fill_text(message.subject, name)), Style.STRONG)],
        [],
        *([Styled(line)] for line in fill_text(message.text, name).splitlines()),
    ]
    return "\n".join(paint(line, colour=colour) for line in lines)


def draw_html(message: Message, *, name: str) -> str:
    """The HTML part for a browser, greeted to `name`."""
    return message.html.replace(NAME_TAG_HTML, escape(_greeted(name)))


def fill_text(text: str, name: str) -> str:
    """A subject or text part, greeted to `name`."""
    return text.replace(NAME_TAG_TEXT, _greeted(name))


def _greeted(name: str) -> str:
    return f" {one_line(name)}" if one_line(name) else ""


def _rule(left: str, right: str, width: int) -> str:
    """`── left ─────── right ──`"""
    return f"── {left} {'─' * max(width - columns(left) - columns(right) - 8, 2)} {right} ──"
