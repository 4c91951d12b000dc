"""Pages and letters as they would stand once the working tree is posted, in a folder apart. Publishes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from notifier.plurals import counted
from notifier.policy.posting import Posted
from notifier.policy.revision import PolicyText, read_front_matter
from notifier.policy.standing import Standing
from notifier.render.site.build import publish
from notifier.render.site.editions import Site
from notifier.state import STATE
from notifier.usecases.preview import Letter, Preview, letters, longest_name, preview
from notifier.usecases.publish import history_from, site_of
from notifier.usecases.standings import Records

if TYPE_CHECKING:
    from notifier.ledger import Ledger

FOLDER = f"{STATE}/preview"
START = "preview.html"


class DraftSite(NamedTuple):
    """What was built: the page to begin with, and what is to be known of it, in lines."""

    start: Path
    says: tuple[str, ...]


def build_draft_site(records: Records, ledger: Ledger, templates: Path) -> DraftSite:
    """Every page after the posting of all that the working tree would post, and the letters beside them.

    What waits for somebody is shown as well, and said to wait. Raises PolicyError for a text that cannot be read.
    """
    out = records.config.root / FOLDER
    previews = preview(records, ledger, (), from_=None, to=None)
    site = draft_site(records, ledger, previews)
    publish(site, out, templates=templates)
    written = letters(records.config, ledger, templates, previews, of_parts=True)
    names = _write_letters(out / "letters", written, longest_name(ledger))
    says = tuple(_says(previews, written))
    (out / START).write_text(_start_page(site, previews, names, says), encoding="utf-8")
    return DraftSite(out / START, says)


def draft_site(records: Records, ledger: Ledger, previews: tuple[Preview, ...]) -> Site:
    """What is posted, and on top of it what would be."""
    site = site_of(records.config, records.repository, ledger, today=records.today)
    histories = {one.policy_id: one for one in site.policies}
    for one in previews:
        posted = _as_posted(one.standing)
        if posted:
            before = histories[one.policy_id].postings if one.policy_id in histories else ()
            days = ((each, each.posting.effective_on) for each in (*before, posted))
            retired_on = posted.revision.controlling.front_matter.retired
            histories[one.policy_id] = history_from(one.policy_id, days, retired_on)
    return replace(site, policies=tuple(histories[name] for name in sorted(histories)))


def _as_posted(standing: Standing) -> Posted | None:
    """The draft with the dates that its posting would set; None where nothing of it would be posted."""
    head, posting = standing.head, standing.posting
    if head is None or posting is None:
        return None
    texts = {language: _stamped(text, standing.texts) for language, text in head.texts.items()}
    return Posted(posting, head._replace(texts=texts))


def _stamped(text: PolicyText, stamped: Mapping[str, str]) -> PolicyText:
    new = stamped.get(text.path, text.text)
    return text._replace(text=new, front_matter=read_front_matter(new, text.path))


def _write_letters(folder: Path, written: tuple[Letter, ...], name: str) -> list[tuple[str, Letter]]:
    """Each letter as two files; their names without the ending."""
    from notifier.render.message.mail_preview import draw_html, fill_text

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    names = []
    for number, letter in enumerate(written, start=1):
        name_of = f"{number}-{letter.message.language}"
        (folder / f"{name_of}.html").write_text(draw_html(letter.message, name=name), encoding="utf-8")
        (folder / f"{name_of}.txt").write_text(fill_text(letter.message.text, name), encoding="utf-8")
        names.append((name_of, letter))
    return names


def _says(previews: tuple[Preview, ...], written: tuple[Letter, ...]) -> Iterator[str]:
    moving = [one for one in previews if one.posting]
    if not moving:
        yield "nothing would be posted: the pages stand as they are"
    for one in moving:
        posting, wait = one.posting, one.standing.wait
        assert posting is not None  # noqa: S101 - just looked
        if wait:
            yield f"{one.policy_id} waits, and is shown as if it went out today: {wait.why}"
        else:
            yield f"{one.policy_id} as posted {posting.posted_on}, in force {posting.effective_on}"
    yield counted(len(written), "letter")


def _start_page(
    site: Site, previews: tuple[Preview, ...], names: list[tuple[str, Letter]], says: tuple[str, ...]
) -> str:
    """A list of what is worth a look: each policy's page and redline, each letter."""
    rows = [f"<li>{escape(line)}" for line in says]
    pages = ['<li><a href="index.html">all policies</a>']
    for one in previews:
        if one.posting:
            folder, version = f"{one.policy_id}/", one.posting.version
            pages.append(f'<li>{escape(one.title)}: <a href="{folder}index.html">page</a>')
            has_redline = any(len(policy.postings) > 1 for policy in site.policies if policy.policy_id == one.policy_id)
            if has_redline:
                pages[-1] += f', <a href="{folder}changes/{version}/index.html">what changed</a>'
    mails = [
        f"<li>{escape(letter.message.subject.split('-notifier')[0])} ({letter.message.language}, {letter.readers:,} "
        f'readers): <a href="letters/{name}.html">HTML</a>, <a href="letters/{name}.txt">text</a>'
        for name, letter in names
    ]
    parts = (("This would happen", rows), ("Pages", pages), ("Letters", mails or ["<li>none"]))
    body = "".join(f"<h2>{title}</h2><ul>{''.join(lines)}</ul>" for title, lines in parts)
    style = "body{font:1.05rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}"
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Preview</title>'
    top = f'<!doctype html><html lang="en"><head>{head}<style>{style}</style></head>'
    return f"{top}<body><h1>Preview</h1>{body}</body></html>\n"
