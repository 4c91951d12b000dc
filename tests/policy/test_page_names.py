"""Names that no policy can have, since its pages or tags would stand where something else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.render.histories import TEMPLATES, site

from notifier.policy.drafts.page_names import name_faults
from notifier.render.site.build import publish

TAKEN = """
    assets feed.xml index.json index significant.xml sitemap.xml healthz metrics events/sendgrid privacy/changes
    privacy/changes/x privacy/compare privacy/at privacy/2024-01-01 privacy/2024-01-01.2 privacy/feed.xml
    privacy/index.html privacy.md Privacy PRIVACY/x de de/terms Assets privacy/Changes
"""


@pytest.mark.parametrize(
    "name",
    TAKEN.split(),
)
def test_a_name_that_is_taken_is_refused_and_its_owner_stays(name: str) -> None:
    assert list(name_faults(["privacy", name], posted=["privacy"], languages=["de"])) == [name]


@pytest.mark.parametrize(
    "name", ["changes", "legal/dpa", "privacy/terms", "privacy.v2", "2024-01-01", "terms.old", "de-terms"]
)
def test_every_other_name_is_free(name: str) -> None:
    assert name_faults(["privacy", name], posted=["privacy"], languages=["de"]) == {}


def test_of_two_that_want_one_address_the_posted_one_stays() -> None:
    assert list(name_faults(["a/changes", "a"], posted=["a/changes"])) == ["a/changes"]
    assert list(name_faults(["Legal/x", "legal/y"], posted=["legal/y"])) == ["Legal/x"]
    assert list(name_faults(["privacy/changes"], posted=["privacy"])) == ["privacy/changes"]


def test_a_policy_whose_name_changes_in_case_alone_is_the_same() -> None:
    assert name_faults(["Privacy"], posted=["privacy"]) == {}


def test_every_name_among_the_published_pages_is_refused_as_a_policys(tmp_path: Path) -> None:
    """The list of taken names is held to what publishing really writes."""
    published = site()
    publish(published, tmp_path, templates=TEMPLATES)
    policy_id = published.policies[0].policy_id
    languages = {text.language for posted in published.policies[0].postings for text in posted.revision.texts.values()}
    own = {path.name for path in (tmp_path / policy_id).iterdir()}
    top = {path.name for path in tmp_path.iterdir() if not path.name.startswith(".")}
    top -= languages | {history.policy_id.split("/")[0] for history in published.policies}

    taken = name_faults([policy_id, *top, *(f"{policy_id}/{name}" for name in own)])

    assert set(taken) == top | {f"{policy_id}/{name}" for name in own}
