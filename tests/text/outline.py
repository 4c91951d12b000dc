"""A document as lines of text, so that a file can show what a reader would see and how it is set."""

from __future__ import annotations

from collections.abc import Iterable

from notifier.text.document import Block, Container, ContainerKind, Document, Run, RunKind


def outline(document: Document) -> str:
    """`list_item bullet_list > item: never{s}`: each block with what it stands in; then what no page shows."""
    lines = [_line(block) for block in document.blocks]
    lines += [f"{block.kind.value}: {document.text[block.start : block.end]!r}" for block in document.unseen]
    return "".join(f"{line}\n" for line in lines)


def _line(block: Block) -> str:
    kind = f"{block.kind.value}{block.level or ''}" + "".join(f" #{anchor}" for anchor in block.anchors)
    path = " > ".join(_container(container) for container in block.path)
    cells = " | ".join(f"{cell.align}{'!' if cell.is_head else ''} {_runs(cell.runs)}".strip() for cell in block.cells)
    return f"{kind} {path}".rstrip() + f"{'.' if block.is_tight else ':'} {cells}".rstrip()


def _container(container: Container) -> str:
    notes = [str(container.start)] if container.kind is ContainerKind.ORDERED_LIST else []
    notes += [container.numbering] if container.numbering != "1" else []
    notes += ["done" if container.is_done else "to do"] if container.is_done is not None else []
    notes += [container.label] if container.label else []
    return f"{container.kind.value}({' '.join(notes)})" if notes else container.kind.value


def _runs(runs: Iterable[Run]) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    notes = [style.value for style in run.styles]
    notes += [run.kind.value] if run.kind is not RunKind.TEXT else []
    notes += [run.label] if run.label else []
    notes += [f"→{run.link.target}{run.link.title and ' ' + repr(run.link.title)}"] if run.link else []
    text = repr(run.text)[1:-1]
    return f"{text}{{{' '.join(notes)}}}" if notes else text
