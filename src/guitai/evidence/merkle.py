"""The Merkle tree of RFC 6962 (section 2.1): hashes, roots and proofs, without storage.

A complete subtree of 2^level leaves is named (level, index); level 0 is the leaves themselves.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from guitai.evidence import digests

NodeReader = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree (level, index)."""


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """Shows that leaf `index` is in the tree of `size` leaves; `path` runs from the leaf's sibling to the root."""

    index: int
    size: int
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """Shows that the tree of `old` leaves is the beginning of the tree of `new` leaves."""

    old: int
    new: int
    path: tuple[bytes, ...]


def leaf_hash(entry: bytes, digest: str = "sha256") -> bytes:
    """Return the hash of `entry` as a leaf."""
    return digests.hasher(digest)(b"\x00" + entry).digest()


class Frontier:
    """The roots of the complete subtrees that make up a growing tree, largest first: all that adding a leaf needs."""

    def __init__(self, digest: str = "sha256", size: int = 0, roots: Iterable[bytes] = ()) -> None:
        self._start = digests.hasher(digest)
        self.size = size
        self._roots = list(roots)

    def add(self, leaf: bytes) -> list[bytes]:
        """Add a leaf hash; return it followed by the hash of each subtree it completes, levels 0, 1, 2, …."""
        made = [leaf]
        completed = self.size
        while completed & 1:
            made.append(self._start(b"\x01" + self._roots.pop() + made[-1]).digest())
            completed >>= 1
        self._roots.append(made[-1])
        self.size += 1
        return made

    def root(self) -> bytes:
        """Return the root of the tree so far."""
        if not self._roots:
            return self._start(b"").digest()
        root = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            root = self._start(b"\x01" + left + root).digest()
        return root


def root_of(leaves: Iterable[bytes], digest: str = "sha256") -> bytes:
    """Return the root of the tree whose leaf hashes are `leaves`."""
    frontier = Frontier(digest)
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root()


def subtrees(start: int, end: int) -> list[tuple[int, int]]:
    """Return the complete subtrees, largest first, that cover leaves `start` to `end`.

    `start` must be a multiple of the largest power of two in `end` - `start`, as it is for any subtree of the tree.
    """
    found: list[tuple[int, int]] = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def range_root(start: int, end: int, node: NodeReader, digest: str = "sha256") -> bytes:
    """Return the root over leaves `start` to `end` of a tree (see `subtrees` for `start`)."""
    roots = [node(level, index) for level, index in subtrees(start, end)]
    return Frontier(digest, end - start, roots).root()


def prove_inclusion(index: int, size: int, node: NodeReader, digest: str = "sha256") -> InclusionProof:
    """Return the proof that leaf `index` is in the tree of `size` leaves."""
    start, end = 0, size
    above: list[bytes] = []
    while (end - start) & (end - start - 1):
        middle = start + _split(end - start)
        if index < middle:
            above.append(range_root(middle, end, node, digest))
            end = middle
        else:
            above.append(range_root(start, middle, node, digest))
            start = middle
    height = (end - start).bit_length() - 1
    below = [node(level, (index >> level) ^ 1) for level in range(height)]
    return InclusionProof(index, size, (*below, *reversed(above)))


def prove_consistency(old: int, new: int, node: NodeReader, digest: str = "sha256") -> ConsistencyProof:
    """Return the proof that the tree of `old` leaves begins the tree of `new` leaves."""
    if old in (0, new):
        return ConsistencyProof(old, new, ())
    start, end = 0, new
    above: list[bytes] = []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            above.append(range_root(middle, end, node, digest))
            end = middle
        else:
            above.append(range_root(start, middle, node, digest))
            start = middle
    first = () if start == 0 else (range_root(start, end, node, digest),)
    return ConsistencyProof(old, new, (*first, *reversed(above)))


def verify_inclusion(leaf: bytes, proof: InclusionProof, root: bytes, digest: str = "sha256") -> bool:
    """Say whether `proof` shows that the leaf hash `leaf` stands at its index under `root` (RFC 9162, 2.1.3)."""
    index, size, path = proof.index, proof.size, proof.path
    if not 0 <= index < size or len(leaf) != digests.SIZE:
        return False
    # Below `branching` siblings stand left or right as the index says; above it, on the tree's right edge, always left.
    branching = (index ^ (size - 1)).bit_length()
    if len(path) != branching + (index >> branching).bit_count():
        return False
    left = index | -1 << branching
    fresh = digests.hasher(digest)(b"\x01").copy
    computed = leaf
    for sibling in path:
        parent = fresh()
        if left & 1:
            parent.update(sibling)
            parent.update(computed)
        else:
            parent.update(computed)
            parent.update(sibling)
        computed = parent.digest()
        left >>= 1
    return computed == root


def verify_consistency(proof: ConsistencyProof, old_root: bytes, new_root: bytes, digest: str = "sha256") -> bool:
    """Say whether `proof` shows that the tree under `old_root` begins the one under `new_root` (RFC 9162, 2.1.4.2)."""
    old, new, path = proof.old, proof.new, proof.path
    if not 0 <= old <= new:
        return False
    if old in (0, new):
        return not path and old_root == (new_root if old else root_of((), digest))
    if old & (old - 1) == 0:
        path = (old_root, *path)
    return _consistent_roots(old, new, path, digests.hasher(digest)) == (old_root, new_root)


def _consistent_roots(
    old: int, new: int, path: Sequence[bytes], start: Callable[[bytes], digests.Hasher]
) -> tuple[bytes, bytes] | None:
    """Return the roots of both trees that `path` gives; None where its length does not fit the sizes."""
    if not path or any(len(sibling) != digests.SIZE for sibling in path):
        return None
    at, last = old - 1, new - 1
    while at & 1:
        at >>= 1
        last >>= 1
    was = now = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            was, now = start(b"\x01" + sibling + was).digest(), start(b"\x01" + sibling + now).digest()
            while at and not at & 1:
                at >>= 1
                last >>= 1
        else:
            now = start(b"\x01" + now + sibling).digest()
        at >>= 1
        last >>= 1
    return (was, now) if last == 0 else None


def _split(size: int) -> int:
    """Return the largest power of two below `size`: where RFC 6962 splits a tree of `size` > 1 leaves."""
    return 1 << ((size - 1).bit_length() - 1)
