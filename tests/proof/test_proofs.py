"""What somebody outside can compute again: canonical JSON, the chain, trees of RFC 6962, salted hashes of persons."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.proof.canonical_json import canonical, canonical_row
from notifier.proof.entry import BEFORE_ALL, EntryKind, following
from notifier.proof.merkle_tree import inclusion_proof, leaf_hash, root_from_proof, tree_root
from notifier.proof.recipient_leaf import leaves_in_a_row, recipient_leaf
from notifier.proof.salted_hash import new_salt, salted_hash

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_an_entry_is_hashed_as_the_canonical_json_of_its_other_fields() -> None:
    facts = {"who": "Zoë", "notice": 7}
    first = following(BEFORE_ALL, EntryKind.NOTICE, canonical(facts), NOON)
    said = {
        "previous": "0" * 64,
        "number": 1,
        "kind": "notice",
        "facts_sha256": hashlib.sha256(canonical(facts).encode()).hexdigest(),
        "at": "2026-03-01T12:00:00.000000Z",
    }

    assert first.hash == hashlib.sha256(canonical(said).encode()).hexdigest()
    assert first.fits
    assert following(first.head, EntryKind.NOTICE, canonical(facts), NOON).previous == first.hash


def test_an_entry_with_any_field_changed_does_not_fit() -> None:
    entry = following(BEFORE_ALL, EntryKind.DECIDED, canonical({"who": "anna"}), NOON)
    changed = (
        entry._replace(number=2),
        entry._replace(kind=EntryKind.NOTICE),
        entry._replace(at=NOON + timedelta(microseconds=1)),
        entry._replace(written='{"who":"ben"}'),
        entry._replace(written='{"who": "anna"}'),
        entry._replace(previous="1" * 64),
        entry._replace(hash="1" * 64),
    )

    assert not [one for one in changed if one.fits]


def test_trees_have_the_roots_that_certificate_transparency_publishes() -> None:
    """The eight leaves and three roots that its reference implementations are tested with."""
    contents = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
    leaves = [leaf_hash(bytes.fromhex(content)) for content in contents]
    assert tree_root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert tree_root(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert tree_root(leaves[:7]).hex() == "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"
    assert tree_root(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@given(st.integers(1, 70), st.data())
def test_every_leaf_is_proven_in_its_tree_and_nowhere_else(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(bytes([n])) for n in range(size)]
    index = data.draw(st.integers(0, size - 1))
    root, proof = tree_root(leaves), inclusion_proof(leaves, index)

    assert root_from_proof(leaves[index], index, size, proof) == root
    assert len(proof) <= (size - 1).bit_length()
    wrong = data.draw(st.integers(-1, size))
    if wrong != index:
        assert root_from_proof(leaves[index], wrong, size, proof) != root
    assert root_from_proof(leaf_hash(b"somebody else"), index, size, proof) != root
    assert root_from_proof(leaves[index], index, size, [*proof, root]) is None
    assert not proof or root_from_proof(leaves[index], index, size, proof[:-1]) is None


def test_blocks_of_a_power_of_two_are_nodes_of_the_whole_tree() -> None:
    leaves = [leaf_hash(bytes([n])) for n in range(45)]
    blocks = [tree_root(leaves[start : start + 8]) for start in range(0, 45, 8)]

    assert tree_root(blocks) == tree_root(leaves)


def test_a_person_is_a_hash_that_means_nothing_without_the_salt() -> None:
    salt, anna = new_salt(), ["a-1", "anna@example.com"]

    assert salted_hash(salt, anna) == hashlib.sha256(salt + b'["a-1","anna@example.com"]').hexdigest()
    assert salted_hash(salt, anna) != salted_hash(new_salt(), anna)
    with pytest.raises(ValueError, match="16 bytes"):
        salted_hash(b"short", anna)


@given(st.lists(st.text() | st.integers(-(2**40), 2**40) | st.booleans() | st.none()))
def test_the_fast_spelling_is_the_canonical_one(values: list[str | int | bool | None]) -> None:
    assert canonical_row(values) == canonical(values)
    row = {f"c{n}": value for n, value in enumerate(values)}
    assert canonical_row(row) == canonical(row)


@given(st.lists(st.text(st.characters(exclude_characters='"\\', exclude_categories=["Cc", "Cs"])), min_size=1))
def test_the_leaves_of_many_recipients_are_those_of_each(names: list[str]) -> None:
    salts, texts = [new_salt() for _ in names], [name.encode() for name in names]
    rows = [(7, 1, seq, f"k{name}", name, name, name) for seq, name in enumerate(names, 31)]

    found = leaves_in_a_row(b"".join(salts), (7, 1, 31), [b"k" + text for text in texts], texts, texts, texts)

    assert found == [recipient_leaf(salt, row) for salt, row in zip(salts, rows, strict=True)]
