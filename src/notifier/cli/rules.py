"""`notifier rules [RULE]`: what the judgement looks for, so that nobody must take a verdict on trust."""

from __future__ import annotations

from typing import NamedTuple

import click

from notifier.cli.frame import json_option, say, say_json, table


class ExplainedRule(NamedTuple):
    """What a reason's `rule` means. `before` and `after` are an example (one side may be empty)."""

    name: str
    says: str
    before: str
    after: str
    is_fact: bool = False
    """A revision on which it shows is never called clearly minor."""


WRITTEN_OTHERWISE = (
    ExplainedRule(
        "markup", "Only markup changed: emphasis, headings, list marks, wrapping.", "We keep *chats*.", "We keep chats."
    ),
    ExplainedRule(
        "typography",
        "Only typography changed: quotation marks, dashes, spaces.",
        "We keep 'chats'.",
        "We keep “chats”.",
    ),
    ExplainedRule("same-words", "The same words, in another case.", "We keep Chats.", "We keep chats."),
    ExplainedRule("word-form", "The same words with other endings.", "We deletes chats.", "We delete chats."),
    ExplainedRule(
        "synonym",
        "Words gave way to others that say the same.",
        "We erase it prior to that.",
        "We delete it before that.",
    ),
    ExplainedRule(
        "reworded", "Words changed, and no other rule says how.", "We keep what you write.", "We hold what you type."
    ),
)
"""Rules of changes in which no fact differs, and of those that are no known fact."""


def _complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in _rules() if name.startswith(incomplete)]


@click.command(name="rules")
@click.argument("rule", required=False, shell_complete=_complete)
@json_option
def command(rule: str | None, as_json: bool) -> None:
    """Tell what RULE of a reason means, with an example; without RULE, list them all."""
    rules = _rules()
    if rule is not None and rule not in rules:
        raise click.UsageError(f"{rule}: no such rule{_nearest(rule, list(rules))}")
    if as_json:
        return say_json(_as_json(rules[rule]) if rule else [_as_json(one) for one in rules.values()])
    if rule is None:
        return say(table(("rule", "shows when"), [(one.name, one.says) for one in rules.values()]))
    return say(_in_words(rules[rule]))


def _rules() -> dict[str, ExplainedRule]:
    from notifier.significance.equivalence import PROOFS
    from notifier.significance.facts import FACT_RULES

    proofs = (ExplainedRule(proof.name, proof.says, proof.before, proof.after) for proof in PROOFS)
    facts = (ExplainedRule(rule.name, rule.says, rule.before, rule.after, is_fact=True) for rule in FACT_RULES)
    return {rule.name: rule for rule in (*proofs, *WRITTEN_OTHERWISE, *facts)}


def _in_words(rule: ExplainedRule) -> str:
    guard = "\nA revision on which it shows is never called clearly minor." if rule.is_fact else ""
    sides = ((mark, text) for mark, side in (("-", rule.before), ("+", rule.after)) for text in side.splitlines())
    return f"{rule.name}: {rule.says}{guard}\n" + "".join(f"\n  {mark} {text}" for mark, text in sides)


def _as_json(rule: ExplainedRule) -> dict[str, object]:
    return {
        "rule": rule.name,
        "says": rule.says,
        "before": rule.before,
        "after": rule.after,
        "never_clearly_minor": rule.is_fact,
    }


def _nearest(rule: str, known: list[str]) -> str:
    from difflib import get_close_matches

    nearest = get_close_matches(rule, known, n=1)
    return f"; did you mean {nearest[0]}?" if nearest else ""
