"""Frozen recipients beside the trees and states that the journal has of them, one after another."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifier.ledger.journal.last_images import LastImages, Misfit, Tree
from notifier.ledger.journal.recipient_trees import STATUS, Row, deliveries_of, leaf_of
from notifier.ledger.schema import delivery, journal, message, notice
from notifier.notice.delivery import NoticeState
from notifier.proof.canonical_json import canonical_row
from notifier.proof.merkle_tree import GrowingTree

MOST_NAMED = 20
"""So many recipients of one message are named; where there are more, something else happened than an edit."""


def check_deliveries(connection: Connection, images: LastImages, step: Callable[[], None]) -> Iterator[Misfit]:
    """Every delivery of the ledger, notice by notice."""
    there = set(connection.execute(sa.select(delivery.c.notice_no).distinct()).scalars())
    retired = images.retired()
    for notice_no in sorted(there | images.notices()):
        if notice_no in retired:
            if notice_no in there:
                yield Misfit(retired[notice_no], f"notice {notice_no}: has recipients that retention had taken away")
            continue
        trees = images.trees(notice_no)
        for message_no in sorted({*_messages(connection, notice_no), *(tree.message_no for tree in trees)}):
            mine = [tree for tree in trees if tree.message_no == message_no]
            check = _MessageCheck(connection, images, notice_no, message_no, mine, step)
            yield from check.misfits()


@dataclass
class _MessageCheck:
    connection: Connection
    images: LastImages
    notice_no: int
    message_no: int
    trees: list[Tree]
    step: Callable[[], None]
    named: int = 0
    seq: int = 0
    tree: GrowingTree = field(default_factory=GrowingTree)

    def misfits(self) -> Iterator[Misfit]:
        size = max((tree.last for tree in self.trees), default=0)
        states, which, entries = self.images.states(self.notice_no, self.message_no, size)
        waiting, beyond = iter(self.trees), 0
        now = next(waiting, None)
        for row in chain.from_iterable(deliveries_of(self.connection, self.notice_no, self.message_no)):
            self.step()
            seq = row[2]
            while now is not None and self.seq + 1 < seq and self.seq < now.last:
                yield from self._missing(now)
                if self.seq == now.last:
                    yield from self._root(now)
                    now = next(waiting, None)
            self.seq = seq
            if now is None:
                beyond += 1
                continue
            if seq <= size and row[STATUS:] != states[which[seq]]:
                yield from self._state(row, states[which[seq]], entries[seq] or now.entry)
            leaf, misfit = self._leaf(row)
            if misfit:
                yield misfit
            self.tree.add(leaf)
            if seq == now.last:
                yield from self._root(now)
                now = next(waiting, None)
        while now is not None:
            while self.seq < now.last:
                yield from self._missing(now)
            yield from self._root(now)
            now = next(waiting, None)
        if beyond and not self._is_being_frozen():
            yield Misfit(None, f"delivery: {beyond} of {self._place} are there that no entry tells of")

    @property
    def _place(self) -> str:
        return f"notice {self.notice_no}, message {self.message_no}"

    def _missing(self, tree: Tree) -> Iterator[Misfit]:
        self.seq += 1
        self.tree.add(b"")
        yield from self._say(tree.entry, f"recipient {self.seq} is gone")

    def _state(self, row: Row, expected: tuple[Any, ...], entry: int) -> Iterator[Misfit]:
        """0 and 1 are what a database has for false and true: they are equal to them, and nothing else is."""
        pairs = zip(("status", "reason", "is_possible_duplicate"), row[STATUS:], expected, strict=True)
        names = ", ".join(name for name, is_now, was in pairs if is_now != was)
        yield from self._say(entry, f"{names} of recipient {row[2]} is not as entry {entry} has it")

    def _leaf(self, row: Row) -> tuple[bytes, Misfit | None]:
        salt, was = row[7:STATUS]
        if salt is not None:
            try:
                return leaf_of(row), None if was is None else self._about(row, "has a salt, and the leaf of one erased")
            except (TypeError, ValueError):
                return b"", None
        *_, seq, key, customer_id, email, name = row[:7]
        said = self.images.erased(self.notice_no, self.message_no, seq)
        leaf = bytes(was) if isinstance(was, bytes) else b""
        if said is None:
            return leaf, self._about(row, "has no salt, and nobody was erased")
        if said[0] != canonical_row([key, customer_id, leaf.hex() or None]) or email != "" or name != "":
            return leaf, self._about(row, f"is not what entry {said[1]} left", said[1])
        return leaf, None

    def _about(self, row: Row, what: str, entry: int | None = None) -> Misfit:
        return Misfit(entry, f"delivery: {self._place}: recipient {row[2]} {what}")

    def _root(self, tree: Tree) -> Iterator[Misfit]:
        if self.tree.root.hex() != tree.root:
            who = f"recipients {tree.first} to {tree.last}"
            yield from self._say(tree.entry, f"{who} are not those that entry {tree.entry} froze{self._block(tree)}")
        self.tree = GrowingTree()

    def _block(self, tree: Tree) -> str:
        """Where in the tree."""
        for number, (block, was) in enumerate(zip(self.tree.blocks, self._blocks_of(tree), strict=False)):
            if block.hex() != was:
                first = tree.first + number * self.tree.block
                return f": the first that differs is among {first} to {min(first + self.tree.block - 1, tree.last)}"
        return ""

    def _blocks_of(self, tree: Tree) -> list[str]:
        facts = self.connection.execute(sa.select(journal.c.facts).where(journal.c.number == tree.entry)).scalar_one()
        trees = [one for one in json.loads(facts)["trees"] if (one["message_no"], one["first"]) == tree[:2]]
        return [block for one in trees for block in one["blocks"]]

    def _say(self, entry: int, what: str) -> Iterator[Misfit]:
        self.named += 1
        if self.named <= MOST_NAMED:
            yield Misfit(entry, f"delivery: {self._place}: {what}")

    def _is_being_frozen(self) -> bool:
        query = sa.select(notice.c.state, notice.c.frozen_at).where(notice.c.number == self.notice_no)
        row = self.connection.execute(query).first()
        return row is not None and row.state == NoticeState.SENDING and row.frozen_at is None


def _messages(connection: Connection, notice_no: int) -> list[int]:
    query = sa.select(message.c.message_no).where(message.c.notice_no == notice_no)
    also = sa.select(delivery.c.message_no).where(delivery.c.notice_no == notice_no).distinct()
    return [*connection.execute(query).scalars(), *connection.execute(also).scalars()]
