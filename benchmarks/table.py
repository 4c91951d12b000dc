"""One measured table: printed aligned, kept as Markdown in `benchmarks/results/`."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of figures under a title, with what a reader must know to judge them."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()

    def text(self) -> str:
        """For a terminal: columns aligned, figures to the right."""
        widths = [max(len(row[at]) for row in (self.columns, *self.rows)) for at in range(len(self.columns))]
        lines = [self._line(row, widths) for row in (self.columns, ["-" * width for width in widths], *self.rows)]
        return "\n".join([self.title, *lines, *(f"  {note}" for note in self.notes)])

    def markdown(self) -> str:
        """For the folder of results."""
        rows = [self.columns, ["---", *["---:"] * (len(self.columns) - 1)], *self.rows]
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        return "\n".join([f"## {self.title}", "", *lines, "", *(f"- {note}" for note in self.notes)])

    @staticmethod
    def _line(row: Sequence[str], widths: Sequence[int]) -> str:
        first, *rest = (
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join([first, *rest]).rstrip()


def keep(name: str, tables: Sequence[Table]) -> Path:
    """Write the tables of one measurement to `benchmarks/results/<name>.md`."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.md"
    machine = f"Python {platform.python_version()}, {platform.machine()}, {_processor()}"
    body = "\n\n".join(table.markdown() for table in tables)
    path.write_text(f"# {name}\n\n{machine}\n\n{body}\n", encoding="utf-8")
    return path


def _processor() -> str:
    """The processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "processor unknown"
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "processor unknown"
    )
