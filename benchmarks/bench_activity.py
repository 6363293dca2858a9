"""Voice activity over a stereo call, in blocks, against the same model one frame a call; equal probabilities."""

import time
from collections.abc import Callable

import numpy as np

from benchmarks.result import Result
from guitai.adapters.vad.silero import CONTEXT, STATE, SileroVoiceActivity
from guitai.settings import Settings
from guitai.speech.activity import FRAME

SECONDS = 300
RATE = 16000
BAR_RTF = 0.01


def run() -> list[Result]:
    voice = SileroVoiceActivity(Settings.from_environment().models / "silero-vad")
    return [_measure(voice, "line noise between turns", 60), _measure(voice, "digital silence between turns", 0)]


def _measure(voice: SileroVoiceActivity, what: str, noise: int) -> Result:
    tracks = _call(noise)
    ours_s, ours = _best(lambda: [voice.probabilities(track) for track in tracks], 3)
    peer_s, theirs = _best(lambda: [_frame_by_frame(voice, track) for track in tracks], 1)
    if noise:
        assert all(np.allclose(a, b, atol=1e-4) for a, b in zip(ours, theirs, strict=True))
    length_s = SECONDS * len(tracks)
    return Result(
        name=f"voice activity, {what}",
        workload=f"{SECONDS // 60} min stereo, each party silent half the time",
        ours=ours_s / length_s,
        peer=peer_s / length_s,
        peer_name="Silero frame by frame",
        unit="s per s of track",
        ratio=peer_s / ours_s,
        bar=f"ours <= {BAR_RTF} s",
        met=ours_s / length_s <= BAR_RTF,
    )


def _call(noise: int) -> list[np.ndarray]:
    """Two parties taking turns of six seconds: buzzing syllables, and line noise of this strength under them."""
    generator = np.random.default_rng(7)
    time_s = np.arange(6 * RATE) / RATE
    tracks = [generator.normal(0, noise, SECONDS * RATE).astype(np.int16) for _ in range(2)]
    for turn in range(SECONDS // 6):
        pitch = (120 if turn % 2 else 210) * (1 + 0.1 * np.sin(2 * np.pi * 0.7 * time_s))
        buzz = sum(np.sin(np.cumsum(2 * np.pi * k * pitch / RATE)) / k for k in range(1, 20))
        sound = buzz * np.abs(np.sin(2 * np.pi * 2.3 * time_s)) * 2500
        tracks[turn % 2][turn * 6 * RATE : (turn + 1) * 6 * RATE] += sound.astype(np.int16)
    return tracks


def _frame_by_frame(voice: SileroVoiceActivity, samples: np.ndarray) -> np.ndarray:
    hidden = cell = np.zeros(STATE, np.float32)
    frames = samples[: samples.size // FRAME * FRAME].astype(np.float32).reshape(-1, FRAME) / 32768
    context = np.zeros((1, CONTEXT), np.float32)
    found = np.zeros(-(-samples.size // FRAME), np.float32)
    for index, frame in enumerate(frames):
        block = np.concatenate([context, frame[None]], axis=1)
        found[index : index + 1], hidden, cell = voice.session.run(
            ["speech_probs", "hn", "cn"], {"input": block, "h": hidden, "c": cell}
        )
        context = block[:, -CONTEXT:]
    return found


def _best(work: Callable[[], list[np.ndarray]], times: int) -> tuple[float, list[np.ndarray]]:
    best, result = float("inf"), []
    for _ in range(times):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


if __name__ == "__main__":
    for result in run():
        print(result)
