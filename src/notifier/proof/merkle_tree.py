"""Trees of hashes in the shape of RFC 6962 §2.1: one root for many leaves, and a short proof that a leaf is in it.

A leaf is hashed behind a zero byte, an inner node behind a one, so that neither passes for the other. The left half
of a tree is the largest power of two that is smaller than its size: a block of 2ⁿ leaves is a node of the whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field


def leaf_hash(content: bytes) -> bytes:
    """What stands in the tree for this content."""
    return hashlib.sha256(b"\0" + content).digest()


def tree_root(hashes: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes; of no leaf at all the hash of nothing."""
    if not hashes:
        return hashlib.sha256().digest()
    row = list(hashes)
    while len(row) > 1:
        row = _row_above(row)
    return row[0]


def inclusion_proof(hashes: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The hashes that lead from the leaf at `index` to the root, the nearest first."""
    if not 0 <= index < len(hashes):
        raise IndexError(f"no leaf {index} in a tree of {len(hashes)}")
    row, proof = list(hashes), list[bytes]()
    while len(row) > 1:
        sibling = index ^ 1
        if sibling < len(row):
            proof.append(row[sibling])
        row, index = _row_above(row), index // 2
    return tuple(proof)


def root_from_proof(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that a proof leads to, or None where it is too short, too long, or for no leaf of such a tree."""
    if not 0 <= index < size:
        return None
    node, last, steps = leaf, size - 1, iter(proof)
    while last:
        if index % 2 or index < last:
            step = next(steps, None)
            if step is None:
                return None
            node = _node(step, node) if index % 2 else _node(node, step)
        index, last = index // 2, last // 2
    return node if next(steps, None) is None else None


BLOCK = 1024
"""Of so many leaves a node is kept."""


@dataclass(slots=True)
class GrowingTree:
    """A tree that takes its leaves one by one and keeps only one hash for each `block` of them, a power of two."""

    block: int = BLOCK
    size: int = 0
    _blocks: list[bytes] = field(default_factory=list)
    _leaves: list[bytes] = field(default_factory=list)

    def add(self, *leaves: bytes) -> None:
        """The hashes of the next leaves."""
        self._leaves += leaves
        self.size += len(leaves)
        while len(self._leaves) >= self.block:
            self._blocks.append(tree_root(self._leaves[: self.block]))
            del self._leaves[: self.block]

    @property
    def blocks(self) -> list[bytes]:
        """The node over each block; the last one may have fewer leaves."""
        return [*self._blocks, tree_root(self._leaves)] if self._leaves else list(self._blocks)

    @property
    def root(self) -> bytes:
        """Over all leaves so far."""
        return tree_root(self.blocks)


def _row_above(row: list[bytes]) -> list[bytes]:
    """A last node without a sibling goes up as it is.

    A hash that has begun is copied in less time than one begins.
    """
    begun, above = hashlib.sha256(b"\1").copy, list[bytes]()
    for left, right in zip(row[::2], row[1::2], strict=False):
        node = begun()
        node.update(left + right)
        above.append(node.digest())
    return [*above, row[-1]] if len(row) % 2 else above


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()
