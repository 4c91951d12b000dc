"""JSON that has one spelling only (RFC 8785), so that equal values have equal hashes on every machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import rfc8785

Json = Any
"""None, bool, int, float, str, and lists and mappings of these."""
Facts = Mapping[str, Json]
"""What an entry says: names in small letters with underscores, instants as `instant` writes them, hashes in hex."""


def canonical(value: Json) -> str:
    """The one text of a value. Raises `ValueError` for what JSON cannot say alike everywhere: NaN, or 2⁵³ and more."""
    return rfc8785.dumps(value).decode()


canonical_row = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
"""The same, ten times as fast: of lists, and of mappings with names in ASCII, of texts and small whole numbers."""


def sha256_hex(text: str) -> str:
    """Of its UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()
