"""One installation with a clock, in this process: an editor who writes and commits, an operator who runs and is killed.

Whatever they do, three answers must be one: what `preview` says of the working tree, what a dry run says once it is
committed, and what the run then does.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from notifier.config import load
from notifier.ledger import Ledger
from notifier.mail.outbox import OutboxMailer
from notifier.notice.delivery import Customer, NoticeState
from notifier.policy.posting import Posting
from notifier.policy.timeline import Telling
from notifier.repository import Repository
from notifier.shipped import templates_for
from notifier.significance import Significance
from notifier.usecases.check import check
from notifier.usecases.installation import Installation
from notifier.usecases.plan import MakePosting, Plan, make_plan
from notifier.usecases.preview import Preview, letters, preview
from notifier.usecases.run import RunReport, deliver_due, dry_run, run
from notifier.usecases.status import take_status

CONFIG = """\
[mail]
from = "Harbour Chat <privacy@chat.example>"
[page]
url = "https://chat.example/legal"
[notice]
approval = "{approval}"
canary_minutes = 0
[company]
name = "Harbour Chat Pte Ltd"
address = "1 Sample Quay, Singapore"
contact = "privacy@chat.example"
"""
TEXTS = {
    "privacy.md": """\
# Privacy Policy

*Last updated: 3 March 2026*

Harbour Chat explains here what it does with your data.

We collect your name and your email address.

We share it only with processors that work for us.

We keep chats for 30 days after they end.
""",
    "privacy.de.md": """\
# Datenschutz

*Stand: 3. März 2026*

Harbour Chat erklärt hier, was mit Ihren Daten geschieht.

Wir bewahren Chats 30 Tage auf.
""",
    "terms.md": """\
# Terms of Service

Last updated: March 3, 2026

You may use the service if you are at least 16 years old.
""",
}
SWAPS: Mapping[str, tuple[str, str, str]] = {
    "typo": ("privacy.md", "explains here", "explanes here"),
    "more sharing": ("privacy.md", "for us.", "for us and with advertisers."),
    "longer": ("privacy.md", "for 30 days", "for 60 days"),
    "nobody can judge": ("privacy.md", "processors that work for us", "processors that wipt for us"),
    "longer in German": ("privacy.de.md", "30 Tage", "60 Tage"),
    "typo in German": ("privacy.de.md", "erklärt hier", "erklärd hier"),
    "older": ("terms.md", "at least 16", "at least 18"),
    "summary": ("privacy.md", "# Privacy", "---\nsummary: We changed something.\n---\n\n# Privacy"),
    "effective": ("terms.md", "# Terms", "---\neffective: 2027-06-01\n---\n\n# Terms"),
    "audience": ("terms.md", "# Terms", "---\naudience: [chat]\n---\n\n# Terms"),
}
"""What an editor may do, and undo: the file, words in it, other words."""
NEWCOMERS = {"cookies.md": "true", "imprint.md": "false"}
TRAILERS: Mapping[str, tuple[str, ...]] = {
    "nothing": (),
    "significant": ("Significance: significant",),
    "minor, agreed": ("Significance: minor", "Significance-Reason: a slip", "Approved-by: Ann <ann@chat.example>"),
    "minor, alone": ("Significance: minor",),
    "odd": ("Significance: large",),
}
STEPS = ("composed", "posting planned", "stamped", "tagged", "posted", "notice added", "notice withdrawn", "published")
PEOPLE = [Customer(f"c{n}", f"person{n}@mail.example", f"Person {n}", "de" if n else "en",
                   frozenset({"chat"} if n < 2 else ())) for n in range(3)]  # fmt: skip


class Killed(BaseException):
    """The process died here."""


@dataclass
class Road:
    """The installation in `root`. `approval`: as in the config."""

    root: Path
    ledger: Ledger
    approval: str
    now: datetime = datetime(2026, 11, 2, 9, tzinfo=UTC)

    def set_up(self, *, is_adopted: bool = True) -> None:
        (self.root / "policies").mkdir(parents=True)
        (self.root / "config.toml").write_text(CONFIG.format(approval=self.approval))
        self.git("init", "-q", "-b", "main")
        for name, text in TEXTS.items():
            self.write(name, text)
        self.commit("nothing")
        self.ledger.roster.import_customers(PEOPLE)
        if is_adopted:
            self.run()

    # The editor

    def git(self, *arguments: str) -> str:
        environment = os.environ | {
            "GIT_AUTHOR_NAME": "Erin", "GIT_AUTHOR_EMAIL": "erin@chat.example", "GIT_COMMITTER_NAME": "Erin",
            "GIT_COMMITTER_EMAIL": "erin@chat.example", "GIT_AUTHOR_DATE": self.now.isoformat(),
            "GIT_COMMITTER_DATE": self.now.isoformat(),
        }  # fmt: skip
        command = ["git", "-c", "gc.auto=0", "-c", "core.fsync=none", *arguments]
        done = subprocess.run(command, cwd=self.root, check=True, capture_output=True, text=True, env=environment)
        return done.stdout.strip()

    def write(self, name: str, text: str) -> None:
        (self.root / "policies" / name).write_text(text, encoding="utf-8")

    def swap(self, edit: str) -> None:
        """Make the edit, or take it back."""
        name, one, other = SWAPS[edit]
        text = (self.root / "policies" / name).read_text(encoding="utf-8")
        self.write(name, text.replace(other, one) if other in text else text.replace(one, other, 1))

    def newcomer(self, name: str) -> None:
        self.write(name, f"---\nannounce: {NEWCOMERS[name]}\n---\n\n# About {name[:-3]}\n\nWe set one cookie.\n")

    def commit(self, trailers: str) -> None:
        self.git("add", "-A", "policies")
        if self.git("status", "--porcelain", "policies"):
            words = ["Change what we say", "\n".join(TRAILERS[trailers])] if TRAILERS[trailers] else ["Change it"]
            self.git("commit", "-q", *(part for word in words for part in ("-m", word)))

    @property
    def is_dirty(self) -> bool:
        return bool(self.git("status", "--porcelain", "--untracked-files=all", "policies"))

    # The operator

    def installation(self, killed_at: str = "") -> Installation:
        def on_step(step: str) -> None:
            if step == killed_at:
                raise Killed(step)

        config = load(self.root / "config.toml", {})
        return Installation(
            config=config,
            repository=Repository.open(self.root, branch="main"),
            ledger=self.ledger,
            mailer=OutboxMailer(config.outbox_dir),
            templates=templates_for(self.root),
            now=lambda: self.now,
            on_step=on_step,
        )

    def ask(self, question: Callable[[Installation], object], killed_at: str = "") -> object:
        installation = self.installation(killed_at)
        with closing(installation.repository):
            return question(installation)

    def run(self, killed_at: str = "") -> RunReport | None:
        try:
            report = self.ask(run, killed_at)
        except Killed:
            return None
        assert isinstance(report, RunReport)
        return report

    def go_on(self) -> None:
        """Send what has come due, as the schedule does between runs."""
        self.ask(deliver_due)

    def decide(self, significance: Significance) -> None:
        """On everything that waits for a word."""
        for _, commit_id in self.ledger.reviews.first_seen():
            self.ledger.reviews.decide(commit_id, significance, "so it is", "Ann", self.now)

    def approve(self) -> None:
        for notice in self.ledger.notices.all(NoticeState.AWAITING_APPROVAL):
            self.ledger.notices.approve(notice.notice_id, "Ann", self.now)

    # The laws

    def compare(self) -> None:
        """Preview, commit, dry run, run: one answer."""
        previewed = self.ask(_previewed)
        self.ask(_check_agrees)
        self.commit("nothing")
        rehearsed = self.ask(lambda installation: _said(installation, dry_run(installation).plan))
        assert previewed == rehearsed
        known = {posting.tag for posting in self.ledger.postings.all()}
        notices = {one.notice_id for one in self.ledger.notices.all()}
        report = self.run()
        assert report is not None
        done = self.ask(lambda installation: _said(installation, report.plan))
        assert done == rehearsed
        self._was_done(report, known, notices)
        self.nobody_is_forgotten()

    def _was_done(self, report: RunReport, known: set[str], notices: set[str]) -> None:
        """What the report says stands in git and in the ledger."""
        made = [step.posting for step in report.plan.steps if isinstance(step, MakePosting)]
        public = {posting.tag for posting in self.ledger.postings.all()} - known
        assert public == {posting.tag for posting in report.posted}
        assert self.ledger.postings.planned() == ()
        fresh = [one for one in self.ledger.notices.all() if one.notice_id not in notices]
        assert {tag for one in fresh for tag in one.tags} == report.plan.announced
        tagged = {posting.tag: posting for posting in self.postings()}
        for posting in made:
            told = tagged[posting.tag]
            assert (told.effective_on, told.significance, told.compared_with) == (
                posting.effective_on, posting.significance, posting.compared_with,
            )  # fmt: skip

    def nobody_is_forgotten(self) -> None:
        """After a whole run every significant posting is told of, in a notice that waits, or covered by such a one."""
        plan = self.ask(lambda installation: make_plan(installation.records()))
        assert isinstance(plan, Plan)
        assert not plan.steps, plan.steps
        assert not plan.differences, plan.differences
        for standing in plan.standings:
            timeline = standing.timeline
            assert not timeline.overtaken
            assert timeline.unannounced is None or timeline.telling(timeline.unannounced) is Telling.WAITING
            days = [posting.posted_on for posting in timeline.postings]
            assert days == sorted(days)

    def nothing_false_is_told(self) -> None:
        """No notice began to go out after a posting that was judged as if nobody had been told of it."""
        begun = {tag for notice in self.ledger.notices.all() if notice.started_at for tag in notice.tags}
        assert not begun & set(self.ask(_covered_tags))  # type: ignore[call-overload]  # a list of tags

    def status_says_who_is_not_told(self) -> None:
        """At every moment, also right after a kill."""
        status = self.ask(lambda installation: take_status(installation.records(), self.ledger))
        plan = self.ask(lambda installation: make_plan(installation.records()))
        assert isinstance(plan, Plan)
        assert not plan.differences, plan.differences
        alarms = " ".join(map(str, status.alarms))  # type: ignore[attr-defined]  # a Status
        made = {step.posting.tag for step in plan.steps if isinstance(step, MakePosting)}
        for standing in plan.standings:
            left = standing.timeline.unannounced
            if left and left.tag not in made and standing.timeline.telling(left) is Telling.UNANNOUNCED:
                assert standing.policy_id in alarms

    def postings(self) -> tuple[Posting, ...]:
        found = self.ask(
            lambda one: tuple(
                posting for policy in one.repository.policies_posted() for posting in one.repository.postings(policy)
            )
        )
        assert isinstance(found, tuple)
        return found


@contextmanager
def adopted(folder: Path, approval: str = "auto") -> Iterator[Road]:
    """A road in `folder` whose policies have been adopted, its ledger beside it; a copy of what is made once."""
    shutil.copytree(_made_once().name, folder, dirs_exist_ok=True)
    (folder / "chat" / "config.toml").write_text(CONFIG.format(approval=approval))
    with Ledger.open(f"sqlite:///{folder}/ledger.db") as ledger:
        yield Road(folder / "chat", ledger, approval)


@cache
def _made_once() -> tempfile.TemporaryDirectory[str]:
    made = tempfile.TemporaryDirectory()
    with Ledger.open(f"sqlite:///{made.name}/ledger.db") as ledger:
        Road(Path(made.name, "chat"), ledger, "auto").set_up()
    return made


def _previewed(installation: Installation) -> dict[str, object]:
    """As `notifier preview` and `preview --email` have it."""
    shown = _previews(installation)
    made = letters(installation.config, installation.ledger, installation.templates, shown)
    return {
        "postings": sorted(_posting(one.posting, one.standing.must_tell) for one in shown if one.standing.due),
        "waiting": sorted(_masked(f"{one.standing.wait}") for one in shown if one.standing.wait),
        "told": sorted(one.policy_id for one in shown if one.is_told),
        "letters": [(one.message.language, one.message.subject, one.message.text) for one in made],
    }


def _previews(installation: Installation) -> tuple[Preview, ...]:
    return preview(installation.records(), installation.ledger, (), from_=None, to=None)


def _check_agrees(installation: Installation) -> None:
    """`check`, which asks git alone, has the same verdict wherever git and ledger know the same."""
    config, repository = installation.config, installation.repository
    report = check(config, repository, from_=None, message=None, now=installation.now())
    shown = {one.policy_id: one for one in _previews(installation)}
    for one in report.changed:
        previewed = shown[one.policy_id]
        if previewed.standing.verdict and previewed.before == one.before:
            assert one.verdict.comparison.classification == previewed.standing.verdict.comparison.classification


def _said(installation: Installation, plan: Plan) -> dict[str, object]:
    """The same of a plan."""
    told = plan.announce.announcements if plan.announce else ()
    shown = [one for one in plan.standings if one.head]
    due = [one for one in shown if one.due]
    return {
        "postings": sorted(_posting(one.posting, one.must_tell) for one in due),
        "waiting": sorted(_masked(f"{one.wait}") for one in shown if one.wait),
        "told": sorted(one.posting.policy_id for one in told),
        "letters": list(_letters(installation, plan)),
    }


def _letters(installation: Installation, plan: Plan) -> Iterator[tuple[str, str, str]]:
    from notifier.usecases.announce import compose_notice

    if plan.announce is None:
        return
    config, ledger, templates = installation.config, installation.ledger, installation.templates
    composed = compose_notice(config, ledger, templates, plan.announce.announcements)
    everyone = tuple(sorted(composed.audiences))
    for message in composed.messages:
        if message.policies == everyone:
            yield message.language, message.subject, message.text


def _posting(posting: Posting | None, must_tell: bool) -> str:
    assert posting is not None
    shown = (posting.policy_id, posting.posted_on, posting.effective_on, posting.significance, posting.tag,
             posting.summary, posting.compared_with, posting.word, posting.reasons, must_tell)  # fmt: skip
    return _masked(repr(shown))


def _masked(said: str) -> str:
    """Without the commit ids, which a draft does not have yet."""
    return re.sub(r"\b[0-9a-f]{40}\b|\b[0-9a-f]{7}\b|this text|(?<=')(?=')", "#", said)


def _covered_tags(installation: Installation) -> list[str]:
    records = installation.records()
    timelines = [records.timeline(policy_id) for policy_id in records.repository.policies_posted()]
    return [posting.tag for one in timelines for posting in one.postings if one.is_covered(posting)]
