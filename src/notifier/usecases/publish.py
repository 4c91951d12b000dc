"""Write the posted pages: everything ever posted, from the commits that the ledger names, into the web's folder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from notifier.alarms import Alarm, AlarmCode, alarm
from notifier.config.accent import on_dark_paper
from notifier.policy.posting import Posted, is_end
from notifier.policy.timeline import PostingFacts, Timeline
from notifier.render.site.editions import PolicyHistory, Site
from notifier.render.site.theme import Theme
from notifier.usecases.standings import hold_to_ledger

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.render.site.build import Published
    from notifier.repository import Repository
    from notifier.usecases.installation import Installation


def site_of(config: Config, repository: Repository, ledger: Ledger, *, today: date) -> Site:
    """Everything ever posted, from the commits that the ledger names; a day it binds may have moved since."""
    hold_to_ledger(repository, ledger)
    facts = ledger.postings.facts()
    policies = repository.policies_posted()
    retired = retirements(config, repository, facts, policies)
    histories = tuple(history_of(repository, policy_id, facts, retired.get(policy_id)) for policy_id in policies)
    return Site(
        title=config.page.title or config.company.name or "Policies",
        url=config.page.url or "",
        today=today,
        language=config.policies.language,
        policies=tuple(history for history in histories if history.postings),
        theme=theme_of(config),
    )


def retirements(
    config: Config, repository: Repository, facts: Mapping[str, PostingFacts], policies: Collection[str]
) -> dict[str, date]:
    """The first day on which each of these applies no longer, of those that were retired.

    Where customers were told of its end, it applies until the day that they were told, whatever became of its file.
    """
    found = repository.past().retirements(policies) if policies else {}
    zone, days = config.posting_zone, {}
    for policy_id, at in found.items():
        days[policy_id] = at.astimezone(zone).date() if isinstance(at, datetime) else at
        last = next(iter(repository.postings(policy_id)[-1:]), None)
        if last and is_end(last, repository.posted_at(policy_id, last.tag).revision):
            days[policy_id] = Timeline((last,), facts).effective_on(last)
    return days


def theme_of(config: Config) -> Theme:
    page, company = config.page, config.company
    font = page.font or ""
    is_file = font.lower().endswith((".woff", ".woff2"))
    return Theme(
        accent=page.accent or "",
        accent_on_dark=on_dark_paper(page.accent) if page.accent else "",
        font="" if is_file else font,
        font_file=config.root / font if is_file else None,
        logo=config.root / page.logo if page.logo else None,
        imprint=page.imprint or "",
        company=", ".join(filter(None, (company.name, company.address))),
    )


def history_of(
    repository: Repository, policy_id: str, facts: Mapping[str, PostingFacts], retired_on: date | None
) -> PolicyHistory:
    """Everything ever posted of one policy, with the days on which it binds as the ledger knows them now."""
    timeline = Timeline(repository.postings(policy_id), facts)
    days = ((one, timeline.effective_on(one.posting)) for one in repository.posted(policy_id))
    return history_from(policy_id, days, retired_on)._replace(names=repository.names(policy_id))


def history_from(policy_id: str, days: Iterable[tuple[Posted, date]], retired_on: date | None) -> PolicyHistory:
    """Postings, each with the day from which it binds.

    One that ends the policy changes no word: the text that it ends is in force by it, until that day.
    """
    found: list[Posted] = []
    ended_by, ends_on = "", dict[str, date]()
    for one, day in days:
        if found and one.posting.ended_on:
            ends_on[found[-1].posting.tag] = one.posting.ended_on
        ends = bool(found) and is_end(one.posting, one.revision)
        ended_by = one.posting.tag if ends and retired_on else ""
        binds = max(one.posting.posted_on, found[-1].posting.effective_on) if ends else day
        found.append(one._replace(posting=one.posting._replace(effective_on=binds)))
        ends_on |= {one.posting.tag: day} if ends else {}
    came_back = {tag: day for tag, day in ends_on.items() if tag != found[-1].posting.tag}
    return PolicyHistory(policy_id, tuple(found), retired_on, ended_by, came_back)


def publish_pages(
    config: Config,
    repository: Repository,
    ledger: Ledger,
    templates: Path,
    *,
    today: date,
    out: Path | None = None,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Published:
    """Bring the folder of pages up to date: `out`, else the configured one. Raises Refused and TemplateError."""
    from notifier.render.site.build import publish

    site = site_of(config, repository, ledger, today=today)
    return publish(site, out or config.page_dir, templates=templates, on_progress=on_progress)


def publish_what_stands(installation: Installation) -> tuple[Alarm, ...]:
    """The same of an installation, as of now; what has no page."""
    published = publish_pages(
        installation.config,
        installation.repository,
        installation.ledger,
        installation.templates,
        today=installation.today,
    )
    return tuple(alarm(AlarmCode.NO_PAGE, what=line) for line in published.omissions)


def pageless_notices(config: Config, ledger: Ledger) -> dict[str, str]:
    """Notices that wait and link to a page that is not written, which each is and why it may not begin."""
    found = {}
    for notice in ledger.notices.waiting():
        pages = (f"{tag.removeprefix('posted/')}/index.html" for tag in notice.tags)
        missing = next((page for page in pages if not (config.page_dir / page).exists()), None)
        if missing:
            found[notice.notice_id] = f"notice {notice.notice_id} waits until the page {missing} is written"
    return found
