"""`python -m benchmarks [NAME…]`: run every measurement, or those named; print the tables and keep them.

A measurement is a module beside this one with `run() -> Sequence[Table]`; it returns none when it cannot be made here.
One that says `BY_NAME_ONLY` takes so long that it must be named.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from typing import Protocol, cast

import benchmarks
from benchmarks.table import Table, keep


class Measurement(Protocol):
    """A module that can be run."""

    def run(self) -> Sequence[Table]: ...


def measurements(names: Sequence[str]) -> Iterator[tuple[str, Measurement]]:
    """The measurements named, or all of them."""
    for module in sorted(pkgutil.iter_modules(benchmarks.__path__), key=lambda found: found.name):
        if (names and module.name not in names) or module.name.startswith("_"):
            continue
        loaded = importlib.import_module(f"benchmarks.{module.name}")
        if hasattr(loaded, "run") and (names or not getattr(loaded, "BY_NAME_ONLY", False)):
            yield module.name, cast(Measurement, loaded)


def main(names: Sequence[str]) -> int:
    """Run, print and keep; 2 when a name is unknown."""
    known = {module.name for module in pkgutil.iter_modules(benchmarks.__path__)}
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no such measurement: {', '.join(unknown)}", file=sys.stderr)
        return 2
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each command measured compiles all of itself anew
    for name, measurement in measurements(names):
        tables = measurement.run()
        for table in tables:
            print(table.text(), end="\n\n")
        if tables:
            print(f"kept in {keep(name, tables)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
