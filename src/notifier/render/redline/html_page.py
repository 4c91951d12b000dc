"""A comparison as one HTML file: the verdict, the reasons, where the changes are, and the redline.

It stands alone: no script, no font, no picture, nothing asked of anyone; light and dark, a phone and print.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from notifier.plurals import counted
from notifier.render.quoted_once import QuotedChange, quoted_once
from notifier.render.redline.html import DrawnRedline, draw_html
from notifier.render.redline.notes import shortened, small_edits
from notifier.render.redline.repeated_edits import repeated_edits
from notifier.render.redline.terminal import changed_words, where

if TYPE_CHECKING:
    from notifier.significance import Reason
    from notifier.significance.comparison import Comparison

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --soft: #4d5661; --line: #cfd6dd; --link: #0a55a3;
  --new: #0e4d20; --new-tint: #dcf4e1; --gone: #86190c; --gone-tint: #fde3df; --moved: #5536a0; --moved-tint: #eee9fb }
@media (prefers-color-scheme: dark) { :root { --ink: #e7e9ec; --paper: #14171b; --soft: #aab3bd; --line: #3a424b;
  --link: #83bcff; --new: #aeeabc; --new-tint: #123720; --gone: #ffbdb3; --gone-tint: #481a17; --moved: #cbb8ff;
  --moved-tint: #2a2244 } }
body { font: 1.05em/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 46em;
  margin: 2em auto; padding: 0 1em; overflow-wrap: anywhere }
a { color: var(--link) } .soft { color: var(--soft) } .reasons li, .sections li { margin: 0.3em 0 }
ins { color: var(--new); background: var(--new-tint); text-decoration: underline; text-decoration-thickness: 0.12em }
del { color: var(--gone); background: var(--gone-tint); text-decoration: line-through }
ins a, del a { color: inherit } del a { text-decoration: underline line-through }
del + ins, ins + del { margin-inline-start: 0.3em }
.moved { background: var(--moved-tint); text-decoration: underline dotted var(--moved) }
.move-note, .moved-away a { color: var(--moved); background: var(--moved-tint); padding: 0.05em 0.4em }
.edited, .added, .gone, .moved-here { border-inline-start: 3px solid var(--line); padding-inline-start: 0.6em;
  margin-inline-start: -0.8em }
.added { border-color: var(--new) } .gone { border-color: var(--gone) } .moved-here { border-color: var(--moved) }
li :is(.edited, .added, .gone, .moved-here) { margin-inline-start: 0 }
tr:is(.edited, .added, .gone) > :first-child { border-inline-start: 3px solid var(--line); padding-inline-start: 0.4em }
.was-heading { font-weight: 700; font-size: 1.15em } .target { overflow-wrap: anywhere }
.wide { overflow-x: auto } table { border-collapse: collapse } th, td { border: 1px solid var(--line);
  padding: 0.3em 0.5em; text-align: start; vertical-align: top; overflow-wrap: normal }
s { text-decoration: line-through double } .task { list-style: none } dt { font-weight: 600 }
.alert, .notes { border-inline-start: 3px solid var(--line); padding-inline-start: 1em }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
"""
_FILE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer"><title>{title}</title>
<style>{style}</style></head><body><main>
{body}
</main></body></html>"""


def draw_page(comparison: Comparison, heading: str, consent: str = "") -> str:
    """The whole file. `heading` names the two texts, `consent` says what would be asked of customers."""
    drawn = draw_html(comparison.redline, show_targets=True)
    parts = [
        f"<h1>{escape(heading)}</h1>",
        f"<p><strong>{comparison.significance.value}</strong>, {comparison.certainty.value}</p>",
        *([f"<p>{escape(consent)}</p>"] if consent else []),
        *_reasons(comparison.reasons),
        *_overview(comparison, drawn),
        drawn.body,
    ]
    return _FILE.format(title=escape(heading), style=_STYLE, body="\n".join(parts))


def _reasons(reasons: tuple[Reason, ...]) -> Iterator[str]:
    if reasons:
        yield '<ol class="reasons">'
        yield from (f"<li>{escape(change.about)}, {_quoted(change)}</li>" for change in quoted_once(reasons))
        yield "</ol>"


def _quoted(change: QuotedChange) -> str:
    before, after = (escape(shortened(text, 160)) for text in changed_words(change.reason))
    words = " ".join((f"<del>{before}</del>" if before else "", f"<ins>{after}</ins>" if after else "")).strip()
    basis = f' <span class="soft">({escape(change.basis)})</span>' if change.bases else ""
    return f"{escape(where(change.reason))}: {words}{basis}"


def _overview(comparison: Comparison, drawn: DrawnRedline) -> Iterator[str]:
    """How many changes there are, under which headings, and what is only counted."""
    small = small_edits(comparison.redline)
    yield from (f"<p>{escape(str(name))}</p>" for name in repeated_edits(comparison.redline))
    if drawn.count:
        yield f"<h2>{counted(drawn.count, 'change')}</h2>"
        yield '<ul class="sections">'
        for section in drawn.sections:
            title = escape(section.title or "the beginning")
            yield f'<li><a href="#{section.first_id}">{title}</a> <span class="soft">{section.count:,}</span></li>'
        yield "</ul>"
    else:
        yield f"<p>{'No words changed.' if small or comparison.redline.moves else 'Nothing changed.'}</p>"
    yield from _moves(comparison)
    if small:
        yield f'<p class="soft">And {", ".join(small)}.</p>'
    if comparison.redline.diff.budget_reached:
        yield '<p class="soft">Too much changed to match word by word everywhere: some parts are shown whole.</p>'
    yield "<hr>"


def _moves(comparison: Comparison) -> Iterator[str]:
    moves = comparison.redline.moves
    if moves:
        yield f"<h2>{counted(len(moves), 'move')}</h2>"
        yield '<ul class="sections">'
        for index, move in enumerate(moves, 1):
            yield f'<li><a href="#move-{index}-here">{escape(shortened(move.title, 60))}</a></li>'
        yield "</ul>"
