"""`python -m docs.rooms`: draw the rooms and who imports whom, measured from the code, as `docs/images/rooms.svg`.

Rows are the layers that `make lint` holds. An arrow says "imports"; one that follows from two others is left out.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path

import grimp

CHECKOUT = Path(__file__).parents[1]
SOURCE = CHECKOUT / "src" / "notifier"
PICTURE = CHECKOUT / "docs" / "images" / "rooms.svg"
WIDTH, ROW, BOX, GAP, MARGIN = 1080, 92, 48, 18, 24
WIDEST = 250
STYLE = """
text { font: 14px system-ui, "DejaVu Sans", sans-serif; fill: #1b1f24; text-anchor: middle }
.says { font-size: 11px; fill: #57606a }
rect { fill: #f6f8fa; stroke: #57606a; rx: 6px }
path { fill: none; stroke: #8c959f; marker-end: url(#tip) }
"""
TIP = (
    '<marker id="tip" orient="auto" markerWidth="8" markerHeight="8" refX="7" refY="4">'
    '<path d="M1 1 7 4 1 7"/></marker>'
)


@dataclass(frozen=True, slots=True)
class Box:
    """One room where it stands in the picture."""

    name: str
    says: str
    x: float
    y: float
    width: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Rooms:
    """The layers of the house, outermost first, and its rooms' imports."""

    layers: tuple[tuple[str, ...], ...]
    imports: Mapping[str, frozenset[str]]

    @cached_property
    def boxes(self) -> dict[str, Box]:
        return {box.name: box for row, layer in enumerate(self.layers) for box in _row(layer, row)}

    def arrows(self) -> Iterator[tuple[Box, Box]]:
        """Each import that no chain of others implies."""
        for room in self.boxes:
            for other in sorted(self.imports[room]):
                between = (self._reached(third) for third in self.imports[room] - {other})
                if not any(other in reached for reached in between):
                    yield self.boxes[room], self.boxes[other]

    def _reached(self, room: str) -> frozenset[str]:
        direct = self.imports[room]
        return direct.union(*(self._reached(other) for other in direct)) if direct else direct


def measure() -> Rooms:
    """The rooms as the code has them."""
    contracts = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    said = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    layers = tuple(tuple(name.strip().removeprefix("notifier.") for name in layer.split("|")) for layer in said)
    layers = tuple(layer for layer in layers if layer != ("__main__",))
    graph = grimp.build_graph("notifier", cache_dir=None)
    rooms = [room for layer in layers for room in layer]
    for room in filter(lambda room: (SOURCE / room).is_dir(), rooms):
        graph.squash_module(f"notifier.{room}")
    imports = {room: frozenset(_imported(graph, room, rooms)) for room in rooms}
    return Rooms(layers, imports)


def _imported(graph: grimp.ImportGraph, room: str, rooms: list[str]) -> Iterator[str]:
    for module in graph.find_modules_directly_imported_by(f"notifier.{room}"):
        name = module.removeprefix("notifier.")
        if name in rooms and name != room:
            yield name


def _row(layer: tuple[str, ...], row: int) -> Iterator[Box]:
    width = min((WIDTH - 2 * MARGIN - GAP * (len(layer) - 1)) / len(layer), WIDEST)
    left = (WIDTH - width * len(layer) - GAP * (len(layer) - 1)) / 2
    for at, name in enumerate(layer):
        yield Box(name, _says(name), left + at * (width + GAP), MARGIN + row * ROW, width)


def _says(name: str) -> str:
    """The first words of the room's own docstring."""
    home = SOURCE / name / "__init__.py" if (SOURCE / name).is_dir() else SOURCE / f"{name}.py"
    said = ast.get_docstring(ast.parse(home.read_text())) or ""
    return re.split(r"[:;,.(]", said.partition("\n")[0])[0].replace("`", "").strip()


def picture(rooms: Rooms) -> str:
    """The whole SVG."""
    height = 2 * MARGIN + ROW * (len(rooms.layers) - 1) + BOX
    box = f'viewBox="0 0 {WIDTH} {height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-label="{_label(rooms)}">',
        f'<style>{STYLE}</style><defs>{TIP}</defs><rect width="100%" height="100%" style="fill:#fff;stroke:none"/>',
        *(_arrow(one, other) for one, other in rooms.arrows()),
        *(_box(box) for box in rooms.boxes.values()),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _label(rooms: Rooms) -> str:
    return escape(
        "; ".join(f"{room} imports {', '.join(sorted(rooms.imports[room])) or 'nothing'}" for room in rooms.boxes)
    )


def _arrow(one: Box, other: Box) -> str:
    start, end = one.y + BOX, other.y
    middle = (start + end) / 2
    return (
        f'<path d="M{one.middle:.0f} {start:.0f} C{one.middle:.0f} {middle:.0f} '
        f'{other.middle:.0f} {middle:.0f} {other.middle:.0f} {end:.0f}"/>'
    )


def _box(box: Box) -> str:
    return (
        f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" height="{BOX}"/>'
        f'<text x="{box.middle:.0f}" y="{box.y + 20:.0f}">{escape(box.name)}</text>'
        f'<text class="says" x="{box.middle:.0f}" y="{box.y + 37:.0f}">{escape(box.says)}</text>'
    )


if __name__ == "__main__":
    PICTURE.write_text(picture(measure()), "utf-8")
