"""Links within a policy, as editors write them for other sites, on the posted page."""

from __future__ import annotations

import pytest

from notifier.render.labels import Labels
from notifier.render.site.anchors import NO_ANCHORS, next_anchors, written_anchors
from notifier.render.site.context import context_for
from notifier.render.site.policy_body import draw_policy
from notifier.text.markdown import parse

from .histories import TEMPLATES, site


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [
        ("#a-definitions", "definitions"),
        ("#definitions", "definitions"),
        ("#2-fees", "fees"),
        ("#2-fees-1", "fees-2"),
        ("#3-daten%C3%BCbertragung", "datenübertragung"),
        ("#nowhere", "nowhere"),
    ],
)
def test_a_link_by_a_headings_whole_name_leads_to_the_id_it_has_here(link: str, leads_to: str) -> None:
    text = f"# Terms\n\nSee [x]({link}).\n\n## A. Definitions\n\n## 2. Fees\n\n## 2. Fees\n\n## 3. Datenübertragung\n"

    document = parse(text)
    anchors = next_anchors(NO_ANCHORS, document)
    links = context_for(site(), TEMPLATES).links("terms/", "terms.md", written_anchors(document, anchors))
    body = draw_policy(document, anchors, Labels(), links).body

    assert f'href="#{leads_to}"' in body
    assert leads_to == "nowhere" or f'id="{leads_to}"' in body
