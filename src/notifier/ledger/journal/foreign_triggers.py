"""What somebody put into the database that writes along with us: the journal would tell of it as if we had.

On SQLite Notifier keeps no trigger in the file, so that each one there is somebody else's; on PostgreSQL its own are
known by their name and by the function that they call, whose words are compared.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.journal.touched_rows import FUNCTIONS
from notifier.ledger.schema import metadata

OF_SQLITE = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
OF_POSTGRESQL = """
SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND c.relname = ANY(:ours) AND c.relnamespace = to_regnamespace(current_schema())
AND (t.tgenabled <> 'O' OR p.proname NOT IN ('notifier_touch', 'notifier_roster') OR strpos(:function, p.prosrc) = 0)
UNION SELECT rulename, tablename FROM pg_rules WHERE tablename = ANY(:ours) AND schemaname = current_schema()
ORDER BY 1
"""


def foreign_triggers(connection: Connection) -> Iterator[str]:
    """A line for each."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql(OF_SQLITE)
    else:
        found = connection.execute(sa.text(OF_POSTGRESQL), {"ours": list(metadata.tables), "function": FUNCTIONS})
    for name, table in found:
        yield f"trigger {name} on {table}: is none of Notifier's as it made them, and writes along with it"
