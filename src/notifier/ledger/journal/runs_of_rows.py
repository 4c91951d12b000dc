"""Rows that follow each other and say the same, in one line: how the journal tells of thousands of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Run = list[Any]
PLACE = ("batch_no", "first_seq", "last_seq")
"""In what batches of one run differ."""


def delivery_runs(rows: Iterable[Sequence[Any]]) -> Iterator[Run]:
    """[notice, message, first, last, status, reason, is possible duplicate] of deliveries in the order of their key.

    Of each: notice, message, seq, status, reason, is possible duplicate.
    """
    run: Run | None = None
    for notice_no, message_no, seq, status, reason, twice in rows:
        place, state = [notice_no, message_no], [status, reason, bool(twice)]
        if run is not None and run[:2] == place and run[3] == seq - 1 and run[4:] == state:
            run[3] = seq
            continue
        if run is not None:
            yield run
        run = [*place, seq, seq, *state]
    if run is not None:
        yield run


def go_on(runs: list[Run], more: Iterable[Run]) -> None:
    """Put more runs of deliveries behind these; the first of them may go on where the last one ends."""
    for run in more:
        if runs and runs[-1][:2] == run[:2] and runs[-1][3] == run[2] - 1 and runs[-1][4:] == run[4:]:
            runs[-1][3] = run[3]
        else:
            runs.append(run)


def batch_runs(images: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Images of batches in the order of their numbers; those that cut a message into equal parts become one."""
    run: dict[str, Any] | None = None
    for image in images:
        if run is not None and _goes_on(run, image):
            run |= {"up_to": image["batch_no"], "last_seq": image["last_seq"], "size": _size(run)}
            continue
        if run is not None:
            yield run
        run = dict(image)
    if run is not None:
        yield run


def each_batch(run: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The images that `batch_runs` made one of."""
    return (batch_in(run, number) for number in range(run["batch_no"], run.get("up_to", run["batch_no"]) + 1))


def batch_in(run: Mapping[str, Any], batch_no: int) -> Mapping[str, Any]:
    """One of them."""
    if "size" not in run:
        return run
    first = run["first_seq"] + (batch_no - run["batch_no"]) * run["size"]
    last = min(first + run["size"] - 1, run["last_seq"])
    return {**_besides(run), "batch_no": batch_no, "first_seq": first, "last_seq": last}


def _goes_on(run: Mapping[str, Any], image: Mapping[str, Any]) -> bool:
    count = run.get("up_to", run["batch_no"]) - run["batch_no"] + 1
    is_next = (
        image["batch_no"] == run["batch_no"] + count
        and image["first_seq"] == run["last_seq"] + 1 == run["first_seq"] + count * _size(run)
        and image["last_seq"] - image["first_seq"] < _size(run)
    )
    return is_next and _besides(run) == _besides(image)


def _size(run: Mapping[str, Any]) -> int:
    return int(run.get("size", run["last_seq"] - run["first_seq"] + 1))


def _besides(image: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in image.items() if name not in (*PLACE, "up_to", "size")}
