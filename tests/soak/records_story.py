"""One seed, one story of two records: an editor, an operator, and whatever can happen to tags, ledgers and clocks.

Truth is what no harm here touches: the stamp commits on the branch, and the letters that left. After every step:
whoever must be told of a significant posting has been, or `status` says that they have not; and nobody has one letter
twice unless a person had it sent again.
"""

from __future__ import annotations

import email
import email.policy
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from notifier.bootstrap import locked
from notifier.config import load
from notifier.errors import Busy, Refused
from notifier.ledger import Ledger
from notifier.ledger.evidence.high_water import FILE as HIGH_WATER
from notifier.notice.delivery import NoticeState
from notifier.significance import Significance
from notifier.usecases.audience import approve
from notifier.usecases.plan import Plan, make_plan
from notifier.usecases.recover import Recovered, Told, recover
from notifier.usecases.run import run
from notifier.usecases.status import Status, take_status
from tests.usecases.road import PEOPLE, STEPS, Killed, Road

EDITS = ("typo", "more sharing", "longer", "older", "longer in German")
WORDS = ("nothing", "significant", "significant")
JUMPS = (timedelta(hours=2), timedelta(days=1), timedelta(days=40), timedelta(days=-1), timedelta(days=-30))
_STAMP = re.compile(r"^Notifier-(Posting|Significance|Compared-With|Adopted): (.*)$", re.M)


@dataclass(frozen=True)
class Stamped:
    """A posting as its commit tells it."""

    tag: str
    is_significant: bool
    compared_with: str

    @property
    def page(self) -> str:
        return _page(self.tag)

    @property
    def policy_id(self) -> str:
        return self.tag.split("/")[1]


def _page(tag: str) -> str:
    """What a letter about a posting links to."""
    policy_id, _, version = tag.removeprefix("posted/").rpartition("/")
    return f"/{policy_id}/{version}/"


@dataclass
class RecordsStory:
    """What happens in one seed, in the folder `root`."""

    seed: int
    root: Path
    copies: list[Path] = field(default_factory=list)
    tags: list[dict[str, str]] = field(default_factory=list)
    sent_again: set[str] = field(default_factory=set)
    """Postings that a person had told once more, not knowing who had been."""
    outboxes: int = 1
    read_at: str = ""
    stamped: list[Stamped] = field(default_factory=list)
    mail: dict[Path, tuple[str, str]] = field(default_factory=dict)
    """What was read of the branch's stamps and of the letters: neither changes once it is there."""

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311  # repeatable on purpose
        (self.root / ".notifier").mkdir(parents=True)
        self.url = f"sqlite:///{self.root}/.notifier/ledger.db"
        self.road = Road(self.root, self._open(), self.chance.choice(["auto", "manual"]))
        self.road.set_up()

    def tell(self, steps: int = 10) -> None:
        """The whole of it; raises AssertionError where the invariant breaks."""
        pages, lacking = "notifier.usecases.run.publish_what_stands", "notifier.usecases.run.pageless_notices"
        # Pages cost half of the time; a notice whose pages are not there would wait for them.
        with closing(self), patch(pages, return_value=()), patch(lacking, return_value={}):
            for _ in range(steps):
                doing = self.chance.choice(self._doings())
                doing()
                self.everybody_is_told_or_status_says_who_is_not(doing.__name__)
            self._bring_to_an_end()

    def _open(self) -> Ledger:
        return Ledger.open(self.url, self.root / ".notifier" / HIGH_WATER)

    def close(self) -> None:
        self.road.ledger.close()

    def _doings(self) -> tuple[Callable[[], object], ...]:
        road = (self._edit, self._edit, self._run, self._run, self._run, self._go_on, self._approve, self._decide)
        harms = (self._harm_a_tag, self._restore_ledger, self._restore_tags, self._switch_transport, self._jump)
        copies = (self._keep_copies, self._keep_copies, self._restore_what_waited)
        return (*road, *harms, *copies, self._recover, self._jump)

    # The editor and the operator

    def _edit(self) -> None:
        self.road.swap(self.chance.choice(EDITS))
        self.road.commit(self.chance.choice(WORDS))

    def _run(self) -> None:
        """A run that may be killed, while another is tried beside it, as on a second machine."""
        killed_at = self.chance.choice([*STEPS, *[""] * len(STEPS)])
        beside_at = self.chance.choice(STEPS)
        installation = self.road.installation()

        def on_step(step: str) -> None:
            if step == beside_at:
                self._refused_beside()
            if step == killed_at:
                raise Killed(step)

        config = load(self.root / "config.toml", {})
        parts = {name: getattr(installation, name) for name in installation.__slots__}
        with closing(installation.repository):
            try:
                with locked(config):
                    run(type(installation)(**{**parts, "on_step": on_step}))
            except Killed:
                pass

    def _refused_beside(self) -> None:
        try:
            with Ledger.open(self.url) as other, other.run_lock():
                raise AssertionError(f"seed {self.seed}: two runs at once")
        except Busy:
            pass

    def _go_on(self) -> None:
        self.road.go_on()

    def _approve(self) -> None:
        """Whatever waits for a person's word gets it."""
        ledger, now = self.road.ledger, self.road.now
        for notice in ledger.notices.all(NoticeState.AWAITING_APPROVAL):
            if "were set back" in (notice.why or ""):
                self.sent_again |= {_page(tag) for tag in notice.tags}
            approve(ledger, notice.notice_id, "Ann", now, "I looked")
        for notice in ledger.notices.all(NoticeState.HELD):
            ledger.notices.resume(notice.notice_id, "Ann", now)

    def _decide(self) -> None:
        self.road.decide(self.chance.choice(list(Significance)))

    def _recover(self) -> Recovered:
        """The operator answers by what left: told, or tell now."""
        answers: dict[str, Told] = {}
        done = self._recovered(answers)
        while asked := [one for one in done.questions if one.tag not in answers]:
            answers |= {posting.tag: self._answer(posting.tag) for posting in asked}
            done = self._recovered(answers)
        return done

    def _answer(self, tag: str) -> Told:
        page = _page(tag)
        reached = {address for address, letter in self.letters() if page in letter}
        if len(reached) == len(PEOPLE):
            return Told.TOLD
        self.sent_again.add(page)
        return Told.TELL_NOW

    def _recovered(self, answers: dict[str, Told]) -> Recovered:
        done = self.road.ask(
            lambda one: recover(one.records(), self.road.ledger, answers, by="Ann", no_newer_copy=True)
        )
        assert isinstance(done, Recovered)
        return done

    # Harms

    def _harm_a_tag(self) -> None:
        tags = self._tags_now()
        if not tags:
            return
        name = self.chance.choice(sorted(tags))
        match self.chance.randrange(4):
            case 0:
                self.road.git("update-ref", "-d", f"refs/tags/{name}")
            case 1:
                self.road.git("tag", "--force", name, "HEAD")
            case 2:
                self.road.git("update-ref", f"refs/tags/{name}", self.chance.choice(sorted(tags.values())))
            case _:
                self.road.git(
                    "tag", "--force", "--annotate", "-m", "Forged", f"posted/privacy/2031-01-0{name[-1]}", "HEAD"
                )

    def _tags_now(self) -> dict[str, str]:
        said = self.road.git("for-each-ref", "--format=%(refname:strip=2) %(objectname)", "refs/tags/")
        return dict(line.split(" ") for line in said.splitlines())

    def _keep_copies(self) -> None:
        """As a backup does, while nothing runs."""
        self.road.ledger.close()
        copy = self.root.with_name(f"copy-{len(self.copies)}.db")
        shutil.copyfile(self.root / ".notifier" / "ledger.db", copy)
        self.copies.append(copy)
        self.tags.append(self._tags_now())

    def _restore_ledger(self) -> None:
        """An earlier copy, or none at all; the company's list is imported again."""
        self.road.ledger.close()
        for path in (self.root / ".notifier").glob("ledger.db*"):
            path.unlink()
        if self.copies and self.chance.random() < 0.7:
            shutil.copyfile(self.chance.choice(self.copies), self.root / ".notifier" / "ledger.db")
        self.road.ledger = self._open()
        self.road.ledger.roster.import_customers(PEOPLE)

    def _restore_what_waited(self) -> None:
        """A backup made while a notice waited comes back after it has gone out."""
        self.road.swap(self.chance.choice(("longer", "older")))
        self.road.commit("significant")
        self.road.run()
        self._keep_copies()
        self._approve()
        self.road.run()
        self.road.ledger.close()
        for path in (self.root / ".notifier").glob("ledger.db*"):
            path.unlink()
        shutil.copyfile(self.copies[-1], self.root / ".notifier" / "ledger.db")
        self.road.ledger = self._open()

    def _restore_tags(self) -> None:
        if not self.tags:
            return
        wanted = self.chance.choice(self.tags)
        for name in self._tags_now().keys() - wanted.keys():
            self.road.git("update-ref", "-d", f"refs/tags/{name}")
        for name, object_id in wanted.items():
            self.road.git("update-ref", f"refs/tags/{name}", object_id)

    def _switch_transport(self) -> None:
        """To another folder, and perhaps back again."""
        self.outboxes = max(self.outboxes, self.chance.randint(1, 3))
        self._send_to(self.chance.randint(1, self.outboxes))

    def _send_to(self, number: int) -> None:
        config = self.root / "config.toml"
        text = config.read_text().split("[mail.outbox]")[0]
        config.write_text(f'{text}[mail.outbox]\npath = ".notifier/outbox-{number}"\n')

    def _jump(self) -> None:
        self.road.now += self.chance.choice(JUMPS)

    # What is true, whatever the records say

    def stamps(self) -> list[Stamped]:
        """Every posting that was made, newest first."""
        head = (self.root / ".git" / "refs" / "heads" / "main").read_text()
        if head != self.read_at:
            said = self.road.git("log", "-z", "--format=%B", "--grep=^Notifier-Posting: ", "main").split("\0")
            found = [dict(_STAMP.findall(message)) for message in said if message]
            self.read_at, self.stamped = (
                head,
                [
                    Stamped(one["Posting"], one["Significance"] == "significant", one.get("Compared-With", ""))
                    for one in found
                ],
            )
        return self.stamped

    def letters(self) -> list[tuple[str, str]]:
        """(address, text) of everything that ever left, to whatever folder."""
        for path in (self.root / ".notifier").glob("outbox*/**/*.eml"):
            if path not in self.mail:
                message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                body = message.get_body(("plain",))
                self.mail[path] = (str(message["To"]), "" if body is None else body.get_content())
        return list(self.mail.values())

    def everybody_is_told_or_status_says_who_is_not(self, after: str) -> None:
        """The invariant."""
        letters, stamps = self.letters(), self.stamps()
        said = self.road.ask(lambda one: take_status(one.records(), self.road.ledger))
        assert isinstance(said, Status)
        alarms = " ".join(alarm.text for alarm in said.alarms)
        open_notices = {tag for one in said.notices for tag in one.notice.tags
                        if one.notice.state not in (NoticeState.FINISHED, NoticeState.CANCELLED)}  # fmt: skip
        posted = {one.tag for one in self.road.ledger.postings.all()}
        coming = {one.policy_id for one in said.policies if (one.waiting_for or "").startswith("the next run")}
        pages = {stamp.tag: stamp.page for stamp in stamps}
        for at, stamp in enumerate(stamps):
            if not stamp.is_significant or self._is_covered(stamp, stamps[:at]):
                continue
            reached = {address for address, letter in letters if stamp.page in letter}
            is_said = stamp.policy_id in alarms or "records differ" in alarms or stamp.tag in open_notices
            is_said |= stamp.tag not in posted and stamp.policy_id in coming  # a run was killed, and the ledger is lost
            told = f"seed {self.seed}, after {after}: {stamp.tag} reached {len(reached)}, and status says {alarms!r}"
            assert len(reached) == len(PEOPLE) or is_said, told
        times = Counter((address, page) for address, letter in letters for page in pages.values() if page in letter)
        for (address, page), count in times.items():
            assert count == 1 or page in self.sent_again, (
                f"seed {self.seed}, after {after}: {address} has {page} {count} times"
            )

    def _is_covered(self, stamp: Stamped, later: list[Stamped]) -> bool:
        """Was a later one of the same policy judged against what customers knew before this one?"""
        own = [one for one in later if one.policy_id == stamp.policy_id]
        tags = [one.tag for one in own]
        return any(one.compared_with not in (stamp.tag, *tags) for one in own)

    def _bring_to_an_end(self) -> None:
        """With an operator who mends what the alarms name, everything is told, and git and the ledger agree."""
        self.road.now = max(self.road.now, datetime(2027, 6, 1, 9, tzinfo=UTC)) + timedelta(days=40)
        for _ in range(8):
            if self._is_over():
                break
            self._mend()
            try:
                self.road.run()
            except Refused as error:
                raise AssertionError(f"seed {self.seed}: {error}") from error
        self.everybody_is_told_or_status_says_who_is_not("the end")
        assert self._is_over(), f"seed {self.seed}: {self._left()}"

    def _mend(self) -> None:
        """What the alarms say: forged tags go, the records are made to agree, whatever waits gets a person's word."""
        forged = re.findall(r"git tag -d (\S+)", " ".join(self._recover().differences))
        for name in forged:
            self.road.git("tag", "-d", name)
        if forged:
            self._recover()
        self.road.now += timedelta(days=4)  # what nobody has said whether to tell of goes out then
        for notice in self.road.ledger.notices.all(NoticeState.HELD):
            if notice.destination and "began on" in (notice.why or ""):
                self.road.ledger.notices.unbind(notice.notice_id, "Ann", self.road.now, "nothing of it left there")
                self.sent_again |= {_page(tag) for tag in notice.tags}
        self._approve()

    def _left(self) -> tuple[object, ...]:
        plan = self.road.ask(lambda one: make_plan(one.records()))
        assert isinstance(plan, Plan)
        unfinished = self.road.ledger.notices.all(NoticeState.HELD, NoticeState.SCHEDULED, NoticeState.SENDING)
        return (*plan.differences, *plan.steps, *unfinished)

    def _is_over(self) -> bool:
        return not self._left()
