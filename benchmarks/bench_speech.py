"""The whole `inspect` beside faster-whisper with the same model: time, memory, character errors, mobile numbers.

`python -m benchmarks.bench_speech [N]` takes every Nth Mandarin clip only. Ours is the whole command, its start and
everything it stores included; the peers' models are loaded before their clocks start.
"""

import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from scipy.signal import resample_poly

from benchmarks.bench_privacy import mobile_truth
from benchmarks.result import Result
from guitai.bootstrap import Installation
from guitai.language.numerals import to_spoken
from guitai.language.script import simplify
from guitai.privacy.find import find
from guitai.settings import Settings
from guitai.speech.digit_strings import joined
from guitai.speech.model import SAMPLE_RATE
from guitai.transcripts.model import Transcript

REPO = Path(__file__).parent.parent
SHARED = Path(os.environ.get("GUITAI_SHARED_DATA", REPO.parent / "shared" / "data"))
SAMPLES = REPO / "samples" / "audio"
WHISPER = "whisper-base"
THREADS = 2
PLAIN, BATCHED = "faster-whisper, beam 5, file by file", "faster-whisper batched (8), file by file"
MEMORY_BAR_GB = 1.5


@dataclass(frozen=True)
class Heard:
    """What one engine wrote for each file, by its path, and what that took."""

    texts: dict[str, str]
    seconds: float
    peak_gb: float


def run(every: int = 1) -> list[Result]:
    clips = sorted((SHARED / "aishell").glob("*.flac"))[::every]
    if not clips:
        print(f"  left out: no recordings in {SHARED}", file=sys.stderr)
        return []
    others = [*sorted((SHARED / "telephone-en").glob("*.flac")), *sorted(SAMPLES.glob("*.opus"))]
    with tempfile.TemporaryDirectory() as folder:
        telephone = [_telephone(clip, Path(folder)) for clip in clips]
        work = others if every == 1 else others[:1]
        ours, plain, batched = (_apart(engine, [*clips, *work]) for engine in ("ours", "plain", "batched"))
        ours_g711, plain_g711 = (_apart(engine, telephone) for engine in ("ours", "plain"))
    references = _references()
    workload = f"{len(clips)} clips of aishell"
    everything = f"{workload} + {len(work)} calls"
    return [
        _time("inspect: time beside plain", everything, ours, plain, PLAIN, 3.0),
        _time("inspect: time beside batched", everything, ours, batched, BATCHED, 1 / 1.25),
        Result(
            "inspect: peak memory", everything, ours.peak_gb, plain.peak_gb, PLAIN, "GB",
            ours.peak_gb / MEMORY_BAR_GB, "<= 1 x 1.5 GB", ours.peak_gb <= MEMORY_BAR_GB,
        ),
        _errors("speech: character errors at 16 kHz", workload, ours, plain, references, 1.0),
        _errors("speech: character errors after G.711", workload, ours_g711, plain_g711, references, 0.95),
        _mobiles(ours, plain),
    ]  # fmt: skip


def _apart(engine: str, files: Sequence[Path]) -> Heard:
    """Run one engine in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "benchmarks.bench_speech", engine, *map(str, files)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=REPO)
    return Heard(**json.loads(done.stdout.splitlines()[-1]))


def _engine(name: str, files: list[Path]) -> Heard:
    if name == "ours":
        return _inspect(files)
    hear = {"plain": _plain, "batched": _batched}[name]()
    start = perf_counter()
    texts = hear(files)
    seconds = perf_counter() - start
    return Heard(texts, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)


Hear = Callable[[list[Path]], dict[str, str]]


def _inspect(files: list[Path]) -> Heard:
    """Run the whole command, as a user does: start, sealing in two copies, recognition, scorecards, proofs."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "GUITAI_DATA": str(Path(folder) / "data")}
        command = [sys.executable, "-m", "guitai", "inspect", "--jobs", str(THREADS), "--json", *map(str, files)]
        start = perf_counter()
        subprocess.run(command, check=True, capture_output=True, env=environment)
        seconds = perf_counter() - start
        peak_gb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
        return Heard(_transcripts(files, environment), seconds, peak_gb)


def _transcripts(files: list[Path], environment: dict[str, str]) -> dict[str, str]:
    """Open the sealed transcripts of what was just inspected."""
    texts: dict[str, str] = {}
    with Installation.open(Settings.from_environment(environment)) as house:
        for path in files:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            with house.transactions.begin() as work:
                recording = work.recordings.by_digest(digest)
                stored = work.transcripts.get(recording.id) if recording else None
            if stored is None:
                raise LookupError(path)
            transcript = Transcript.from_bytes(house.vault.read(stored.sealed))
            texts[path.stem] = " ".join(said.text for said in transcript.utterances)
    return texts


def _plain() -> Hear:
    from faster_whisper import WhisperModel

    folder = Settings.from_environment().models / WHISPER
    model: Any = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=THREADS)
    return partial(_file_by_file, partial(model.transcribe, beam_size=5))


def _batched() -> Hear:
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    folder = Settings.from_environment().models / WHISPER
    model: Any = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=THREADS)
    return partial(_file_by_file, partial(BatchedInferencePipeline(model).transcribe, beam_size=5, batch_size=8))


def _file_by_file(transcribe: Callable[..., Any], files: list[Path]) -> dict[str, str]:
    """The peers are told the language, which saves them from telling it."""
    texts: dict[str, str] = {}
    for path in files:
        language = "en" if "telephone-en" in path.parts else "zh"
        texts[path.stem] = "".join(segment.text for segment in transcribe(str(path), language=language)[0])
    return texts


def _telephone(clip: Path, folder: Path) -> Path:
    """Write the clip as it comes over the telephone: G.711 µ-law at 8 kHz."""
    import av

    from guitai.adapters.audio.decoding import PyAvDecoder

    with clip.open("rb") as source:
        samples = PyAvDecoder().decode(source).tracks[0]
    narrow = np.clip(resample_poly(samples.astype(np.float64), 1, 2), -32768, 32767).astype(np.int16)
    target = folder / f"{clip.stem}.wav"
    with av.open(str(target), "w", format="wav") as container:
        stream = container.add_stream("pcm_mulaw", rate=SAMPLE_RATE // 2, layout="mono")
        frame = av.AudioFrame.from_ndarray(narrow[None, :], format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE // 2
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target


def _references() -> dict[str, str]:
    lines = (SHARED / "aishell" / "transcripts.tsv").read_text(encoding="utf-8-sig").splitlines()[1:]
    return dict(line.split("\t", 1) for line in lines)


def _said(text: str) -> str:
    """Simplified, strings of digits in one piece and spelled out, punctuation and case dropped."""
    spoken = to_spoken(joined(simplify(unicodedata.normalize("NFKC", text)))).replace("幺", "一").lower()
    return "".join(char for char in spoken if char.isalnum())


def character_errors(heard: dict[str, str], references: dict[str, str]) -> float:
    """Return edits a reference character, over the files that have a reference."""
    pairs = [(_said(references[name]), _said(text)) for name, text in heard.items() if name in references]
    return sum(_edits(*pair) for pair in pairs) / sum(len(reference) for reference, _ in pairs)


def _edits(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for left, a in enumerate(one, 1):
        previous, row[0] = row[0], left
        for right, b in enumerate(other, 1):
            previous, row[right] = row[right], min(row[right] + 1, row[right - 1] + 1, previous + (a != b))
    return row[-1]


def _time(name: str, workload: str, ours: Heard, peer: Heard, peer_name: str, least: float) -> Result:
    ratio = peer.seconds / ours.seconds
    return Result(
        name, workload, ours.seconds, peer.seconds, peer_name, "s", ratio, f">= {least:g}x as fast", ratio >= least
    )


def _errors(name: str, workload: str, ours: Heard, peer: Heard, references: dict[str, str], most: float) -> Result:
    mine, theirs = character_errors(ours.texts, references), character_errors(peer.texts, references)
    ratio = mine / theirs
    return Result(name, workload, mine, theirs, PLAIN, "CER", ratio, f"<= {most:g}x", ratio <= most)


def _mobiles(ours: Heard, peer: Heard) -> Result:
    truth = mobile_truth(SHARED / "aishell" / "transcripts.tsv")
    asked = {name: digits for name, digits in truth.items() if name in ours.texts}
    mine, theirs = (_recall(heard.texts, asked) for heard in (ours, peer))
    return Result(
        "speech: spoken mobile numbers found", f"{len(asked)} numbers", mine, theirs, PLAIN, "recall", mine,
        ">= 0.85", mine >= 0.85,
    )  # fmt: skip


def _recall(texts: dict[str, str], truth: dict[str, str]) -> float:
    """Return the share of numbers found in the text, every digit right."""
    found = sum(
        any(one.kind == "mobile" and one.value == digits for one in find(simplify(texts[name])))
        for name, digits in truth.items()
    )
    return found / max(1, len(truth))


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].isdigit():
        print(json.dumps(vars(_engine(sys.argv[1], [Path(name) for name in sys.argv[2:]]))))
    else:
        for result in run(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
            print(result)
