"""A list for a roster that nobody is on: there is nobody to know again, so its rows go into the table themselves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from notifier.ledger.by_set.arrivals import IS_WHOLE, KEPT, Arrivals, alone, stage
from notifier.ledger.journal.roster_sum import add_up, note_joined
from notifier.ledger.schema import customer

LAST = sa.select(sa.func.coalesce(sa.func.max(customer.c.number), 0))


@dataclass(slots=True)
class FirstList:
    """Does that hold still? It is over for good once somebody else came, or a row could be an earlier one's customer.

    That can be only where some have ids of the company's own and others have not: who has the one sort alone is told
    apart by it, and the table refuses the same twice.
    """

    is_so: bool
    _read: int = 0
    _last: int = 0
    _kinds: set[bool] = field(default_factory=set)

    @property
    def after(self) -> int | None:
        """Behind whose number the next ones will be that are read, unless somebody else draws numbers or has drawn."""
        return self._read if self.is_so else None

    def note_read(self, chunk: Arrivals) -> None:
        """Those behind them get the numbers behind theirs."""
        self._read += chunk.size

    def take(self, connection: Connection, chunk: Arrivals) -> Counter[str] | None:
        """Bring them onto the roster; None, and nothing was done, where they must be laid beside it."""
        self._kinds |= chunk.kinds
        self.is_so = self.is_so and len(self._kinds) == 1
        if not self.is_so:
            return None
        alone(connection)
        self.is_so = connection.execute(LAST).scalar_one() == self._last
        if self.is_so:
            self.is_so = _is_brought_in(connection, chunk)
        if not self.is_so:
            return None
        before, self._last = self._last, connection.execute(LAST).scalar_one()
        is_foreseen = (chunk.after, self._last) == (before, before + chunk.size)
        note_joined(connection, chunk.foreseen if is_foreseen else add_up(connection, before))
        return Counter(added=chunk.size, changed=0, unchanged=chunk.read - chunk.size)


def _is_brought_in(connection: Connection, chunk: Arrivals) -> bool:
    try:
        with connection.begin_nested():
            stage(connection, customer, (*KEPT, IS_WHOLE), chunk)
    except DBAPIError as error:
        if isinstance(error.orig, connection.dialect.loaded_dbapi.IntegrityError):
            return False
        raise
    return True
