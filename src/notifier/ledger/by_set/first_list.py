"""A list for a roster that nobody is on: there is nobody to know again, so its rows go into the table themselves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from notifier.ledger.by_set.arrivals import alone, is_made, kept_of, stage
from notifier.ledger.journal.roster_sum import joining
from notifier.ledger.schema import customer
from notifier.notice.delivery import Customer

LAST = sa.select(sa.func.coalesce(sa.func.max(customer.c.number), 0))


@dataclass(slots=True)
class FirstList:
    """Does that hold still? It is over for good once somebody else came, or a row could be an earlier one's customer.

    That can be only where some have ids of the company's own and others have not: who has the one sort alone is told
    apart by it, and the table refuses the same twice.
    """

    is_so: bool
    _last: int = 0
    _kinds: set[bool] = field(default_factory=set)

    def take(self, connection: Connection, chunk: list[Customer], *, is_whole: bool) -> Counter[str] | None:
        """Bring them onto the roster; None, and nothing was done, where they must be laid beside it."""
        of_each = {one.customer_id: one for one in chunk}
        self._kinds.update(map(is_made, of_each.values()))
        self.is_so = self.is_so and len(self._kinds) == 1
        if not self.is_so:
            return None
        alone(connection)
        self.is_so = connection.execute(LAST).scalar_one() == self._last
        if self.is_so:
            self.is_so = _is_brought_in(connection, of_each, is_whole=is_whole)
        if not self.is_so:
            return None
        self._last = connection.execute(LAST).scalar_one()
        return Counter(added=len(of_each), changed=0, unchanged=len(chunk) - len(of_each))


def _is_brought_in(connection: Connection, of_each: dict[str, Customer], *, is_whole: bool) -> bool:
    try:
        with joining(connection), connection.begin_nested():
            stage(connection, customer, {**kept_of(of_each.values()), "is_from_file": [is_whole] * len(of_each)})
    except DBAPIError as error:
        if isinstance(error.orig, connection.dialect.loaded_dbapi.IntegrityError):
            return False
        raise
    return True
