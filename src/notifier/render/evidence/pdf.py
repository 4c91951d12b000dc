"""The pages of evidence as one PDF, tagged for screen readers (PDF/UA): a print of them, beside what can be checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NoReturn

from notifier.errors import Refused

STYLE = """
@page { size: A4; @top-left { content: string(title); font: 8pt sans-serif }
  @bottom-left { content: "%s"; font: 7pt monospace } @bottom-right { content: counter(page); font: 8pt sans-serif } }
h1 { font-size: 20pt !important; string-set: title content() }
"""
_INSIDE = re.compile(rb'(<a\b[^>]*?) href="(?!#|https?:)[^"]*"')
"""Links to files of the folder lead nowhere from a PDF."""


def draw_pdf(pages: Sequence[bytes], seal: str) -> bytes:
    """All of these one behind the other, `seal` at the foot of each. Raises Refused where WeasyPrint is not there."""
    try:
        from weasyprint import CSS, HTML
    except (ImportError, OSError) as error:  # OSError: the library is there, and what it draws letters with is not
        raise Refused(
            "a PDF needs WeasyPrint and Pango: pip install 'policy-notifier[pdf]', or print index.html from a browser"
        ) from error
    style = CSS(string=STYLE % seal)
    drawn = [
        HTML(string=_INSIDE.sub(rb"\1", page).decode(), url_fetcher=_nothing).render(
            stylesheets=[style], pdf_variant="pdf/ua-1"
        )
        for page in pages
    ]
    whole = drawn[0].copy([page for one in drawn for page in one.pages])
    return bytes(whole.write_pdf(pdf_variant="pdf/ua-1"))


def _nothing(url: str, *_: object, **__: object) -> NoReturn:
    raise ValueError(f"evidence asks for nothing: {url}")
