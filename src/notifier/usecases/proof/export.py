"""Export: everybody whom a notice was for, in one file, before their rows go. The journal keeps the file's hash."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notifier.errors import Refused
from notifier.ledger.evidence.retention import EXPORTED
from notifier.notice.customer_csv import safe_cell

if TYPE_CHECKING:
    from notifier.ledger import Ledger

ROWS_AT_ONCE = 10_000
NUMBERS = ("message_no", "seq")


def export_notice(ledger: Ledger, notice_id: str, out: Path, *, by: str) -> int:
    """Write `out` (.csv, or .parquet with pyarrow), readable by its owner only; how many rows. Raises Refused."""
    if out.exists():
        raise Refused(f"{out}: is there already; name a file that is not")
    if out.suffix not in (".csv", ".parquet"):
        raise Refused(f"{out}: name a file that ends in .csv or .parquet")
    rows = ledger.retention.recipients(notice_id)
    first = next(rows, None)
    if first is None:
        raise Refused(f"notice {notice_id} has no recipients in the ledger: not frozen yet, or their time was over")
    partial = out.with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        write = _write_parquet if out.suffix == ".parquet" else _write_csv
        count = write(partial, chain((first,), rows))
        digest = hashlib.sha256(partial.read_bytes()).hexdigest()
        partial.rename(out)
    except OSError as error:
        raise Refused(f"{out}: cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
    ledger.retention.note_export(notice_id, digest, count, by)
    return count


def _write_csv(path: Path, rows: Iterator[dict[str, Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, EXPORTED)
        writer.writeheader()
        for count, row in enumerate(rows, 1):  # noqa: B007  # the last one counts
            writer.writerow({name: safe_cell(one) if isinstance(one, str) else one for name, one in row.items()})
    return count


def _write_parquet(path: Path, rows: Iterator[dict[str, Any]]) -> int:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise Refused("Parquet needs pyarrow: pip install 'policy-notifier[parquet]', or name a .csv") from error

    kinds = {**dict.fromkeys(NUMBERS, pyarrow.int64()), "is_possible_duplicate": pyarrow.bool_()}
    schema = pyarrow.schema([(name, kinds.get(name, pyarrow.string())) for name in EXPORTED])
    count = 0
    with parquet.ParquetWriter(path, schema) as writer:
        while some := list(islice(rows, ROWS_AT_ONCE)):
            writer.write_table(pyarrow.Table.from_pylist(some, schema=schema))
            count += len(some)
    return count
