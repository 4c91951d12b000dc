"""The key that receipts are signed with: a file of the installation's own, apart from the ledger.

Whoever has the ledger's password alone can forge no receipt. The public halves of all keys there ever were stand in
the ledger, and at a fixed address of the pages' server, as JSON Web Keys (RFC 8037).
"""

from __future__ import annotations

import base64
import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from notifier.errors import Refused
from notifier.proof.canonical_json import Json, canonical
from notifier.state import state_folder
from notifier.structured_log import tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notifier.ledger import Ledger

FILE = "receipts.key"
ALGORITHM = "Ed25519"


@dataclass(frozen=True)
class ReceiptSigner:
    """Signs what receipts say."""

    key: Ed25519PrivateKey

    @property
    def public_key(self) -> str:
        return _b64(self.key.public_key().public_bytes_raw())

    @property
    def key_id(self) -> str:
        """Made from the public key: nobody gives two keys one name."""
        return hashlib.sha256(self.key.public_key().public_bytes_raw()).hexdigest()[:16]

    def __call__(self, text: str) -> tuple[str, str]:
        """The id of the key, and the signature of this text."""
        return self.key_id, _b64(self.key.sign(text.encode()))


def open_signer(root: Path, ledger: Ledger, now: datetime) -> ReceiptSigner:
    """The installation's key, made where there is none yet; the ledger knows its public half. Raises Refused."""
    missing = missing_key(root, ledger)
    if missing:
        tell("receipts.new_key", missing, level="warning")
    path = state_folder(root) / FILE
    signer = ReceiptSigner(_read(path) or _make(path))
    ledger.receipt_keys.add(signer.key_id, signer.public_key, now)
    return signer


def missing_key(root: Path, ledger: Ledger) -> str:
    """What is to be said where receipts were signed, and none of the keys that did lies here; empty otherwise."""
    path, known = state_folder(root) / FILE, ledger.receipt_keys.all()
    key = _read(path)
    if not known or (key is not None and ReceiptSigner(key).key_id in dict(known)):
        return ""
    is_there = "is not here" if key is None else "is another key"
    return (
        f"{path} {is_there}: receipts were signed by {known[0][0]}, which is in no backup; put the file back from "
        "where you keep it, else another key signs the next receipt (those of before can be checked as ever)"
    )


def public_keys(ledger: Ledger) -> dict[str, Json]:
    """Every key that receipts were ever signed with, as a set of JSON Web Keys."""
    found = ledger.receipt_keys.all()
    return {"keys": [{"kty": "OKP", "crv": ALGORITHM, "use": "sig", "kid": name, "x": key} for name, key in found]}


def signed_receipt(facts: Mapping[str, Json], signed_by: str, signature: str) -> dict[str, Json]:
    """A receipt as its holder gets it: what it says, and over the canonical JSON (RFC 8785) of that the signature."""
    return {"receipt": facts, "signature": {"algorithm": ALGORITHM, "key": signed_by, "value": signature}}


def receipt_fault(receipt: object, keys: Mapping[str, str]) -> str:
    """What speaks against a receipt, in a line; empty where one of these public keys signed just this."""
    said = receipt if isinstance(receipt, dict) else {}
    facts, seal = said.get("receipt"), said.get("signature")
    if not isinstance(facts, dict) or not isinstance(seal, dict):
        return "is no receipt: it has no receipt and signature"
    name = str(seal.get("key"))
    key = keys.get(name)
    if key is None:
        return f"is signed by a key that is none of ours: {name[:40]!r}"
    try:
        signature = _bytes(str(seal.get("value")))
        Ed25519PublicKey.from_public_bytes(_bytes(key)).verify(signature, canonical(facts).encode())
    except (InvalidSignature, ValueError):
        return "says something else than what was signed: it is forged or was changed"
    whole = signed_receipt(facts, name, _b64(signature))
    if {part: one for part, one in said.items() if part != "page"} != whole:
        return "says more than what was signed: something was added beside it, or changed"
    return ""


def _read(path: Path) -> Ed25519PrivateKey | None:
    try:
        return Ed25519PrivateKey.from_private_bytes(_bytes(path.read_text(encoding="ascii").strip()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Refused(f"{path}: no key to sign receipts with: {error}; restore it from a copy, or remove it") from error


def _make(path: Path) -> Ed25519PrivateKey:
    """A new one, written whole before it has its name; where another process was faster, theirs."""
    key = Ed25519PrivateKey.generate()
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
            out.write(_b64(key.private_bytes_raw()) + "\n")
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):
            os.link(partial, path)
    except OSError as error:
        raise Refused(f"{path}: cannot be written ({(error.strerror or str(error)).lower()})") from error
    finally:
        partial.unlink(missing_ok=True)
    return _read(path) or key


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
