"""`make lint`: what the house promises a newcomer and no other tool holds. Prints each breach, exit code 1 if any.

A class name stands once in `src/`, and so does a module's, save the verb that `cli/` and `usecases/` share: whoever
searches for a word finds the one thing that it means. A folder has at most fifteen files, a file at most 350 lines.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "notifier"
MOST_FILES = 15
MOST_LINES = 350
SHARED_ROOMS = frozenset({"cli", "usecases"})
"""A verb of the command line and the use case behind it have one name."""
FRAMEWORK = frozenset({"__init__", "__main__", "env"})
"""Names that Python and Alembic ask for."""
MANY_FILES = frozenset({"cli", "usecases", "versions"})
"""One file a verb, one a use case, one a migration of the schema: as many as there are."""


def breaches() -> Iterator[str]:
    modules = sorted(SOURCE.rglob("*.py"))
    yield from _double_modules(modules)
    yield from _double_classes(modules)
    yield from _large(modules)


def _double_modules(modules: list[Path]) -> Iterator[str]:
    rooms: dict[str, list[Path]] = defaultdict(list)
    for module in modules:
        if module.stem not in FRAMEWORK and "migrations" not in module.parts:
            rooms[module.stem].append(module)
    for name, places in rooms.items():
        if len(places) > 1 and {_room(place) for place in places} != SHARED_ROOMS:
            yield f"module {name} stands in {_listed(places)}: rename all but one after what it holds"


def _double_classes(modules: list[Path]) -> Iterator[str]:
    places: dict[str, list[Path]] = defaultdict(list)
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(module)
    for name, found in places.items():
        if len(found) > 1:
            yield f"class {name} stands in {_listed(found)}: two things need two names"


def _large(modules: list[Path]) -> Iterator[str]:
    folders: dict[Path, int] = defaultdict(int)
    for module in modules:
        folders[module.parent] += module.stem not in FRAMEWORK
        lines = module.read_text().count("\n")
        if lines > MOST_LINES:
            yield f"{_named(module)} has {lines} lines: look for the second thing in it"
    for folder, count in folders.items():
        if count > MOST_FILES and MANY_FILES.isdisjoint({_room(folder / "x"), folder.name}):
            yield f"{_named(folder)} has {count} files: look for the second room in it"


def _room(module: Path) -> str:
    return module.relative_to(SOURCE).parts[0]


def _named(place: Path) -> str:
    return str(place.relative_to(SOURCE.parents[1]))


def _listed(places: list[Path]) -> str:
    return " and ".join(map(_named, places))


if __name__ == "__main__":
    found = list(breaches())
    print("\n".join(found) or "house: one name for each thing")
    sys.exit(bool(found))
