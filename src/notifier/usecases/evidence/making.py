"""Make evidence: gather, draw, seal. Reads only."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from notifier import __version__
from notifier.render.evidence.pdf import draw_pdf
from notifier.usecases.evidence.derived import mail_files, page_files
from notifier.usecases.evidence.gathering import Gathering, Question
from notifier.usecases.evidence.parcel import FACTS, MANIFEST, Files, as_json, sealed

if TYPE_CHECKING:
    from notifier.config import Config
    from notifier.ledger import Ledger
    from notifier.repository import Repository


def make_evidence(
    config: Config, repository: Repository, ledger: Ledger, question: Question, *, now: datetime
) -> Files:
    """Every file of the folder by its path. Raises `Refused` where the question names nothing that is on record."""
    gathering = Gathering(config, repository, ledger, question)
    made = {"made_at": now.isoformat(timespec="seconds"), "made_by": __version__}
    written = as_json({**gathering.facts(), **made})
    facts = json.loads(written)
    files = {**gathering.files, FACTS: written, **mail_files(facts)}
    return sealed({**files, **page_files(facts, files)}, made)


def pdf_of(files: Files) -> bytes:
    """Its pages for printing, each with the manifest's own hash at its foot. Raises `Refused`."""
    pages = ["index.html", *sorted(path for path in files if path.endswith(".html") and path != "index.html")]
    return draw_pdf([files[path] for path in pages], f"manifest.json sha256 {json.loads(files[MANIFEST])['sha256']}")
