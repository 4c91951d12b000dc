"""How long the posted pages take: 100 policies of 10 KB with 50 versions each, anew, unchanged, and with one change."""

from __future__ import annotations

import os
import random
import resource
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.table import Table
from notifier.policy.posting import Posted, Posting
from notifier.policy.revision import Commit, FrontMatter, PolicyText, Revision
from notifier.render.site.build import Published, publish
from notifier.render.site.editions import PolicyHistory, Site
from notifier.significance import Significance

POLICIES, VERSIONS, LENGTH = 100, 50, 10_000
TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
_LANDED = datetime(2024, 1, 1, tzinfo=UTC)
_WORDS = [
    "we",
    "you",
    "your",
    "data",
    "account",
    "service",
    "collect",
    "share",
    "keep",
    "delete",
    "process",
    "partner",
    "cookie",
    "purpose",
    "law",
    "request",
    "days",
    "may",
    "must",
    "will",
    "not",
    "with",
    "from",
    "for",
    "to",
    "the",
    "a",
    "of",
    "and",
    "or",
    "when",
    "until",
    "security",
    "contract",
    "payment",
    "message",
    "visitor",
]


def run() -> Sequence[Table]:
    """Three publications into one folder."""
    load = os.getloadavg()[0]
    histories = [_history(number) for number in range(POLICIES)]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        rows = [_measured("anew", histories, out, 35), _measured("again, nothing changed", histories, out, None)]
        histories[POLICIES // 2] = _history(POLICIES // 2, VERSIONS + 1)
        rows.append(_measured("again, one new version", histories, out, 3))
    notes = [
        f"load average of the machine when the measurement began: {load:.1f} (the goals are wall time of an idle one)"
    ]
    title = f"{POLICIES} policies of {LENGTH // 1000} KB, {VERSIONS} versions each, {os.cpu_count()} cores"
    return [
        Table(title, ("publication", "wall s", "CPU s", "goal wall s", "policies made", "files written"), rows, notes)
    ]


def _measured(name: str, histories: Sequence[PolicyHistory], out: Path, goal: int | None) -> tuple[str, ...]:
    site = Site("Benchmark", "https://legal.example", date(2030, 1, 1), "en", tuple(histories))
    started, spent = time.perf_counter(), _cpu_s()
    done: Published = publish(site, out, templates=TEMPLATES)
    took, spent = time.perf_counter() - started, _cpu_s() - spent
    return (name, f"{took:.1f}", f"{spent:.1f}", str(goal or "-"), str(done.policies), str(done.written))


def _cpu_s() -> float:
    """Of this process and its finished children."""
    usage = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in usage)


def _history(number: int, versions: int = VERSIONS) -> PolicyHistory:
    chance = random.Random(number)
    policy_id = f"policy-{number:03}"
    blocks = _first(chance)
    postings = []
    for version in range(versions):
        if version:
            blocks = _revised(blocks, chance)
        postings.append(_posted(policy_id, version, "\n\n".join(blocks) + "\n"))
    return PolicyHistory(policy_id, tuple(postings))


def _first(chance: random.Random) -> list[str]:
    blocks = ["# Policy on words", "Last updated: 1 January 2024"]
    while sum(map(len, blocks)) < LENGTH:
        if len(blocks) % 6 == 0:
            blocks.append(f"## {' '.join(chance.choices(_WORDS, k=3)).capitalize()}")
        elif len(blocks) % 6 == 4:
            blocks.append("\n".join(f"- {_sentence(chance, 9)}" for _ in range(4)))
        else:
            blocks.append(" ".join(_sentence(chance, 14) for _ in range(4)))
    return blocks


def _revised(blocks: list[str], chance: random.Random) -> list[str]:
    """Three sentences reworded, a paragraph added or taken away: what a real revision is like."""
    revised = list(blocks)
    for _ in range(3):
        place = chance.randrange(2, len(revised))
        words = revised[place].split(" ")
        words[chance.randrange(len(words) // 2, len(words))] = chance.choice(_WORDS)
        revised[place] = " ".join(words)
    if chance.random() < 0.5:
        revised.insert(chance.randrange(2, len(revised)), _sentence(chance, 30))
    elif len(revised) > 20:
        revised.pop(chance.randrange(3, len(revised)))
    return revised


def _sentence(chance: random.Random, length: int) -> str:
    return " ".join(chance.choices(_WORDS, k=length)).capitalize() + "."


def _posted(policy_id: str, version: int, text: str) -> Posted:
    day = date(2024, 1, 1) + timedelta(days=30 * version)
    significance = Significance.SIGNIFICANT if version % 3 == 1 else Significance.MINOR
    posting = Posting(
        policy_id=policy_id,
        commit_id=f"{version:040}",
        posted_on=day,
        effective_on=day + timedelta(days=30 if version % 3 == 1 else 0),
        significance=significance,
        tag=f"posted/{policy_id}/{day.isoformat()}",
        is_adoption=version == 0,
    )
    commit = Commit(posting.commit_id, _LANDED, "Editor", "e@legal.example", "e@legal.example", "Revise", "")
    shown = PolicyText(f"policies/{policy_id}.md", "en", f"{version:040}", text, FrontMatter(), "Policy on words")
    return Posted(posting, Revision(policy_id, "en", commit, {"en": shown}))
