"""Acceptances kept elsewhere so far: a CSV file → the ledger, all of it or nothing, each mistake named by its line."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from notifier.errors import Refused
from notifier.ledger.people.receipt import AcceptanceRefusal, NewAcceptance, RequestMark
from notifier.notice.customer_csv import csv_rows
from notifier.policy.agreement import AgreementMethod
from notifier.proof.canonical_json import canonical
from notifier.usecases.acceptance import read_said

if TYPE_CHECKING:
    from notifier.ledger import Ledger
    from notifier.ledger.rows import AnyRow
    from notifier.usecases.posted_texts import PostedTexts
    from notifier.usecases.receipt_key import ReceiptSigner

COLUMNS = ("person", "policy", "posting", "at", "text_sha256", "method")
NEEDED = COLUMNS[:4]
LARGEST = 256 * 1024 * 1024
MOST_SAID = 20
"""Mistakes told one by one."""
CHUNK = 1_000
ASKER = "import"


class AcceptancesImported(NamedTuple):
    """What an import did, or would do."""

    added: int
    known: int
    """Rows that an earlier import brought in already."""


def import_acceptances(
    ledger: Ledger, texts: PostedTexts, path: Path, sign: ReceiptSigner, now: datetime, zone: tzinfo, *, is_dry: bool
) -> AcceptancesImported:
    """Write down every row of a file. Raises Refused with each mistake and its line, and nothing is written then.

    A row without a hash stands for the controlling text of its posting; the same row again is written once.
    """
    wanted, faults = _read(path, texts, now, zone)
    unknown = ledger.acceptances.unknown([one.person for _, one in wanted])
    faults += [(line, f"person: {unknown[one.person].value}") for line, one in wanted if one.person in unknown]
    if faults:
        raise Refused("\n".join(_told(path, sorted(faults))))
    rows = [one for _, one in wanted]
    if is_dry:
        new = sum(ledger.acceptances.answered(one.request) is None for one in rows if one.request)
        return AcceptancesImported(new, len(rows) - new)
    added = 0
    for start in range(0, len(rows), CHUNK):
        answers = ledger.acceptances.record(rows[start : start + CHUNK], now, sign)
        added += sum(not isinstance(one, AcceptanceRefusal) and one.is_new for one in answers)
    return AcceptancesImported(added, len(rows) - added)


def write_acceptances(rows: Iterable[AnyRow], path: Path) -> tuple[int, Path | None]:
    """Write a file that `import_acceptances` takes, for its owner only; how many there are, and no file for none."""
    count = 0
    for count, row in enumerate(rows, 1):
        if count == 1:
            path.touch(mode=0o600)
            path.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
        with path.open("a", encoding="utf-8", newline="") as out:
            at = row.at.isoformat(timespec="microseconds")
            csv.writer(out, lineterminator="\n").writerow(
                (row.person, row.policy_id, row.tag, at, row.text_sha256, row.method)
            )
    return count, path if count else None


def _told(path: Path, faults: Sequence[tuple[int, str]]) -> Iterator[str]:
    yield from (f"{path}:{line}: {fault}" for line, fault in faults[:MOST_SAID])
    if len(faults) > MOST_SAID:
        yield f"{path}: and {len(faults) - MOST_SAID:,} mistakes more"
    yield f"{path}: nothing was written down"


def _read(
    path: Path, texts: PostedTexts, now: datetime, zone: tzinfo
) -> tuple[list[tuple[int, NewAcceptance]], list[tuple[int, str]]]:
    wanted: list[tuple[int, NewAcceptance]] = []
    faults: list[tuple[int, str]] = []
    for line, row in _rows(path):
        try:
            if isinstance(row, str):
                raise Refused(row)
            wanted.append((line, _wanted(row, texts, now, zone)))
        except Refused as fault:
            faults.append((line, str(fault)))
    return wanted, faults


def _wanted(row: dict[str, str], texts: PostedTexts, now: datetime, zone: tzinfo) -> NewAcceptance:
    values: dict[str, str] = {name: value for name, value in row.items() if value}
    if "at" not in values:
        raise Refused("at: missing")
    if "text_sha256" not in values and {"policy", "posting"} <= values.keys():
        policy = texts.policy(values["policy"])
        index = policy.index(values["posting"])
        values["text_sha256"] = policy.sha256(index, policy.history.postings[index].revision.language)
    said = read_said({"method": AgreementMethod.IMPORT.value, **values})
    mark = RequestMark(ASKER, canonical(values), canonical(values))
    return said.wanted(texts, now, zone)._replace(request=mark)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str] | str]]:
    """Each row by its columns, or why it is none, with the line where it begins."""
    try:
        if path.stat().st_size > LARGEST:
            raise Refused(f"{path}: larger than {LARGEST // 1024**2} MB; cut it in several")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Refused(f"{path}: {(error.strerror or str(error)).lower()}") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{path}: not UTF-8") from error
    lines = text.splitlines(keepends=True)
    delimiter = max(",;\t", key=(lines or [""])[0].count)
    rows = csv_rows(iter(lines), delimiter, 1)
    first = next(rows, (1, []))[1]
    header = [] if isinstance(first, str) else [name.strip().lower() for name in first]
    missing, strange = [n for n in NEEDED if n not in header], [n for n in header if n not in COLUMNS]
    if missing or strange or len(set(header)) < len(header):
        raise Refused(f"{path}:1: expected the columns {', '.join(COLUMNS)} (the last two may be missing)")
    for line, row in rows:
        if isinstance(row, str):
            yield line, row
        elif any(cell.strip() for cell in row):
            is_whole = len(row) == len(header)
            cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
            yield line, cells if is_whole else f"{len(row)} cells under {len(header)} columns"
