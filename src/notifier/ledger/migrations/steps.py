"""The migrations one by one, by Alembic without a config file.

Imported only when a ledger's version differs from `database.HEAD`, since Alembic is slow to import.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class SchemaStep:
    """One migration that a ledger has before it."""

    version: str
    says: str
    compatible_since: str
    """The oldest version whose processes may go on beside it."""


def pending(version: str | None) -> tuple[SchemaStep, ...]:
    """From `version` (None: nothing is there yet) to the newest; raises KeyError for a version that is none of ours."""
    newest_first = list(ScriptDirectory.from_config(_config()).walk_revisions())
    known = [one.revision for one in newest_first]
    count = len(known) if version is None else known.index(version) if version in known else None
    if count is None:
        raise KeyError(version)
    return tuple(map(_step, reversed(newest_first[:count])))


def upgrade(connection: Connection, version: str) -> None:
    """Bring the ledger to this version inside the caller's transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def sql_of(step: SchemaStep, before: str | None, dialect: str) -> str:
    """What that step would execute, with its note of the version."""
    config = _config()
    config.attributes["dialect"] = dialect
    config.output_buffer = written = io.StringIO()
    command.upgrade(config, f"{before or 'base'}:{step.version}", sql=True)
    return written.getvalue().strip()


def _step(script: Script) -> SchemaStep:
    since = getattr(script.module, "compatible_since", script.revision)
    return SchemaStep(script.revision, (script.doc or "").splitlines()[0], since)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
