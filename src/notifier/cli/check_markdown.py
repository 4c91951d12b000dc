"""A check as a comment on a pull request: what must be mended, and all that merging would do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from notifier.cli.consent_words import consent_line
from notifier.render.redline.pull_request import LENGTH_LIMIT, draw_redline_details, draw_verdict, escaped, inert
from notifier.render.styled_text import harmless
from notifier.usecases.merge import audience_of

if TYPE_CHECKING:
    from notifier.usecases.check import Report
    from notifier.usecases.merge import KeyChange, Merge, MergedLetter, MergedPolicy

TOO_LONG = "… the rest is too long for a comment: `notifier check --format github` shows it whole."


def report_markdown(report: Report, merge: Merge, summary: str) -> str:
    """What to mend, then each policy: verdict, reasons, words, who is told; the redlines and letters folded, last."""
    parts = ["## Policies", escaped(summary), _findings(report)]
    parts += [_policy(one) for one in merge.policies] or ["No policy reads differently."]
    parts += [_keys(merge.keys)]
    details = [_redline(one) for one in merge.policies]
    details += [_letter(one) for one in merge.letters]
    details += [f"No letter can be written: {escaped(merge.no_letter)}"] if merge.no_letter else []
    return "\n\n".join(_within_limit(part for part in (*parts, *details) if part))


def _within_limit(parts: Iterable[str]) -> Iterator[str]:
    length = 0
    for part in parts:
        length += len(part) + 2
        if length > LENGTH_LIMIT:
            yield TOO_LONG
            return
        yield part


def _findings(report: Report) -> str:
    if not report.findings:
        return ""
    rows = ["| | where | what | mend |", "|---|---|---|---|"]
    rows += [
        f"| {'✗' if one.is_error else 'advice'} | {escaped(one.place)} | {escaped(one.message)} | {escaped(one.mend)} |"
        for one in report.findings
    ]
    return "\n".join(rows)


def _policy(merged: MergedPolicy) -> str:
    changed, standing = merged.changed, merged.standing
    verdict = changed.verdict
    told = "\n".join(f"- {escaped(line)}" for line in (*_told(merged), *merged.words))
    tasks = [f"{standing.wait.why}"] if standing.wait else []
    heading = f"{changed.policy_id} against {changed.before}"
    drawn = draw_verdict(verdict.comparison.weightiest, heading=heading, tasks=tasks)
    return f"{drawn}\n\n{told}"


def _told(merged: MergedPolicy) -> Iterator[str]:
    standing, word = merged.standing, merged.changed.verdict.word
    posting = standing.posting
    if word.significance:
        yield f"an editor says {word.significance}: {word.by}, {word.because}"
    if posting is None or standing.head is None:
        return
    if merged.is_told:
        days = (posting.effective_on - posting.posted_on).days
        yield f"told to {audience_of(standing.head)}{_counts(merged)}; in force {days} days after it is posted"
        summary = standing.head.controlling.front_matter.summary
        yield f"in its own words: {summary}" if summary else "it has no summary: the letter says what it is about"
    else:
        yield "posted without a notice"
    asked = consent_line(
        standing.head, posting.consent, posting.significance, posting.reasons, withdraws=bool(posting.restores)
    )
    if asked:
        yield asked


def _counts(merged: MergedPolicy) -> str:
    if merged.readers is None:
        return ""
    by_language = ", ".join(f"{language} {count:,}" for language, count in sorted(merged.readers.items()))
    return f": {sum(merged.readers.values()):,} now" + (f" ({by_language})" if by_language else "")


def _redline(merged: MergedPolicy) -> str:
    """Of every language that changed, the one that decides first."""
    comparison, policy_id = merged.changed.verdict.comparison, merged.changed.policy_id
    others = (draw_redline_details(one, f"{policy_id} ({language})") for language, one in comparison.others.items())
    return "\n\n".join((draw_redline_details(comparison.weightiest, policy_id), *others))


def _keys(keys: Iterable[KeyChange]) -> str:
    rows = [f"| {' | '.join(escaped(cell) for cell in (one.path, one.key, one.before, one.after))} |" for one in keys]
    return "\n".join(["| front matter | key | before | after |", "|---|---|---|---|", *rows]) if rows else ""


def _letter(letter: MergedLetter) -> str:
    message = letter.message
    faults = "".join(f"\n- cannot be sent: {escaped(fault)}" for fault in letter.faults)
    title = f"Letter in {escaped(message.language)}: {escaped(message.subject)}"
    body = inert(harmless(message.to("").text, show_unseen=True))
    return f"<details><summary>{title}</summary>\n{faults}\n\n<pre>\n{body}\n</pre>\n\n</details>"
