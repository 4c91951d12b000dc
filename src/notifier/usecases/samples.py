"""What of the shipped samples is still there: the words by which they are known, and nobody is written to with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from notifier.errors import Finding, FindingCode, Refused, Severity
from notifier.policy.revision import PolicyText

if TYPE_CHECKING:
    from notifier.config import Config

COMPANY = "Harbour Chat Pte Ltd"
STREET = "1 Sample Street, Singapore"
HOST = "chat.example"
UNSAID_HOST = "company.example"
"""Of the sender that `init` writes where it was told none."""
_HOSTS = re.compile(rf"(?<![\w.-])(?:[\w-]+\.)*(?:{re.escape(HOST)}|{re.escape(UNSAID_HOST)})(?![\w-])", re.I)
_RESERVED = re.compile(r"[@.](?:example|test|invalid|localhost|example\.(?:com|net|org))\s*$", re.I)
"""Domains that are nobody's (RFC 2606): what rehearsals write to."""


def sample_keys(config: Config) -> tuple[str, ...]:
    """The keys of the config that still hold what the samples hold."""
    company, mail, page = config.company, config.mail, config.page
    values = {
        "company.name": company.name,
        "company.address": company.address,
        "company.contact": company.contact,
        "notice.action": " ".join(config.notice.action.values()),
        "mail.from": mail.from_,
        "mail.reply_to": mail.reply_to or "",
        "page.url": page.url or "",
    }
    return tuple(key for key, value in values.items() if _is_sample(value))


def speaks_as_samples(config: Config) -> bool:
    """Is this a playground, in which the samples' own company speaks?"""
    return COMPANY in config.company.name or STREET in config.company.address


def leaves_the_machine(config: Config) -> bool:
    return config.mail.transport != "outbox"


def is_sample_text(text: str) -> bool:
    """Is this one of the shipped policies, or made from one and not yet anybody's own?"""
    return COMPANY in text


def refuse_samples(config: Config, texts: Iterable[PolicyText], addresses: Iterable[str]) -> None:
    """Raises Refused where people would be written to in the name of a company that does not exist.

    With the samples' company nobody is; with one of its addresses or links left, nobody whose own address is real.
    """
    if not leaves_the_machine(config):
        return
    keys = sample_keys(config)
    if keys and (_is_the_sample(config) or any(not _RESERVED.search(address) for address in addresses)):
        raise Refused(
            f"config.toml: {', '.join(keys)}: still the samples'; nobody is written to with them, so put in your own"
        )
    found = [finding for text in texts for finding in sample_findings(config, text)]
    if found:
        raise Refused("\n".join(map(str, found)))


def _is_the_sample(config: Config) -> bool:
    return config.company.name == COMPANY and config.company.address == STREET


def sample_key_findings(config: Config) -> Iterator[Finding]:
    """The config's keys that are still the samples': advice in a playground, a mistake where mail leaves."""
    keys, leaves = sample_keys(config), leaves_the_machine(config)
    if keys and (leaves or _is_the_sample(config)):
        severity = Severity.ERROR if leaves else Severity.ADVICE
        message, mend = f"{', '.join(keys)}: still the samples'", "put in your own; nobody is written to with them"
        yield Finding(FindingCode.PLACEHOLDER, config.path.name, 1, message, mend, severity)


def sample_findings(config: Config, text: PolicyText) -> Iterator[Finding]:
    """What of the samples stands in a policy: advice while the whole installation is a playground."""
    is_playground = speaks_as_samples(config) or UNSAID_HOST in config.mail.from_
    severity = Severity.ADVICE if is_playground and not leaves_the_machine(config) else Severity.ERROR
    own = is_playground or HOST in f"{config.mail.from_} {config.page.url}"
    for number, line in enumerate(text.text.splitlines(), start=1):
        host = None if own else _HOSTS.search(line)
        words = COMPANY if COMPANY in line else host[0] if host else ""
        if words:
            message, mend = f'"{words}" is the samples\'', "write your own policy in its place"
            yield Finding(FindingCode.PLACEHOLDER, text.path, number, message, mend, severity)
            return


def _is_sample(value: str) -> bool:
    return COMPANY in value or STREET in value or _HOSTS.search(value) is not None
