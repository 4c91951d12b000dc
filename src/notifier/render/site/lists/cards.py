"""A policy as the list of policies shows it, in the words of the list."""

from __future__ import annotations

from typing import NamedTuple

from notifier.render.site.page_addresses import PageAddresses
from notifier.render.site.policy_pages import PolicyPages
from notifier.render.site.translations import Translation


class Card(NamedTuple):
    """What is said of one policy; `language` is that of its title."""

    title: str
    addresses: PageAddresses
    posted_on: str
    status: str
    waiting: dict[str, str] | None
    retirement: str = ""
    lacking: str = ""
    """What a translation lacks."""
    language: str = ""

    @property
    def place(self) -> PageAddresses:
        """The addresses, as the templates of older installations call them."""
        return self.addresses


def card_of(page: PolicyPages, translation: Translation) -> Card:
    """The card of a policy, which may be in another language than the list."""
    edition, dates = page.editions[page.current], page.dates._replace(translation=translation)
    coming = page.timeline.pending(dates.today)
    waits = coming is not None and coming != page.current
    return Card(
        edition.text.title,
        page.addresses,
        translation.date(edition.posting.posted_on),
        dates.status(page.current),
        page.notes._replace(dates=dates).coming(coming) if coming is not None and waits else None,
        dates.retirement() if edition.posting.tag != page.history.ended_by else "",
        dates.lacking(),
        page.language,
    )
