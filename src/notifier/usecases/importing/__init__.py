"""Import: a Word, LibreOffice or web file → one policy in clean Markdown, and what of it could not be carried over."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from notifier.errors import Refused
from notifier.notice.naming import as_ascii
from notifier.usecases.importing.converter import read_tree, write_markdown
from notifier.usecases.importing.document_tree import clean
from notifier.usecases.importing.losses import Losses
from notifier.usecases.importing.office_parts import beside_the_text

FORMATS = {".docx": "docx", ".odt": "odt", ".html": "html", ".htm": "html", ".xhtml": "html"}
"""By the ending of the file's name, as the converter calls them."""


class Imported(NamedTuple):
    """A policy that was written, and what of the source it lacks or has in another form."""

    path: Path
    title: str
    headings: int
    lost: tuple[str, ...]


def import_file(source: Path, folder: Path, *, name: str | None = None) -> Imported:
    """Write the policy below `folder`, under the source's own name or as `name`. Nothing is ever written over.

    Raises Refused for a file that cannot be read, another format, a name that is taken, a missing converter.
    """
    kind = FORMATS.get(source.suffix.lower())
    if kind is None:
        known = ", ".join(sorted(FORMATS))
        raise Refused(f"{source}: {source.suffix or 'a file without ending'} cannot be imported; there are {known}")
    target = folder / f"{name or _slug(source.stem)}.md"
    if not target.resolve().is_relative_to(folder.resolve()):
        raise Refused(f"--as {name}: no name of a policy below {folder}")
    if target.exists():
        raise Refused(f"{target}: is there already, and nothing is written over; choose another name with --as")
    losses = Losses()
    tree = clean(read_tree(source, kind), losses, otherwise=_readable(source.stem), is_web=kind == "html")
    for lost in beside_the_text(source, kind):
        losses.add(lost)
    text = write_markdown(tree)
    _write_new(target, text)
    headings = re.findall(r"^#{1,6} (.+)$", text, re.M)
    return Imported(target, headings[0] if headings else "", len(headings), losses.told())


def _write_new(target: Path, text: str) -> None:
    """By the one call that cannot write over a file which came meanwhile."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise Refused(f"{target}: is there already, and nothing is written over") from error
    except OSError as error:
        raise Refused(f"{target}: {(error.strerror or str(error)).lower()}") from error


def _slug(stem: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", as_ascii(stem).lower()).strip("-") or "policy"


def _readable(stem: str) -> str:
    return " ".join(re.split(r"[\s_-]+", stem)).strip() or "Policy"
