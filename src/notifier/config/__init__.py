"""The config: `config.toml` and the environment's secrets → one frozen `Config`. Mistakes are told all at once, by key.

The folder of `config.toml` is the installation's root: relative paths are read against it, whatever the working
directory.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from notifier.config.tables import CustomersConfig, Tables
from notifier.errors import ConfigError
from notifier.shipped import TEMPLATES
from notifier.state import STATE

FILE_NAME = "config.toml"
SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What only the environment says; never printed. Webhook keys are public ones, several during a rotation."""

    sendgrid_api_key: str | None = field(default=None, repr=False)
    sendgrid_webhook_keys: tuple[str, ...] = field(default=(), repr=False)
    smtp_password: str | None = field(default=None, repr=False)
    imap_password: str | None = field(default=None, repr=False)
    ledger_url: str | None = field(default=None, repr=False)
    customers_url: str | None = field(default=None, repr=False)
    alarms_webhook_secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def words(self) -> tuple[str, ...]:
        """What must appear nowhere."""
        password = urlsplit(self.ledger_url or "").password
        found = (self.sendgrid_api_key, self.smtp_password, self.imap_password, password, *self.alarms_webhook_secrets)
        return tuple(one for one in found if one)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(Tables):
    """One installation: its tables, where they were read, and its secrets."""

    path: Path
    secrets: Secrets

    @property
    def root(self) -> Path:
        return self.path.parent

    @property
    def policies_dir(self) -> Path:
        return self.root / self.policies.path

    @property
    def outbox_dir(self) -> Path:
        return self.root / self.mail.outbox.path

    @property
    def bounces(self) -> Path | str | None:
        """Where returned mail arrives, if it is to be read: a Maildir, or an IMAP mailbox by its address."""
        place = self.mail.bounces
        return None if place == "none" else place if "://" in place else self.root / place

    @property
    def page_dir(self) -> Path:
        return self.root / self.page.path

    @property
    def private(self) -> tuple[Path, ...]:
        """What Notifier alone writes: git may track nothing in it."""
        ledger = [Path(self.ledger_url.removeprefix(SQLITE))] if self.ledger_url.startswith(SQLITE) else []
        return (self.root / STATE, self.outbox_dir, self.page_dir, *ledger)

    @property
    def customers_file(self) -> Path | None:
        return self.root / self.customers.file if self.customers.file else None

    @property
    def customers_query(self) -> tuple[str, str] | None:
        """Where the company's own database is and what it is asked, if it is. May hold a password: never print it."""
        url = self.secrets.customers_url or self.customers.url
        if url is None or self.customers.query is None:
            return None
        path = url.removeprefix(SQLITE)
        return (SQLITE + str(self.root / path) if url.startswith(SQLITE) else url), self.customers.query

    @property
    def ledger_url(self) -> str:
        """Where the ledger is; a relative SQLite path made absolute. May hold a password: never print it."""
        url = self.secrets.ledger_url or self.ledger.url
        return SQLITE + str(self.root / url.removeprefix(SQLITE)) if url.startswith(SQLITE) else url

    @property
    def ledger_file(self) -> Path | None:
        """The file of an SQLite ledger; None where it is on a server."""
        url = self.ledger_url
        return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None

    @property
    def posting_zone(self) -> ZoneInfo:
        return ZoneInfo(self.posting.timezone)

    @property
    def schedule_zone(self) -> ZoneInfo:
        return ZoneInfo(self.schedule.timezone or self.posting.timezone)

    @property
    def own_hosts(self) -> frozenset[str]:
        """The company's own: those, and the domains that its mail comes from and is answered at."""
        mailboxes = (self.mail.from_, self.mail.reply_to or "")
        return self.link_hosts | {domain for domain in map(_domain, mailboxes) if domain}

    @property
    def name(self) -> str:
        """Which installation speaks, where several may."""
        return self.company.name or self.root.name or "Notifier"

    @property
    def link_hosts(self) -> frozenset[str]:
        """The hosts a message may link to: the page's own and those of `mail.link_hosts`."""
        own = urlsplit(self.page.url or "").hostname
        return frozenset(self.mail.link_hosts) | ({own} if own else set())


def load(path: Path, environ: Mapping[str, str] = os.environ, *, kept_at: Path | None = None) -> Config:
    """The installation described by the file at `path`; raises `ConfigError` with one line for every mistake.

    `kept_at`: a copy of that file, to be read in its place.
    """
    from notifier.config.toml import read_tables

    path = path.absolute()
    try:
        source = (kept_at or path).read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: {(error.strerror or str(error)).lower()}; `notifier init` makes one") from error
    name = path.name if path.parent == Path.cwd() else str(path)
    tables, secrets = read_tables(source, name), _secrets(environ)
    config = Config(**{key.name: getattr(tables, key.name) for key in fields(Tables)}, path=path, secrets=secrets)
    mistake = _mistake_of_customers(tables.customers, secrets.customers_url) or _mistake_of_pages(config)
    if mistake:
        raise ConfigError(f"{name}: {mistake}")
    return config


def _mistake_of_customers(customers: CustomersConfig, url: str | None) -> str:
    """One list, and all that it takes to read it."""
    has_url = bool(customers.url or url)
    if customers.file and (has_url or customers.query):
        return "customers.file: there is customers.url or customers.query too, and only one list can be the whole one"
    if has_url and not customers.query:
        return 'customers.query: required beside customers.url, as in "SELECT id, email, name, language FROM customer"'
    return ""


def _mistake_of_pages(config: Config) -> str:
    """Whatever lies with the pages is for the world: nothing else of the installation may, nor they with that."""
    root, out = config.root, Path(os.path.normpath(config.page_dir))
    policies = (config.policies_dir,) if config.policies.path != "." else ()
    folders = [root / ".git", root / STATE, root / TEMPLATES, config.outbox_dir, *policies]
    files = [config.path, *(one for one in (config.ledger_file, config.customers_file) if one)]
    for place in (Path(os.path.normpath(one)) for one in (*folders, *files)):
        shown = place.relative_to(root) if place.is_relative_to(root) else place
        if place.is_relative_to(out):
            return f'page.path: "{config.page.path}" would publish {shown}, too; give the pages a folder of their own'
        if out.is_relative_to(place):
            return f'page.path: "{config.page.path}" lies in {shown}; give the pages a folder of their own'
    return ""


def find(start: Path) -> Path:
    """The nearest `config.toml` in `start` or a folder above it."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    raise ConfigError(
        f"{start}: no {FILE_NAME} here or in a folder above; make an installation with `notifier init` "
        "(`diff`, and `log --policies DIR`, need none)"
    )


def _domain(mailbox: str) -> str:
    return mailbox.rpartition("@")[2].rstrip("> ").lower()


def _secrets(environ: Mapping[str, str]) -> Secrets:
    from notifier.config.checks import customers_url, ledger_url

    urls = {name: environ.get(name) or None for name in ("NOTIFIER_LEDGER_URL", "NOTIFIER_CUSTOMERS_URL")}
    for (name, url), check in zip(urls.items(), (ledger_url, customers_url), strict=True):
        try:
            if url is not None:
                check(url, may_hold_password=True)
        except ValueError as error:
            raise ConfigError(f"{name}: {str(error).partition(', got')[0]}") from None
    return Secrets(
        sendgrid_api_key=environ.get("SENDGRID_API_KEY") or None,
        sendgrid_webhook_keys=_listed(environ.get("SENDGRID_WEBHOOK_KEY")),
        smtp_password=environ.get("NOTIFIER_SMTP_PASSWORD") or None,
        imap_password=environ.get("NOTIFIER_IMAP_PASSWORD") or None,
        ledger_url=urls["NOTIFIER_LEDGER_URL"],
        customers_url=urls["NOTIFIER_CUSTOMERS_URL"],
        alarms_webhook_secrets=_listed(environ.get("NOTIFIER_ALARMS_WEBHOOK_SECRET")),
    )


def _listed(keys: str | None) -> tuple[str, ...]:
    """Several with a comma between, during a rotation."""
    return tuple(key.strip() for key in (keys or "").split(",") if key.strip())
