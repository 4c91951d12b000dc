"""Write the posted pages: everything ever posted, as git has it, into the folder that a web server shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from notifier.render.site import PolicyHistory, Published, Site, publish

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.repository import Repository


def site_of(config: Config, repository: Repository, *, today: date) -> Site:
    """Everything ever posted, read from tags and commits alone."""
    histories = (PolicyHistory(policy_id, repository.posted(policy_id)) for policy_id in repository.policies_posted())
    return Site(
        title=config.page.title or config.company.name or "Policies",
        url=config.page.url or "",
        today=today,
        language=config.policies.language,
        policies=tuple(history for history in histories if history.postings),
    )


def publish_pages(
    config: Config,
    repository: Repository,
    templates: Path,
    *,
    today: date,
    out: Path | None = None,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Published:
    """Bring the folder of pages up to date: `out`, else the configured one. Raises Refused and TemplateError."""
    site = site_of(config, repository, today=today)
    return publish(site, out or config.page_dir, templates=templates, on_progress=on_progress)
