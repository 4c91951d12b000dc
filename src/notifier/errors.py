"""Every failure Notifier raises on purpose, named by what the caller can do about it.

The class decides; the text is for a person and names the place and the mend. Nobody parses the text.
"""

from __future__ import annotations


class NotifierError(Exception):
    """Something a person must know; its text is one line (or one line a finding) that names the place."""


class Refused(NotifierError):
    """Wrong use, wrong config or wrong input: nothing was changed; exit code 2."""


class ConfigError(Refused):
    """`config.toml` cannot be used; one line for every mistake in it."""


class RepositoryError(Refused):
    """The git repository cannot be used as it is; the text says the command that mends it."""


class PolicyError(Refused):
    """A policy file cannot be read; the text begins with `path:line:`."""


class TemplateError(Refused):
    """A template cannot be rendered; the text begins with `path:line:`."""


class CustomerError(Refused):
    """A roster file cannot be read at all (a bad row is a finding, not an error)."""


class LedgerError(Refused):
    """The ledger cannot be used: newer, damaged, unreachable."""


class Busy(Refused):
    """Another process holds the lock; the text says which."""


class Unsigned(Refused):
    """A request that claims to come from a provider, and does not show it by its signature."""


class Unreadable(Refused):
    """A provider's request that is signed, and yet not a list of events."""


class DeliveryError(NotifierError):
    """A request to a provider did not end in plain acceptance; the subclass says what is known."""


class NotSent(DeliveryError):
    """Provably not accepted (refused connection, DNS, 429): safe to try again, not before `retry_after_s`."""

    def __init__(self, text: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(text)
        self.retry_after_s = retry_after_s


class RejectedItems(DeliveryError):
    """The provider refused the request because of these recipients; nothing was accepted.

    `indexes` are positions in the batch; empty when the provider names none (then bisect).
    """

    def __init__(self, text: str, *, indexes: tuple[int, ...] = ()) -> None:
        super().__init__(text)
        self.indexes = indexes


class RejectedRequest(DeliveryError):
    """The provider refused the request as a whole and would again; nothing was accepted."""

    def __init__(self, text: str, *, too_large: bool = False) -> None:
        super().__init__(text)
        self.too_large = too_large


class AccountBlocked(DeliveryError):
    """The account cannot send (credits, key, sender): nothing was accepted; stop until a person acts."""


class InDoubt(DeliveryError):
    """The request may have been accepted; nobody can tell yet."""
