"""Where data lies, whose law holds, which court decides."""

from __future__ import annotations

from tests.edits.operator import Operator, either, exchanged, grown, shrunk, significant

OPERATORS: tuple[Operator, ...] = (
    significant("places", "country-replaced", "another country's law reaches it", either("country")),
    significant("places", "place-added", "it goes to one place more", grown("addplace")),
    significant("places", "place-dropped", "it goes to one place fewer", shrunk("addplace")),
    significant("places", "places-exchanged", "from here to there, not back", exchanged("xplace")),
    significant("places", "law-replaced", "another law governs", either("law")),
    significant("places", "court-replaced", "another court decides", either("court")),
)
