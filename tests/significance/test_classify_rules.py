"""Every rule is explained by an example in which it shows, and the page that explains them is current."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from docs.significance import page

from notifier.diff import diff
from notifier.significance import Significance, classify
from notifier.significance.changes import changes_of
from notifier.significance.lexicon import lexicon
from notifier.significance.model import shipped
from notifier.significance.scene import Scene
from notifier.significance.sign import Sign
from notifier.significance.signs import ALL_SIGNS, signs_of
from notifier.significance.topics import TOPICS, clues_of
from notifier.significance.view import View
from notifier.significance.views import views_of
from notifier.text.document import parse

ROOT = Path(__file__).resolve().parents[2]


def views_between(before: str, after: str, language: str = "en") -> list[View]:
    change = diff(parse(before), parse(after))
    found = changes_of(change)
    return views_of(found, Scene(change, found, lexicon(language)))


def signs_between(before: str, after: str, language: str = "en") -> set[str]:
    return {name for view in views_between(before, after, language) for name in signs_of(view)}


@pytest.mark.parametrize("sign", ALL_SIGNS, ids=lambda sign: sign.name)
def test_the_example_of_a_rule_shows_it(sign: Sign) -> None:
    language = "cy" if sign.name == "unread-language" else "en"

    assert sign.name in signs_between(sign.before, sign.after, language)


def test_rules_have_names_of_their_own() -> None:
    names = [sign.name for sign in ALL_SIGNS]

    assert len(names) == len(set(names))


def test_the_page_that_explains_the_rules_is_made_from_them() -> None:
    assert (ROOT / "docs" / "significance.md").read_text("utf-8") == page()


def test_every_weight_belongs_to_a_rule_or_a_topic() -> None:
    known = {sign.name for sign in ALL_SIGNS} | {f"{how} {topic}" for how in ("topic", "near") for topic in TOPICS}

    assert set(shipped().weights) <= known
    clues = set(clues_of(views_between("Hello.", "This applies.")[0])["scope"])
    own = {f"{topic}: {name}" for topic in TOPICS for name in clues | {sign.name for sign in ALL_SIGNS}}
    assert set(shipped().topic_weights) <= clues | set(TOPICS) | own


def test_the_same_texts_give_the_same_verdict_in_any_hash_seed() -> None:
    program = (
        "from notifier import compare\n"
        "old = 'We share data with Acme, Blue and Zeta.\\n\\nWe keep it for 30 days.\\n'\n"
        "new = 'We share data with Acme, Radar and Orbit.\\n\\nWe may keep it for 60 days.\\n'\n"
        "print(compare(old, new).classification)\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src")},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "2")
    }

    assert len(said) == 1


def test_a_page_of_another_policy_is_not_called_minor() -> None:
    verdict = classify(diff(parse("# Cooking\n\nBoil the rice."), parse("# Terms\n\nYou must pay $5 a month.")))

    assert verdict.significance is Significance.SIGNIFICANT
