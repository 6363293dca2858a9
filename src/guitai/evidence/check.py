"""Reads every byte of a log and names what is damaged.

Every stored hash is compared with the one computed from the entries, and the root with the signed one. Where an entry
was changed, all hashes above it differ too: then the stored leaf hashes tell which entry it was, and the hashes above
are checked against those instead.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from guitai.evidence import merkle
from guitai.evidence.checkpoints import Checkpoint, open_checkpoint
from guitai.evidence.digests import SIZE
from guitai.evidence.errors import EvidenceError
from guitai.evidence.index import INDEX, RUN, build_run, run_name
from guitai.evidence.model import Known, Problem
from guitai.evidence.notes import VerifierKey
from guitai.evidence.store import CHECKPOINT, DATA_FILES, FRAME, MAX_ENTRY, OFFSET, hash_position, unframe
from guitai.evidence.timestamps import TIMESTAMPS, check_timestamps


def check_log(directory: Path, key: VerifierKey, digest: str, origin: str, known: Known | None) -> list[Problem]:
    """Return every problem of the log in `directory`; empty when it is sound."""
    check = _Check(directory, digest)
    listing = sorted((*directory.iterdir(), *(directory / INDEX).glob("*")))  # before the checkpoint: the log may grow
    try:
        checkpoint = open_checkpoint((directory / CHECKPOINT).read_bytes(), key, origin)
    except FileNotFoundError:
        return [Problem("checkpoint-missing", CHECKPOINT, "the checkpoint is gone")]
    except EvidenceError as invalid:
        return [Problem("checkpoint-damaged", CHECKPOINT, invalid.message)]
    if check.files_hold(checkpoint.size):
        check.contents(checkpoint, known)
        check.runs(checkpoint.size)
    check.strangers(listing, checkpoint.size)
    return check.problems + check_timestamps(directory / TIMESTAMPS, key, origin)


class _Check:
    def __init__(self, directory: Path, digest: str) -> None:
        self.problems: list[Problem] = []
        self._directory = directory
        self._digest = digest

    def _note(self, code: str, subject: str, message: str) -> None:
        self.problems.append(Problem(code, subject, message))

    def files_hold(self, size: int) -> bool:
        """Name each data file that is gone or too short for `size` entries; say whether none is."""
        hashes = hash_position(0, size) * SIZE
        for name, wanted in zip(DATA_FILES, (size * FRAME.size, size * OFFSET.size, hashes), strict=True):
            path = self._directory / name
            if not path.exists():
                self._note("file-missing", name, "the file is gone")
            elif path.stat().st_size < wanted:
                self._note("log-truncated", name, f"the file ends before the {size} entries of the checkpoint")
        return not self.problems

    def contents(self, checkpoint: Checkpoint, known: Known | None) -> None:
        """Check entries, offsets and hashes against each other, the signed root and the state seen earlier."""
        known_size, known_root = known or (0, merkle.root_of((), self._digest))
        if known_size > checkpoint.size:
            self._note("log-rolled-back", CHECKPOINT, f"the log was once longer: {known_size} entries")
        seen = merkle.Frontier(self._digest).root()
        frontier = merkle.Frontier(self._digest)
        differing: list[tuple[int, int]] = []
        with self._open("hashes") as hashes:
            for entry in self._entries(checkpoint.size):
                leaf = None if entry is None else merkle.leaf_hash(entry, self._digest)
                differing += _compare(frontier, leaf, hashes)
                if frontier.size == known_size:
                    seen = frontier.root()
        if frontier.size != checkpoint.size:
            return
        if frontier.root() == checkpoint.root:
            self._hashes_differ(differing)
            if known_size <= checkpoint.size and seen != known_root:
                self._note("log-rolled-back", CHECKPOINT, f"the first {known_size} entries are not those seen earlier")
            return
        for index in (index for level, index in differing if level == 0):
            self._note("entry-changed", f"entry {index}", "the entry is not the one that was appended")
        self._stored_hashes(checkpoint)

    def _entries(self, size: int) -> Iterator[bytes | None]:
        """Yield each entry, None where its frame is not whole; stop where the next cannot be found."""
        length = (self._directory / "entries").stat().st_size
        position = 0
        with self._open("entries") as entries, self._open("offsets") as offsets:
            for index in range(size):
                recorded = OFFSET.unpack(offsets.read(OFFSET.size))[0]
                entries.seek(position)
                entry = _read_frame(entries)
                if entry is not None:
                    position += FRAME.size + len(entry)
                    if recorded != position:
                        self._note("offset-damaged", f"offset {index}", "it does not point to the end of its entry")
                elif not FRAME.size <= recorded - position <= FRAME.size + MAX_ENTRY:
                    self._note(
                        "entry-damaged", f"entry {index}", "neither it nor its offset can be read, nor what follows"
                    )
                    return
                elif recorded > length:
                    self._note("log-truncated", "entries", f"the file ends within entry {index} of {size}")
                    return
                else:
                    position = recorded
                    self._note("entry-damaged", f"entry {index}", "its length or content was altered")
                yield entry

    def _stored_hashes(self, checkpoint: Checkpoint) -> None:
        frontier = merkle.Frontier(self._digest)
        differing: list[tuple[int, int]] = []
        with self._open("hashes") as hashes:
            for _ in range(checkpoint.size):
                differing += _compare(frontier, None, hashes)
        self._hashes_differ(differing)
        if frontier.root() != checkpoint.root and not self.problems:
            self._note("root-mismatch", CHECKPOINT, "the entries give another root than the one that was signed")

    def _hashes_differ(self, differing: list[tuple[int, int]]) -> None:
        for level, index in differing:
            self._note(
                "hash-damaged", f"hash {level}/{index}", f"stored hash of level {level}, number {index}, altered"
            )

    def runs(self, size: int) -> None:
        """Check the runs of the index against the stored leaf hashes."""
        for number in range(size // RUN):
            path = self._directory / INDEX / run_name(number)
            if not path.exists():
                continue
            with self._open("hashes") as hashes:
                leaves = list(_leaves(hashes, number * RUN, (number + 1) * RUN))
            if path.read_bytes() != build_run(leaves):
                self._note(
                    "index-damaged", f"{INDEX}/{path.name}", "the index differs from the hashes; delete the file"
                )

    def strangers(self, listing: Sequence[Path], size: int) -> None:
        """Name what does not belong to a log; `.new` is what an interrupted write leaves and nothing reads."""
        runs = {run_name(number) for number in range(size // RUN)}
        expected = {*DATA_FILES, CHECKPOINT, INDEX, TIMESTAMPS, *(f"{INDEX}/{name}" for name in runs)}
        for path in listing:
            name = path.relative_to(self._directory).as_posix()
            if name not in expected and path.suffix != ".new":
                self._note("unknown-file", name, "the file does not belong to the log")

    def _open(self, name: str) -> BinaryIO:
        return (self._directory / name).open("rb")


def _read_frame(entries: BinaryIO) -> bytes | None:
    header = entries.read(FRAME.size)
    if len(header) < FRAME.size or FRAME.unpack(header)[0] > MAX_ENTRY:
        return None
    return unframe(header + entries.read(FRAME.unpack(header)[0]))


def _compare(frontier: merkle.Frontier, leaf: bytes | None, hashes: BinaryIO) -> list[tuple[int, int]]:
    """Add a leaf (None: the stored one); return the (level, index) of each stored hash that is not as computed."""
    index = frontier.size
    stored = hashes.read(SIZE)
    made = frontier.add(leaf or stored)
    differing = [(0, index)] if stored != made[0] else []
    for level, computed in enumerate(made[1:], start=1):
        if hashes.read(SIZE) != computed:
            differing.append((level, index >> level))
    return differing


def _leaves(hashes: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    for index in range(start, end):
        hashes.seek(hash_position(0, index) * SIZE)
        yield hashes.read(SIZE)
