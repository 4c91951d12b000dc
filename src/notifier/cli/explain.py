"""`notifier explain REVISION`: the whole chain, from edits to rules to verdict to what was or would be done."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notifier.cli.frame import config_option, json_option, load_config, say, say_json, terminal_width
from notifier.plurals import counted

if TYPE_CHECKING:
    from notifier.policy.standing import Standing
    from notifier.significance import Reason
    from notifier.significance.comparison import Comparison
    from notifier.usecases.explain import Explanation


@click.command(name="explain")
@click.argument("revision")
@config_option
@json_option
def command(revision: str, config_path: Path | None, as_json: bool) -> None:
    """Tell of REVISION (a commit) what changed, which rules spoke, who decided, and what was done."""
    from notifier.bootstrap import open_ledger, open_repository, utc_now
    from notifier.usecases.explain import explain
    from notifier.usecases.standings import read_records

    config = load_config(config_path)
    with open_repository(config) as repository, open_ledger(config) as ledger:
        explanations = explain(read_records(config, repository, ledger, utc_now()), ledger, revision)
    if as_json:
        return say_json([explanation_json(one) for one in explanations])
    return say("\n\n".join("\n".join(_lines(one)) for one in explanations))


def explanation_json(explained: Explanation) -> dict[str, object]:
    from notifier.render.redline.json import comparison_json

    commit, posting, notice = explained.revision.commit, explained.posting, explained.notice
    wait = explained.standing.wait
    return {
        "policy": explained.revision.policy_id,
        "revision": commit.commit_id,
        "landed_at": commit.landed_at,
        "author": commit.author,
        "subject": commit.subject,
        **(comparison_json(explained.comparison) if explained.comparison else {}),
        "trailer": explained.word.significance,
        "ignored": [str(one) for one in explained.word.ignored],
        "decision": explained.decision.significance.value if explained.decision else None,
        "decided_by": explained.decision.decided_by if explained.decision else None,
        "because": explained.decision.because if explained.decision else explained.word.because or None,
        "tag": posting.tag if posting else None,
        "posted_on": posting.posted_on if posting else None,
        "effective_on": posting.effective_on if posting else None,
        "posted_as": posting.significance.value if posting else None,
        "notice_id": notice.notice_id if notice else None,
        "notice": notice.notice_id if notice else None,
        "recipients": explained.counts.recipients if explained.counts else None,
        "waits_until": wait.until if wait and not posting else None,
    }


def _lines(explained: Explanation) -> list[str]:
    commit = explained.revision.commit
    lines = [
        f"{explained.revision.policy_id} at {commit.commit_id[:12]}: {commit.subject}",
        f"  landed    {commit.landed_at:%Y-%m-%d %H:%M} by {commit.author}",
    ]
    if explained.comparison is None:
        lines.append("  edits     none: it is the policy's first text")
    else:
        lines += _judged(explained.comparison)
    return [*lines, *_words(explained), *_done(explained)]


def _judged(comparison: Comparison) -> list[str]:
    layers = Counter(edit.layer.value for edit in comparison.redline.diff.edits)
    edits = ", ".join(f"{counted(count, 'edit')} of {layer}" for layer, count in sorted(layers.items()))
    moves = counted(len(comparison.redline.moves), "move")
    lines = [f"  edits     {edits or 'no edits'}; {moves}"]
    for reason in comparison.reasons:
        lines += _reason(reason)
    return [*lines, f"  verdict   {comparison.significance.value}, {comparison.certainty.value}"]


def _reason(reason: Reason) -> list[str]:
    from notifier.render.redline.notes import shortened
    from notifier.render.redline.terminal import where

    basis = f"  ({reason.basis})" if reason.basis else ""
    lines = [f"  rule      {reason.rule}: {reason.topic or 'no topic'}, {where(reason)}{basis}"]
    for label, words in (("-", reason.before), ("+", reason.after)):
        if words.strip():
            lines.append(f"            {label} {shortened(' '.join(words.split()), max(terminal_width() - 14, 40))}")
    return lines


def _words(explained: Explanation) -> list[str]:
    word, decision = explained.word, explained.decision
    lines = [f"  {'claim  ' if line.is_claim else 'ignored'}   {line}" for line in word.ignored]
    if word.significance:
        approved = f", approved by {word.approved_by}" if word.approved_by else ""
        lines.append(
            f"  trailer   {word.significance.value}, by {word.by}{approved}: {word.because or 'no reason given'}"
        )
    if decision:
        lines.append(f"  decided   {decision.significance.value}, by {decision.decided_by}: {decision.because}")
    return lines


def _done(explained: Explanation) -> list[str]:
    posting, notice, counts = explained.posting, explained.notice, explained.counts
    if posting is None:
        return [_pending(explained.standing)]
    how = "as the first text on record" if posting.is_adoption else f"as {posting.significance.value}"
    lines = [f"  posted    {posting.posted_on}, {how}, in force {posting.effective_on}, tag {posting.tag}"]
    if notice and counts:
        lines.append(f"  notice    {notice.notice_id}, {notice.state.value}: {counted(counts.recipients, 'recipient')}")
    elif not posting.is_adoption:
        lines.append("  notice    none")
    return lines


def _pending(standing: Standing) -> str:
    wait, due = standing.wait, standing.due
    if wait:
        until = f" (until {wait.until:%Y-%m-%d %H:%M %Z}, then it goes out as significant)" if wait.until else ""
        return f"  waits     {wait.why}{until}"
    if due is None:
        return "  posted    no: the policy reads as posted again"
    told = "customers are told" if standing.must_tell else "nobody is told"
    return f"  posted    not yet: the next run posts it as {due.significance}, in force {due.effective_on}; {told}"
