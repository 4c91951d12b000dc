"""Every rule and proof is explained by an example in which it shows, and the page that explains them is current."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from docs.significance import SAYS, page

from notifier.diff import diff
from notifier.significance import Certainty, Significance
from notifier.significance.classifier import classify, differences_in
from notifier.significance.equivalence import PROOFS
from notifier.significance.equivalence.proof import Proof
from notifier.significance.facts import FACT_RULES, rules_on
from notifier.significance.model import shipped
from notifier.significance.reading.atoms import Kind
from notifier.significance.rule import Rule
from notifier.significance.topic_names import TOPICS
from notifier.significance.unexplained import Difference
from notifier.text.markdown import parse

ROOT = Path(__file__).resolve().parents[2]


def differences(before: str, after: str, language: str = "en") -> list[Difference]:
    return differences_in(diff(parse(before), parse(after)), language)


@pytest.mark.parametrize("rule", FACT_RULES, ids=lambda rule: rule.name)
def test_the_example_of_a_rule_shows_it_and_is_not_clearly_minor(rule: Rule) -> None:
    found = differences(rule.before, rule.after, rule.language)
    verdict = classify(diff(parse(rule.before), parse(rule.after)), language=rule.language)

    assert rule.name in {one.name for difference in found for one in rules_on(difference)}
    assert verdict.significance is Significance.SIGNIFICANT


@pytest.mark.parametrize("proof", [one for one in PROOFS if one.name != "front-matter"], ids=lambda proof: proof.name)
def test_the_example_of_a_proof_is_clearly_minor_by_it(proof: Proof) -> None:
    verdict = classify(diff(parse(proof.before), parse(proof.after)), language=proof.language)

    assert (verdict.significance, verdict.certainty) == (Significance.MINOR, Certainty.CLEAR)
    assert proof.name in {
        name for one in differences(proof.before, proof.after, proof.language) for name in one.equivalence.rules
    }


def test_rules_proofs_and_kinds_have_names_of_their_own_and_are_explained() -> None:
    names = [*(rule.name for rule in FACT_RULES), *(proof.name for proof in PROOFS)]

    assert len(names) == len(set(names))
    assert set(SAYS) == set(Kind)
    assert (ROOT / "docs" / "significance.md").read_text("utf-8") == page()


def test_every_weight_of_a_rule_or_topic_belongs_to_one() -> None:
    rules = {f"rule {rule.name}" for rule in FACT_RULES}
    weights = shipped().weights

    assert {name for name in weights if name.startswith("rule ")} <= rules
    assert {name.split(" ", 1)[1] for name in weights if name.startswith(("topic ", "near "))} <= {*TOPICS, "the top"}
    assert 0 <= shipped().minor_below <= shipped().significant_from < 1


@pytest.mark.processes
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
