"""Which text was in force on a day: the days of each text, a form to ask with, and answers that need no server.

A static host sends `/<policy>/at/<date>/` to the page of days (`_redirects`), which leads on by a few lines of script;
without script it is a list to read. It names no text by itself, so that no rule of a host can be out of date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

from notifier.render.site.context import SiteContext, old_addresses
from notifier.render.site.policy_pages import PolicyPages


def days_page(pages: PolicyPages, *, address: str = "", asked_for: date | None = None) -> str:
    """The page of a policy's days. `asked_for`: a day on which none of its texts was in force."""
    translation, addresses = pages.translation, pages.addresses
    first = translation.date(pages.timeline.period(0).start)
    note = _without_text(pages, asked_for) if asked_for else pages.dates.retirement()
    return pages.context.page(
        "days.html.j2",
        address or addresses.days,
        language=pages.language,
        title=translation.says("days_of", title=pages.editions[pages.current].text.title),
        others=pages.others(lambda other: other.days),
        canonical=addresses.days,
        home=addresses.prefix,
        addresses=addresses,
        note=note,
        first=first,
        days=list(_days(pages)),
    )


def _without_text(pages: PolicyPages, day: date) -> str:
    """That none was in force on a day: none was yet, or one had ended and the next had not come."""
    written, timeline, last = pages.translation.date, pages.timeline, pages.timeline.last_bound(day)
    coming = timeline.pending(day)
    start, until = timeline.period(coming or 0).start, timeline.period(last).until if last is not None else None
    if until is None:
        return pages.translation.says("before_first", date=written(day), start=written(start))
    return pages.translation.says("in_between", date=written(day), end=written(until), start=written(start))


def _days(pages: PolicyPages) -> Iterator[dict[str, Any]]:
    """The texts that were, are or will be in force, newest first."""
    for index in reversed(range(len(pages.editions))):
        period = pages.dates.period(index)
        if not period.is_empty:
            yield {
                "start": period.start.isoformat(),
                "until": period.until.isoformat() if period.until else "",
                "status": pages.status(index),
                **pages.linked(index),
            }


def redirects(context: SiteContext, pages: Sequence[PolicyPages]) -> str:
    """`_redirects`, as hosts of static files read it: from the address of a day to the page that answers for it, and
    from all that stood where a policy was before, unless another one is there now."""
    taken = {page.addresses.folder for page in pages}
    lines: list[str] = []
    for page in pages:
        here, days = (_path(context, address) for address in (page.addresses.folder, page.addresses.days))
        lines += [f"{days}:day{end} {days}?on=:day 302" for end in ("", "/")]
        for old in sorted(old_addresses(page.history, page.language), key=lambda one: one.folder):
            if old.folder not in taken:
                lines += [f"{_path(context, old.days)}:day{end} {days}?on=:day 302" for end in ("", "/")]
                lines.append(f"{_path(context, old.folder)}* {here}:splat 301")
    return "".join(f"{line}\n" for line in lines)


def _path(context: SiteContext, address: str) -> str:
    """An address of the site as its host sees it."""
    return f"{urlsplit(context.site.url).path.rstrip('/')}/{quote(address)}"
