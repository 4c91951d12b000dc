"""The one place that knows every concrete part: a config → the parts of an installation, opened and closed again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from notifier.errors import ConfigError
from notifier.shipped import templates_for
from notifier.state import file_lock, state_folder
from notifier.usecases.deliver import Progress
from notifier.usecases.installation import Installation

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.mail import Mailer
    from notifier.repository import Repository


def utc_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def installation(
    config: Config,
    *,
    on_progress: Callable[[Progress], None] = lambda _: None,
    on_step: Callable[[str], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
    now: Callable[[], datetime] = utc_now,
) -> Iterator[Installation]:
    """Every part of an installation, open while the block runs."""
    with ExitStack() as parts:
        yield Installation(
            config=config,
            repository=parts.enter_context(open_repository(config)),
            ledger=parts.enter_context(open_ledger(config)),
            mailer=parts.enter_context(closing(make_mailer(config))),
            templates=templates_for(config.root),
            now=now,
            on_step=on_step,
            on_progress=on_progress,
            should_stop=should_stop,
        )


@contextmanager
def locked(config: Config) -> Iterator[None]:
    """Be the only run of this installation, and of its ledger, meanwhile; raises `Busy`.

    Two machines may share a ledger: the slower would withdraw what the faster has just announced. A folder that is no
    repository gets no state.
    """
    if config.repository.remote is None:
        from notifier.repository.open import find

        find(config.root)
    with (
        file_lock(state_folder(config.root) / "run.lock", "a run is going"),
        open_ledger(config) as ledger,
        ledger.run_lock(),
    ):
        yield


def open_repository(config: Config) -> Repository:
    """The git repository of the installation. Raises RepositoryError."""
    from notifier.repository import Repository

    return Repository.open(
        config.root,
        branch=config.repository.branch,
        remote=config.repository.remote,
        policies_path=config.policies.path,
        language=config.policies.language,
        author=config.posting.author,
        private=config.private,
    )


def open_checkout(config: Config) -> Repository:
    """The checkout as it stands, whatever is checked out: to read only. Raises RepositoryError."""
    from notifier.repository import Repository

    return Repository.open(
        config.root,
        policies_path=config.policies.path,
        language=config.policies.language,
        private=config.private,
        at="HEAD",
    )


def open_ledger(config: Config) -> Ledger:
    """The ledger of the installation, made or migrated as needed. Raises LedgerError."""
    from notifier.ledger import Ledger

    state_folder(config.root)
    return Ledger.open(config.ledger_url)


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
        has_webhook=bool(config.secrets.sendgrid_webhook_keys),
    )


TRANSPORTS: Mapping[str, Callable[[Config], Mailer]] = MappingProxyType(
    {"outbox": _outbox, "smtp": _smtp, "sendgrid": _sendgrid}
)
