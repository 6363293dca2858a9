"""Every proof made verifies, no altered one does, and pymerkle agrees on every tree."""

import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guitai.evidence import merkle
from guitai.evidence.merkle import ConsistencyProof, InclusionProof

DIGESTS = st.sampled_from(["sha256", "sm3"])


def tree(size: int, digest: str) -> list[bytes]:
    return [merkle.leaf_hash(b"%d" % index, digest) for index in range(size)]


def nodes(leaves: list[bytes], digest: str):
    return lambda level, index: merkle.root_of(leaves[index << level : (index + 1) << level], digest)


@st.composite
def inclusions(draw):
    size = draw(st.integers(1, 130))
    index = draw(st.integers(0, size - 1))
    return index, size, draw(DIGESTS)


@st.composite
def consistencies(draw):
    new = draw(st.integers(0, 130))
    return draw(st.integers(0, new)), new, draw(DIGESTS)


def flipped(path: tuple[bytes, ...], where: int, bit: int) -> tuple[bytes, ...]:
    changed = bytearray(path[where])
    changed[bit // 8] ^= 1 << bit % 8
    return (*path[:where], bytes(changed), *path[where + 1 :])


def mutations(path: tuple[bytes, ...], data: st.DataObject) -> list[tuple[bytes, ...]]:
    others = [(*path, bytes(32)), path[:-1] if path else (bytes(32),)]
    if path:
        where = data.draw(st.integers(0, len(path) - 1))
        others += [flipped(path, where, data.draw(st.integers(0, 255))), (*path[:where], *path[where + 1 :])]
        others += [(*path[:where], path[where][:31], *path[where + 1 :]), (*path, path[-1])]
    if len(path) > 1 and path[0] != path[-1]:
        others.append(tuple(reversed(path)))
    return [other for other in others if other != path]


@given(inclusions(), st.data())
@settings(max_examples=150, deadline=None)
def test_inclusion(case, data) -> None:
    index, size, digest = case
    leaves = tree(size, digest)
    root = merkle.root_of(leaves, digest)
    proof = merkle.prove_inclusion(index, size, nodes(leaves, digest), digest)
    assert merkle.verify_inclusion(leaves[index], proof, root, digest)
    for path in mutations(proof.path, data):
        assert not merkle.verify_inclusion(leaves[index], InclusionProof(index, size, path), root, digest)
    other = data.draw(st.integers(-1, size + 1).filter(lambda i: i != index))
    assert not merkle.verify_inclusion(leaves[index], InclusionProof(other, size, proof.path), root, digest)
    assert not merkle.verify_inclusion(leaves[index][::-1], proof, root, digest)
    assert not merkle.verify_inclusion(leaves[index], proof, root[::-1], digest)


@given(consistencies(), st.data())
@settings(max_examples=150, deadline=None)
def test_consistency(case, data) -> None:
    old, new, digest = case
    leaves = tree(new, digest)
    before, after = merkle.root_of(leaves[:old], digest), merkle.root_of(leaves, digest)
    proof = merkle.prove_consistency(old, new, nodes(leaves, digest), digest)
    assert merkle.verify_consistency(proof, before, after, digest)
    for path in mutations(proof.path, data):
        assert not merkle.verify_consistency(ConsistencyProof(old, new, path), before, after, digest)
    assert not merkle.verify_consistency(proof, before[::-1], after, digest)
    if old:
        assert not merkle.verify_consistency(proof, before, after[::-1], digest)


@given(consistencies())
@settings(max_examples=60, deadline=None)
def test_frontier_goes_on_from_any_size(case) -> None:
    old, new, digest = case
    leaves = tree(new, digest)
    roots = [nodes(leaves, digest)(level, index) for level, index in merkle.subtrees(0, old)]
    frontier = merkle.Frontier(digest, old, roots)
    for leaf in leaves[old:]:
        frontier.add(leaf)
    assert frontier.root() == merkle.root_of(leaves, digest)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 64, 100])
def test_pymerkle_computes_the_same(size: int) -> None:
    peer = pymerkle.InmemoryTree(algorithm="sha256")
    for index in range(size):
        peer.append_entry(b"%d" % index)
    leaves = tree(size, "sha256")
    node = nodes(leaves, "sha256")
    for part in range(1, size + 1):
        root = merkle.root_of(leaves[:part])
        assert peer.get_root(part) == root
        theirs = peer.prove_inclusion(part, size)
        ours = merkle.prove_inclusion(part - 1, size, node)
        assert set(ours.path) | {leaves[part - 1]} == set(theirs.path) | {leaves[part - 1]}
        pymerkle.verify_consistency(root, merkle.root_of(leaves), peer.prove_consistency(part, size))
        assert merkle.verify_consistency(
            merkle.prove_consistency(part, size, node), peer.get_root(part), peer.get_root(size)
        )
