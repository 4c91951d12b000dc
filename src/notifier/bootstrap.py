"""The one place that knows every concrete part: a config → the parts of an installation, opened and closed again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe
from types import MappingProxyType
from typing import TYPE_CHECKING

from notifier.alarms import Alarm, AlarmCode, alarm
from notifier.errors import Busy, ConfigError, Refused, RepositoryError, in_a_line
from notifier.shipped import templates_for
from notifier.state import STATE, file_lock, keep_copy, state_folder
from notifier.usecases.deliver import DeliveryReport, NoticeReport, Progress
from notifier.usecases.installation import Installation

if TYPE_CHECKING:
    from notifier.alarms.dispatch import AlarmDispatch
    from notifier.alarms.memory import AlarmStore
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.mail import Mailer
    from notifier.repository import Repository
    from notifier.usecases.run import RunReport


LAST_GOOD = "config-last-good.toml"
"""What the config said at the last run: whom to tell when it cannot be read any more."""


def utc_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def installation(
    config: Config,
    *,
    on_progress: Callable[[Progress], None] = lambda _: None,
    on_step: Callable[[str], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
    now: Callable[[], datetime] | None = None,
    check_lock: Callable[[], None] = lambda: None,
    is_fresh: bool = True,
) -> Iterator[Installation]:
    """Every part of an installation, open while the block runs; `is_fresh`: with what the remote has now.

    `now`: else what the ledger takes for the time, so that machines that share it agree.
    """
    with ExitStack() as parts:
        repository = parts.enter_context(open_repository(config, is_fresh=is_fresh))
        ledger = parts.enter_context(open_ledger(config))
        yield Installation(
            config=config,
            repository=repository,
            ledger=ledger,
            mailer=parts.enter_context(closing(make_mailer(config))),
            templates=templates_for(config.root),
            now=now or ledger.now,
            on_step=on_step,
            on_progress=on_progress,
            should_stop=should_stop,
            check_lock=check_lock,
        )


def make_run(
    config: Config,
    *,
    on_progress: Callable[[Progress], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
    noted: Iterable[Alarm] = (),
) -> RunReport:
    """One pass, alone; what needs a person afterwards goes out, also that the run failed. Raises what `run` raises.

    `noted`: alarms that only the caller knows of.
    """
    from notifier.usecases.run import run

    noted = tuple(noted)
    keep_copy(config.path, state_folder(config.root) / LAST_GOOD)
    with (
        telling_failure(config, noted),
        _delivering_all_the_same(config, should_stop),
        locked(config) as check_lock,
        installation(config, on_progress=on_progress, should_stop=should_stop, check_lock=check_lock) as parts,
    ):
        report = run(parts)
    alarms = (*report.alarms, *noted)
    if should_stop():
        return report._replace(alarms=alarms)
    unsent = make_dispatch(config, should_stop=should_stop).update((*alarms, *report.reviews))
    return report._replace(alarms=(*alarms, *unsent))


@contextmanager
def _delivering_all_the_same(config: Config, should_stop: Callable[[], bool]) -> Iterator[None]:
    """A repository that cannot be read or reached holds up no notice that has begun; the error is raised then."""
    try:
        yield
    except Busy:
        raise
    except RepositoryError:
        with suppress(Refused):
            _deliver_between_runs(config, should_stop)
        raise


@contextmanager
def telling_failure(config: Config, noted: tuple[Alarm, ...] = ()) -> Iterator[None]:
    """An error in the block is raised, and goes out as an alarm; not where somebody else makes the run."""
    try:
        yield
    except Busy:
        raise
    except Exception as error:
        failed = alarm(AlarmCode.RUN_FAILED, why=in_a_line(error))
        make_dispatch(config).update((failed, *noted), frozenset({failed.code, *(one.code for one in noted)}))
        raise


@contextmanager
def telling_broken_config(path: Path | None) -> Iterator[None]:
    """A config that cannot be used is raised, and goes out by the channels that the last run had: cron tells nobody."""
    from notifier import config

    try:
        yield
    except ConfigError as error:
        place = path or Path.cwd()
        with suppress(ConfigError):
            place = path or config.find(place)
        place = place / config.FILE_NAME if place.is_dir() else place
        broken = alarm(AlarmCode.CONFIG_BROKEN, "no run", why=in_a_line(error))
        with suppress(Refused, OSError):
            last = config.load(place, kept_at=place.absolute().parent / STATE / LAST_GOOD)
            make_dispatch(last).update((broken,), frozenset({broken.code}))
        raise


def make_look(
    config: Config, *, should_stop: Callable[[], bool] = lambda: False, noted: Iterable[Alarm] = ()
) -> tuple[NoticeReport, ...]:
    """Between two runs: send what has come due, and tell which alarms came or went. What was sent meanwhile."""
    from notifier.usecases.alarms import LOOKED_AT, live_alarms, mended_meanwhile
    from notifier.usecases.disk import disk_alarms

    dispatch, noted = make_dispatch(config, should_stop=should_stop), tuple(noted)
    try:
        delivery = _deliver_between_runs(config, should_stop)
        with open_ledger(config) as ledger:
            memory = dispatch.store.read()
            found, over = tuple(live_alarms(config, ledger, memory, utc_now())), mended_meanwhile(memory, ledger)
    except Exception as error:
        failed = alarm(AlarmCode.SENDING_FAILED, why=in_a_line(error))
        dispatch.update((failed, *noted), frozenset({failed.code, AlarmCode.CONFIG_BROKEN}), is_look=True)
        raise
    if not should_stop():
        dispatch.update((*delivery.alarms, *disk_alarms(config), *found, *noted), LOOKED_AT | over, is_look=True)
    return tuple(one for one in delivery.notices if one.sent)


def _deliver_between_runs(config: Config, should_stop: Callable[[], bool]) -> DeliveryReport:
    """Nothing where nothing is due, or another process sends. What has begun needs no remote, which may be away."""
    from notifier.usecases.returned_mail import read_returned_mail
    from notifier.usecases.run import deliver_due

    with open_ledger(config) as ledger:
        if not ledger.notices.due(utc_now()) and not ledger.batches.has_unsettled():
            return DeliveryReport(alarms=read_returned_mail(config, ledger, utc_now()))
    with suppress(Busy), locked(config), installation(config, should_stop=should_stop, is_fresh=False) as parts:
        return deliver_due(parts)
    return DeliveryReport()


def make_dispatch(config: Config, *, should_stop: Callable[[], bool] = lambda: False) -> AlarmDispatch:
    """The channels that the config names, and what they were told."""
    from notifier.alarms.command_channel import CommandChannel
    from notifier.alarms.dispatch import AlarmChannel, AlarmDispatch
    from notifier.alarms.mail_channel import MailChannel
    from notifier.alarms.webhook_channel import WebhookChannel

    wanted, channels = config.alarms, list[AlarmChannel]()
    for address in wanted.mail:
        channels.append(MailChannel(address, config.name, lambda *letter: post_plainly(config, *letter)))
    if wanted.webhook:
        channels.append(WebhookChannel(wanted.webhook, config.secrets.alarms_webhook_secrets, config.name))
    if wanted.command:
        channels.append(CommandChannel(wanted.command, config.root, config.name))
    return AlarmDispatch(alarm_store(config), tuple(channels), utc_now, should_stop)


def alarm_store(config: Config, ledger: Ledger | None = None) -> AlarmStore:
    """Where it is kept which alarms stand, and who was told; `ledger` is the one that is open already."""
    from notifier.alarms.memory import AlarmFile
    from notifier.usecases.shared_alarms import SharedAlarms

    file = AlarmFile(state_folder(config.root))
    if ledger_file(config):
        return file
    return SharedAlarms(file, lambda: nullcontext(ledger) if ledger else open_ledger(config, migrates=False))


def post_plainly(config: Config, address: str, subject: str, text: str) -> None:
    """One message by the configured transport, past the ledger. Raises a `DeliveryError` or `Refused`."""
    from notifier.mail import Addressee, Envelope
    from notifier.notice.message import Message
    from notifier.policy.persons.mailbox import read_mailbox

    if config.mail.transport == "sendgrid" and config.mail.sendgrid.sandbox:
        raise Refused("mail.sendgrid.sandbox is on: nothing that is sent reaches anybody")
    name, to = read_mailbox(address)
    letter = Envelope(
        notice_id="alarms",
        attempt_id=f"alarm-{token_urlsafe(12)}",
        sender=config.mail.from_,
        reply_to=config.mail.reply_to,
        message=Message("en", (), subject, text, ""),
        addressees=(Addressee(token_urlsafe(16), to, name),),
    )
    with closing(make_mailer(config)) as mailer:
        mailer.check(config.mail.from_, config.mail.reply_to)
        mailer.send(letter)


@contextmanager
def locked(config: Config) -> Iterator[Callable[[], None]]:
    """Be the only run of this installation, and of its ledger, meanwhile; raises `Busy`. Gives what checks that it is.

    Two machines may share a ledger: the slower would withdraw what the faster announced. No repository, no state.
    """
    if config.repository.remote is None and not (config.root / STATE).exists():
        from notifier.repository.open import find

        find(config.root)
    from notifier.ledger import Ledger

    with (
        file_lock(state_folder(config.root) / "run.lock", "a run is going"),
        Ledger.open(config.ledger_url) as ledger,  # how far it has come is kept by whoever writes into it
        ledger.run_lock(),
    ):
        yield ledger.check_run_lock


def open_repository(config: Config, *, is_fresh: bool = True) -> Repository:
    """The git repository of the installation; of a remote as the last run fetched it, unless `is_fresh`.

    Raises RepositoryError.
    """
    from notifier.repository import Repository

    return Repository.open(
        config.root,
        branch=config.repository.branch,
        remote=config.repository.remote,
        policies_path=config.policies.path,
        language=config.policies.language,
        habit=config.policies.layout,
        files=config.policies.files,
        author=config.posting.author,
        private=config.private,
        is_fresh=is_fresh,
    )


def open_checkout(config: Config) -> Repository:
    """The checkout as it stands, whatever is checked out: to read only. Raises RepositoryError."""
    from notifier.repository import Repository

    return Repository.open(
        config.root,
        policies_path=config.policies.path,
        language=config.policies.language,
        habit=config.policies.layout,
        files=config.policies.files,
        private=config.private,
        at="HEAD",
    )


def open_ledger(config: Config, *, migrates: bool = True, waits: bool = False) -> Ledger:
    """The ledger of the installation, made as needed, and migrated unless that is not wanted. Raises LedgerError.

    `waits`: one that is away is looked at again at each use.
    """
    from notifier.ledger import Ledger
    from notifier.ledger.evidence.high_water import FILE as HIGH_WATER

    return Ledger.open(config.ledger_url, state_folder(config.root) / HIGH_WATER, migrates=migrates, waits=waits)


def ledger_file(config: Config) -> Path | None:
    """Where the ledger is one file of this machine; None where a server has it."""
    from sqlalchemy.engine import make_url

    url = make_url(config.ledger_url)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def make_mailer(config: Config) -> Mailer:
    """The transport that `mail.transport` names."""
    return TRANSPORTS[config.mail.transport](config)


def _outbox(config: Config) -> Mailer:
    from notifier.mail.outbox import OutboxMailer

    return OutboxMailer(config.outbox_dir)


def _smtp(config: Config) -> Mailer:
    from notifier.mail.smtp import SmtpMailer

    smtp = config.mail.smtp
    return SmtpMailer(
        host=smtp.host,
        port=smtp.port,
        security=smtp.security,
        username=smtp.username,
        password=config.secrets.smtp_password,
        connections=smtp.connections,
        return_path=None if smtp.return_path == "none" else smtp.return_path,
    )


def _sendgrid(config: Config) -> Mailer:
    from notifier.mail.sendgrid import SendGridMailer

    if not config.secrets.sendgrid_api_key:
        raise ConfigError("SENDGRID_API_KEY is not in the environment, and mail.transport is sendgrid")
    sendgrid = config.mail.sendgrid
    return SendGridMailer(
        api_key=config.secrets.sendgrid_api_key,
        host=sendgrid.host,
        timeout_s=sendgrid.timeout_s,
        batch_size=sendgrid.batch_size,
        connections=sendgrid.connections,
        sandbox=sendgrid.sandbox,
        bypass=sendgrid.bypass,
        has_webhook=bool(config.secrets.sendgrid_webhook_keys),
    )


TRANSPORTS: Mapping[str, Callable[[Config], Mailer]] = MappingProxyType(
    {"outbox": _outbox, "smtp": _smtp, "sendgrid": _sendgrid}
)
