"""How well a recogniser understands the rendered calls: `python -m samples.listen MODEL_FOLDER [--only NN]`.

Prints each recognised stretch and the character error rate of every call, both sides simplified and with numbers as
words; beside it the same rate over syllables without tones, which is what matching by sound can still repair.
"""

import argparse
import re
from pathlib import Path

import av
import numpy as np
import yaml
import zhconv
from faster_whisper import WhisperModel
from faster_whisper.vad import VadOptions, get_speech_timestamps
from pypinyin import lazy_pinyin

from samples.numerals import spoken
from samples.script import FOLDER

_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[a-z']+|\d")


def distance(left: list[str], right: list[str]) -> int:
    """Levenshtein distance between two sequences."""
    row = list(range(len(right) + 1))
    for i, one in enumerate(left, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(right, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (one != other))
    return row[-1]


def units(text: str, language: str) -> list[str]:
    """What errors are counted over: characters in Chinese (幺 as 一), words in English."""
    if language == "en":
        return _WORD.findall(text.lower())
    return _HAN.findall(spoken(zhconv.convert(text, "zh-cn")).replace("幺", "一"))


def channels(path: Path) -> list[np.ndarray]:
    """Each channel of an audio file as floats of 16 kHz."""
    with av.open(str(path)) as container:
        layout = "stereo" if container.streams.audio[0].channels == 2 else "mono"
        resampler = av.AudioResampler(format="fltp", layout=layout, rate=16_000)
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    return list(np.concatenate([frame.to_ndarray() for frame in frames], axis=1))


def hear(model: WhisperModel, wave: np.ndarray, language: str) -> list[tuple[float, str]]:
    """The recognised stretches of one channel, each decoded by itself, with the second at which it starts."""
    options = VadOptions(min_silence_duration_ms=600, speech_pad_ms=250, max_speech_duration_s=20)
    heard: list[tuple[float, str]] = []
    for stretch in get_speech_timestamps(wave, options):
        segments, _ = model.transcribe(
            wave[stretch["start"] : stretch["end"]],
            language=language,
            initial_prompt="以下是普通话的句子。" if language == "zh" else None,
            beam_size=5,
            temperature=0,
            condition_on_previous_text=False,
            no_repeat_ngram_size=4,
        )
        heard.append((stretch["start"] / 16_000, "".join(segment.text for segment in segments).strip()))
    return heard


def main() -> None:
    """Listen to the calls and print the errors."""
    parser = argparse.ArgumentParser(description="Recognise the rendered calls and count the errors.")
    parser.add_argument("model", help="folder of a faster-whisper model")
    parser.add_argument("--only", metavar="NN", nargs="*", help="numbers of the calls, e.g. 03")
    arguments = parser.parse_args()
    model = WhisperModel(arguments.model, device="cpu", compute_type="int8", cpu_threads=2)
    totals = np.zeros(3, int)
    for call in yaml.safe_load((FOLDER / "truth.yaml").read_text(encoding="utf-8"))["calls"]:
        name = Path(call["file"]).stem
        if arguments.only and name[:2] not in arguments.only:
            continue
        counts = np.zeros(3, int)
        for wave, party in zip(channels(FOLDER / call["file"]), ("agent", "customer"), strict=False):
            heard = hear(model, wave, call["language"])
            said = [turn["text"] for turn in call["transcript"] if turn["party"] == party or call["channels"] == 1]
            counts += _errors(" ".join(said), " ".join(text for _, text in heard), call["language"])
            print(*(f"    {start:6.1f} {party:8} {text}" for start, text in heard), sep="\n")
        totals += counts
        print(f"{name}: CER {counts[0] / counts[2]:.3f}, by sound {counts[1] / counts[2]:.3f}", flush=True)
    print(f"all: CER {totals[0] / totals[2]:.3f}, by sound {totals[1] / totals[2]:.3f}")


def _errors(said: str, heard: str, language: str) -> np.ndarray:
    reference, hypothesis = units(said, language), units(heard, language)
    sounds = distance(lazy_pinyin("".join(reference)), lazy_pinyin("".join(hypothesis))) if language == "zh" else 0
    return np.array([distance(reference, hypothesis), sounds, len(reference)])


if __name__ == "__main__":
    main()
