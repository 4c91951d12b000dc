"""Who does it, to whom, and who answers for it."""

from __future__ import annotations

from tests.edits.operator import Operator, either, exchanged, grown, significant

OPERATORS: tuple[Operator, ...] = (
    significant("parties", "roles-exchanged", "the other one must", exchanged("xrole")),
    significant("parties", "party-replaced", "somebody else must or may", either("who")),
    significant("parties", "party-suffix-turned", "licensor is not licensee", either("suffix")),
    significant("parties", "recipient-replaced", "somebody else receives it", either("recip")),
    significant("parties", "recipient-added", "one more receives it", grown("alsoto")),
    significant("parties", "vendor-row-added", "one more processor", grown("vendorrow")),
    significant("parties", "vendor-replaced", "another processor", either("vendor")),
    significant("parties", "company-replaced", "another contracting party", either("entity")),
    significant("parties", "persons-changed", "others may see or are bound", either("whom")),
    significant("parties", "rights-address-changed", "requests go elsewhere", either("addr")),
    significant("parties", "instrument-replaced", "another legal ground or document", either("instr", "basis")),
    significant("parties", "relinked", "the link leads to another document or address", either("relink")),
    significant("parties", "body-replaced", "somebody else decides", either("body")),
)
