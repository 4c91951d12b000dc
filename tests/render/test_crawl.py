"""Every address that a page, a feed or the list for programs names is followed, as a crawler would."""

from __future__ import annotations

import pytest

from notifier.render.site.build import publish

from .crawler import URL, broken_links, published_in
from .histories import TEMPLATES, hostile, site


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every published file by its address."""
    folder = tmp_path_factory.mktemp("site")
    publish(site(hostile()), folder, templates=TEMPLATES)
    return published_in(folder)


def test_every_link_leads_somewhere(published: dict[str, str]) -> None:
    assert broken_links(published) == []


def test_a_feed_says_where_it_stands(published: dict[str, str]) -> None:
    for name in ("feed.xml", "significant.xml"):
        assert f'<link rel="self" type="application/atom+xml" href="{URL}{name}"/>' in published[URL + name]
