"""Look at an installation: what is configured, what can be reached, what is missing. Sends nothing to anybody."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from filecmp import cmp
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from notifier.alarms.webhook_channel import signing_key
from notifier.cron import next_time, read_cron
from notifier.errors import LedgerBehind, NotifierError, Refused
from notifier.ledger.people.api_keys import Scope
from notifier.plurals import counted
from notifier.render.site.theme import theme_files
from notifier.repository.open import find, unwritable
from notifier.repository.repository import CLONE
from notifier.shipped import TEMPLATES, shipped, template_files, templates_for
from notifier.text.front_matter import Consent
from notifier.usecases.alarms import trying_again
from notifier.usecases.customers import has_list, look_at_configured_roster
from notifier.usecases.language_findings import language_findings
from notifier.usecases.proof.witnesses import journal_fault
from notifier.usecases.publish import theme_of
from notifier.usecases.samples import leaves_the_machine, sample_keys, speaks_as_samples
from notifier.usecases.template_trial import try_templates
from notifier.usecases.two_records import differences

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.mail import Mailer, Reached
    from notifier.repository import Repository

REACH_S = 5.0
RENEW_BEFORE = timedelta(days=14)
"""What is left of a certificate when a person should look whether it renews itself."""


class PartHealth(StrEnum):
    """How one part is."""

    WELL = "well"
    LACKING = "lacking"  #: Runs are possible, but something that a reader or an operator needs is not there.
    BROKEN = "broken"  #: Runs fail until somebody mends it.


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One part looked at; `says` is what was found or the mend, in one line."""

    part: str
    health: PartHealth
    says: str


class Lacking(NotifierError):
    """Something is not there without which runs still go."""


@dataclass(frozen=True, slots=True)
class Openers:
    """How to come by the concrete parts."""

    repository: Callable[[], AbstractContextManager[Repository]]
    ledger: Callable[[], AbstractContextManager[Ledger]]
    mailer: Callable[[], AbstractContextManager[Mailer]]


def examine(config: Config, openers: Openers, now: datetime, *, asks_sender: bool = False) -> Iterator[HealthCheck]:
    """Look at one part after the other, each by itself, so that one broken part hides no other.

    `asks_sender`: ask the provider too whether it takes mail in our name.
    """
    looks: dict[str, Callable[[], str]] = {
        "config": lambda: str(config.path),
        "company": lambda: _company(config),
        **({"samples": lambda: _samples(config)} if sample_keys(config) else {}),
        "policies": lambda: _policies(openers),
        "templates": lambda: _templates(config),
        "ledger": lambda: _ledger(openers),
        "records": lambda: _records(config, openers),
        "journal": lambda: _journal(openers),
        "customers": lambda: _customers(config, openers),
        "mail": lambda: _mail(config, openers, now, asks_sender=asks_sender),
        "events": lambda: _events(config),
        "page": lambda: _page(config),
        "schedule": lambda: _schedule(config, openers, now),
        "alarms": lambda: _alarms(config),
    }
    for part, look in looks.items():
        yield _look(part, look)


def _look(part: str, look: Callable[[], str]) -> HealthCheck:
    try:
        return HealthCheck(part, PartHealth.WELL, look())
    except LedgerBehind as error:
        return HealthCheck(part, PartHealth.LACKING, str(error) if part == "ledger" else "once the ledger is migrated")
    except Lacking as error:
        return HealthCheck(part, PartHealth.LACKING, str(error))
    except NotifierError as error:
        return HealthCheck(part, PartHealth.BROKEN, "; ".join(dict.fromkeys(str(error).splitlines())))


def _company(config: Config) -> str:
    company = config.company
    missing = [key for key in ("name", "address", "contact") if not getattr(company, key)]
    if missing:
        raise Lacking(f"config.toml: company.{', company.'.join(missing)}: messages end without it")
    return company.name


def _samples(config: Config) -> str:
    keys = ", ".join(sample_keys(config))
    said = f"config.toml: {keys}: still the samples'"
    if leaves_the_machine(config):
        raise Refused(f"{said}; nobody is written to with them, so put in your own")
    if speaks_as_samples(config):
        raise Lacking(f"{said}; put in your own before mail leaves this machine")
    return f"{said}, and nothing leaves this machine"


def _policies(openers: Openers) -> str:
    with openers.repository() as repository:
        own = repository.root / CLONE
        if where := unwritable(own if own.is_dir() else find(repository.root).common):
            raise Refused(f"{where}: nothing can be posted; let the user who runs Notifier write there")
        heads = repository.head_revisions()
        if not heads:
            raise Refused(f"no policies on branch {repository.branch}: commit Markdown files to policies/")
        foreign = language_findings(text for head in heads.values() for text in head.texts.values())
        if foreign:
            raise Lacking("; ".join(map(str, foreign)))
        asking = [name for name, head in heads.items() if head.controlling.front_matter.consent is Consent.ACCEPT]
        if asking and not _can_ask(openers):
            said = "consent: accept, and the letter will say that we ask for a yes"
            raise Lacking(f"{', '.join(asking)}: {said}; no application can write one down: notifier keys create")
        languages = sorted({language for head in heads.values() for language in head.texts})
        return f"{', '.join(heads)} on branch {repository.branch}, in {', '.join(languages)}"


def _can_ask(openers: Openers) -> bool:
    """Has an application a key by which it writes down what people say?"""
    with openers.ledger() as ledger:
        return any(key.revoked_at is None and Scope.WRITE in key.scopes for key in ledger.api_keys.all())


def _templates(config: Config) -> str:
    folder, ours = templates_for(config.root), shipped(TEMPLATES)
    if folder == ours:
        return f"as shipped, {folder}"
    try_templates(config, folder)
    files = template_files(folder)
    own = {name for name, path in files.items() if path.is_relative_to(folder)}
    unknown = sorted(name for name in own if not (ours / name).is_file())
    changed = sorted(name for name in own if name not in unknown and not cmp(folder / name, ours / name, shallow=False))
    said = [f"unlike the shipped ones: {', '.join(changed)}" if changed else "as shipped"]
    return "; ".join([*said, *([f"not of this version: {', '.join(unknown)}"] if unknown else [])])


def _ledger(openers: Openers) -> str:
    with openers.ledger() as ledger:
        last, is_behind = ledger.runs.last(), ledger.database.is_beside_newer
    if is_behind:
        raise Lacking("a newer Notifier has changed its schema; this one goes on beside it: update it too")
    return f"last run {last.started_at:%Y-%m-%d %H:%M} UTC: {last.outcome or 'not finished'}" if last else "no run yet"


def _records(config: Config, openers: Openers) -> str:
    """Whether git and the ledger tell one story of what was posted."""
    with openers.repository() as repository, openers.ledger() as ledger:
        found = differences(repository, ledger, config.page_dir)
        count = len(repository.tag_records())
    if found:
        raise Refused(f"git and the ledger differ: {'; '.join(found)}; nothing is posted until notifier recover")
    return f"git and the ledger agree on {counted(count, 'posting')}"


def _journal(openers: Openers) -> str:
    """Its end, and what git has seen of it; the whole is for `verify`."""
    with openers.repository() as repository, openers.ledger() as ledger:
        fault, head = journal_fault(repository, ledger), ledger.journal.head()
    if fault:
        raise Refused(f"it is not as it was: {fault}; notifier verify says what else differs")
    return f"its end, entry {head.number:,}, and what git has seen of it fit; notifier verify looks at all"


def _customers(config: Config, openers: Openers) -> str:
    path = config.customers_file
    if path is not None and not os.access(path, os.R_OK):
        raise Refused(f"{path}: cannot be read; config.toml names it as customers.file")
    with openers.ledger() as ledger:
        by_language, unfinished = ledger.roster.count(), ledger.roster.unfinished()
        read = _companys_list(config, ledger) if has_list(config) else ""
    if not by_language and not has_list(config):
        raise Lacking("none yet: notifier customers import FILE")
    for name, begun_at in unfinished.items():
        raise Lacking(f"the list {name}, begun {begun_at:%Y-%m-%d %H:%M} UTC, is not in to its end: import it again")
    counts = " · ".join(f"{language or 'no language'} {count:,}" for language, count in sorted(by_language.items()))
    return (
        f"{sum(by_language.values()):,}"
        + (f" ({counts})" if counts else f", to be read from {path or 'customers.url'}")
        + read
    )


def _companys_list(config: Config, ledger: Ledger) -> str:
    """What a run will make of it. A bad row is no customer: a person must look."""
    imported = look_at_configured_roster(config, ledger).imported
    if imported.bad_rows:
        more = f" and {len(imported.bad_rows) - 1:,} more" if len(imported.bad_rows) > 1 else ""
        raise Lacking(f"{imported.bad_rows[0]}{more}: nobody there is told")
    return "".join(f"; {remark}" for remark in imported.remarks)


def _mail(config: Config, openers: Openers, now: datetime, *, asks_sender: bool) -> str:
    with openers.mailer() as mailer:
        mailer.check(config.mail.from_, config.mail.reply_to)
        answers = _reach_mail(config)  # a dead host is told in seconds, before a mailer's own patience
        reached = mailer.reach()
        answers += _shown(reached)
        if asks_sender:
            answers += f"; {mailer.try_sender(config.mail.from_)}"
    with openers.ledger() as ledger:
        breaker = ledger.breakers.of(config.mail.transport)
    if breaker is not None:
        last = f"took no mail when something was last sent: {breaker.why}"
        raise Refused(f"{answers}, and {last}; {trying_again(breaker, now)}")
    until = reached and reached.certificate_until
    if until and until - now < RENEW_BEFORE:
        left = counted(max(0, (until - now).days), "day")
        raise Lacking(f"{answers}; that certificate ends in {left}, and no mail is sent after it: renew it there")
    return answers


def _shown(reached: Reached | None) -> str:
    """What a connection showed, to go behind who answers."""
    if reached is None:
        return ""
    login = f"; logged in as {reached.login}" if reached.login else ""
    until = reached.certificate_until
    return f"; certificate until {until:%Y-%m-%d}{login}" if until else login


def _reach_mail(config: Config) -> str:
    mail = config.mail
    if mail.transport == "outbox":
        return f"written to {config.outbox_dir}, nothing leaves this machine"
    if mail.transport == "smtp":
        return _reach(mail.smtp.host, mail.smtp.port, f"smtp, {mail.smtp.security}")
    parts = urlsplit(mail.sendgrid.host)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return _reach(parts.hostname or "", port, "sendgrid" + (", sandbox: nothing is sent" * mail.sendgrid.sandbox))


def _reach(host: str, port: int, what: str) -> str:
    """Whether somebody answers there; nothing is said to them."""
    try:
        socket.create_connection((host, port), timeout=REACH_S).close()
    except OSError as error:
        raise Refused(f"{host}:{port} cannot be reached: {(error.strerror or str(error)).lower()}") from error
    return f"{what}; {host}:{port} answers"


def _events(config: Config) -> str:
    """The keys are read here as `serve` reads them."""
    from notifier.mail.returned import open_mailbox
    from notifier.mail.sendgrid.webhook import load_keys

    keys = len(load_keys(config.secrets.sendgrid_webhook_keys))
    if config.bounces is not None:
        with open_mailbox(config.bounces, config.secrets.imap_password):
            pass
    if config.mail.transport != "sendgrid":
        read = f"; what comes back is read in {config.bounces}" if config.bounces is not None else ""
        return f"{config.mail.transport} sends none{read}"
    if not keys:
        raise Lacking("no SENDGRID_WEBHOOK_KEY: nobody will know what was delivered and what bounced")
    return f"verified with {counted(keys, 'key')}, taken in by notifier serve"


def _page(config: Config) -> str:
    nearest = next(folder for folder in (config.page_dir, *config.page_dir.parents) if folder.exists())
    if not os.access(nearest, os.W_OK):
        raise Refused(f"{nearest}: cannot be written; page.path lies there")
    for _ in theme_files(theme_of(config)):
        pass  # each is read, and refused where no page could show it
    if config.page.url is None:
        raise Lacking("config.toml: page.url: messages cannot link to the posted page")
    return f"{config.page_dir}, found at {config.page.url}"


def _alarms(config: Config) -> str:
    """Whether they could go out; nobody is told anything."""
    wanted, secrets = config.alarms, config.secrets.alarms_webhook_secrets
    if wanted.webhook and not secrets:
        raise Refused("no NOTIFIER_ALARMS_WEBHOOK_SECRET: nothing goes to alarms.webhook unsigned")
    for secret in secrets if wanted.webhook else ():
        signing_key(secret)
    if wanted.command and not _is_program(config, wanted.command[0]):
        raise Refused(f"config.toml: alarms.command: {wanted.command[0]}: no program that can be started")
    ways = [name for name in ("mail", "webhook", "command") if getattr(wanted, name)]
    return f"go out by {', '.join(ways)}" if ways else "seen by notifier status alone; config.toml has [alarms]"


def _is_program(config: Config, name: str) -> bool:
    place = config.root / name if "/" in name else shutil.which(name)
    return place is not None and os.access(place, os.X_OK)


def _schedule(config: Config, openers: Openers, now: datetime) -> str:
    cron, zone = read_cron(config.schedule.cron), config.schedule_zone
    with openers.ledger() as ledger:
        last = ledger.runs.last()
    due = next_time(cron, last.started_at, zone) if last else None
    if due is not None and due < now:
        raise Lacking(
            f"a run was due {due:%Y-%m-%d %H:%M %Z} and none was made: is notifier schedule (or cron) running?"
        )
    upcoming = next_time(cron, now, zone)
    return f"{config.schedule.cron}; next {upcoming:%Y-%m-%d %H:%M %Z}" if upcoming else config.schedule.cron
