"""A worker: one of any number that send what runs have begun, each on a machine of its own.

Nothing that wakes it is believed, and nothing that does not wake it holds it up: it looks into the ledger by itself,
twice a second, and what it finds there is what it does. So a lost, doubled or late call changes nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from notifier.alarms import Alarm, AlarmCode
from notifier.errors import Busy, LedgerOutgrown, NotifierError, in_a_line
from notifier.ledger.cluster.processes import ProcessRole, Pulse
from notifier.structured_log import Tell
from notifier.usecases.alarms import process_alarms
from notifier.usecases.deliver import DeliveryReport, SystemEnvironment, send_along
from notifier.usecases.ledger_outage import LedgerOutage

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.mail import Mailer
    from notifier.notice.sending_rules import SendingRules

LOOK_EVERY_S = 0.5
SWEEP_EVERY_S = 5.0
"""How often a worker looks for what dead ones left, where there is nothing to send."""
REST_S = 0.5
"""After a pass that could send nothing, though something is to be sent: whatever is in the way does not go at once."""
OTHERS_EVERY_S = 60.0
"""How often it looks whether all others give signs of life: the schedule, which does so too, may be what hangs."""
LONG_REST_S = 60.0
"""The same where the provider refuses all we send: a person must act."""
PATIENCE = timedelta(seconds=5)
OWN = frozenset({AlarmCode.NO_MAIL_TAKEN, AlarmCode.ENDED_LATE, AlarmCode.SENDING_FAILED})
"""What only the one who sends can know; all else the schedule finds in the ledger."""


@dataclass
class Worker:
    """One process. `tell` gets a line for people, `alarms` what needs one and about which codes that is all."""

    ledger: Ledger
    mailer: Mailer
    rules: SendingRules
    stopping: threading.Event
    tell: Tell
    alarms: Callable[[Iterable[Alarm], frozenset[AlarmCode]], object]
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)
    _rests_until: float = 0.0
    _swept_at: float = 0.0
    _others_at: float = 0.0
    _silent: tuple[Alarm, ...] = ()
    _is_called: bool = False
    _standing: tuple[Alarm, ...] = ()
    _offered: tuple[Mailer, SendingRules] | None = None

    def __post_init__(self) -> None:
        processes = self.ledger.processes
        self._outage = LedgerOutage(self.tell, self.alarms)
        self._pulse = Pulse(lambda is_first: processes.sign(ProcessRole.WORKER, self.ledger.now(), is_first=is_first))

    def work(self) -> None:
        """Until told to stop. Jobs call, where there are any, and what nobody called for is found all the same."""
        while not self.stopping.wait(LOOK_EVERY_S):
            self.look()
        with suppress(NotifierError):
            self.ledger.processes.leave(ProcessRole.WORKER)

    def look(self) -> None:
        """Send what there is to send; returns when nothing is left for now. Safe to call from any thread."""
        with self._one_at_a_time:
            self._pulse.beat()
            self._take_what_is_offered()
            if self.stopping.is_set() or time.monotonic() < self._rests_until:
                return
            try:
                if self._has_something_to_do():
                    self._take(send_along(self.ledger, self.mailer, self._rules, self._environment))
                    self.ledger.jobs.drop_settled()
                self._outage.ends()
                self._mind_others()
                if not self._is_called:
                    self._is_called = True
                    self._let_jobs_call()
            except LedgerOutgrown as error:
                self.tell("worker.outgrown", in_a_line(error), level="error")
                self.stopping.set()
            except Busy:  # somebody brings a copy of the ledger back
                self._rest(REST_S)
            except Exception as error:  # noqa: BLE001  # whatever it is: who does not go on sends nothing
                self._rest(self._outage.goes_on(error))

    def close(self) -> None:
        """Leave the transport."""
        self.mailer.close()

    def take_up(self, mailer: Mailer, rules: SendingRules) -> None:
        """What a changed config asks for counts from the next pass, which comes at once where nothing could be sent."""
        self._offered = mailer, rules

    def _take_what_is_offered(self) -> None:
        if self._offered is not None:
            self.mailer.close()
            (self.mailer, self.rules), self._offered = self._offered, None
            self._rests_until = 0.0

    def _let_jobs_call(self) -> None:
        if self.ledger.jobs.install():
            calling = (self.look, self.stopping)
            threading.Thread(target=self.ledger.jobs.work, args=calling, daemon=True, name="jobs").start()
        else:
            said = "without pip install 'policy-notifier[cluster]' no job wakes it: it looks twice a second"
            self.tell("worker.no_jobs", said)

    @property
    def _rules(self) -> SendingRules:
        return self.rules._replace(patience=PATIENCE)

    @property
    def _environment(self) -> SystemEnvironment:
        return SystemEnvironment(now=self.ledger.now, should_stop=self._should_stop)

    def _should_stop(self) -> bool:
        """Asked between any two things that it does while it sends."""
        self._pulse.beat()
        return self.stopping.is_set()

    def _mind_others(self) -> None:
        if time.monotonic() < self._others_at + OTHERS_EVERY_S:
            return
        self._others_at = time.monotonic()
        silent = tuple(process_alarms(self.ledger, self.ledger.now()))
        if silent != self._silent:
            self.alarms(silent, frozenset({AlarmCode.PROCESS_SILENT}))
        self._silent = silent

    def _has_something_to_do(self) -> bool:
        if not self.ledger.batches.mind_server():
            return False
        if self.ledger.batches.has_work(self.ledger.now()):
            return True
        if time.monotonic() < self._swept_at + SWEEP_EVERY_S:
            return False
        self._swept_at = time.monotonic()
        return self.ledger.batches.has_unsettled()

    def _take(self, report: DeliveryReport) -> None:
        for one in report.notices:
            if one.sent:
                self.tell(
                    "notice.sent",
                    f"{one.notice.notice_id}: {one.sent} sent",
                    notice=one.notice.notice_id,
                    sent=one.sent,
                )
        if report.blocked_because:
            self.tell("mail.not_taken", f"nothing is taken: {report.blocked_because}", level="warning")
            self._rest(LONG_REST_S)
        elif not any(one.sent for one in report.notices):
            self._rest(REST_S)
        found = tuple(one for one in report.alarms if one.code in OWN)
        for new in found:
            if new.code is AlarmCode.SENDING_FAILED and new not in self._standing:
                self.tell("alarm.stands", new.text, level="warning", code=new.code.value)
        if found or self._standing:
            self.alarms(found, frozenset(one.code for one in (*self._standing, *found)))
        self._standing = found

    def _rest(self, seconds: float) -> None:
        self._rests_until = time.monotonic() + seconds
