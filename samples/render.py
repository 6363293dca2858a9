"""Render the sample calls from their scripts: `python -m samples.render [--only NN]`.

Writes audio/NN-slug.opus, and after a full run metadata.csv and truth.yaml.
"""

import argparse
import csv
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from samples import telephone
from samples.numerals import spoken
from samples.script import FOLDER, Script, Turn, load_all
from samples.voice import RATE, MandarinVoice, Samples, Timbre, speak_english

SPEAKERS = {
    "lin": Timbre(tract=1.0, pitch=1.0, pace=0.82),
    "zhao": Timbre(tract=0.97, pitch=0.97, pace=0.82),
    "sun": Timbre(tract=0.9, pitch=0.78, pace=0.82),
    "he": Timbre(tract=0.93, pitch=0.8, pace=0.84),
    "xu": Timbre(tract=1.03, pitch=1.05, pace=0.82),
    "zhou": Timbre(tract=0.92, pitch=0.76, pace=0.82),
    "man": Timbre(tract=0.87, pitch=0.74, pace=0.82),
    "old_man": Timbre(tract=0.85, pitch=0.8, pace=0.8),
    "woman": Timbre(tract=1.05, pitch=1.08, pace=0.82),
    "young_man": Timbre(tract=0.91, pitch=0.86, pace=0.84),
}
"""The people of the calls, all of them the one Mandarin voice; an English call names voices of flite instead."""
_LEAD_S, _TAIL_S = 0.6, 0.8
_SPEECH_DB, _LINE_NOISE_DB = -25.0, -62.0
_JOINT_VIOLATIONS = {"interruption", "long_silence"}
COLUMNS = (
    *("file", "started_at", "caller", "callee", "agent_id", "agent_name"),
    *("team", "direction", "scene", "tags", "customer_ref"),
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A turn with its place in the call, in samples of the line rate, and its sound."""

    turn: Turn
    start: int
    wave: Samples

    @property
    def end(self) -> int:
        """The sample after the last."""
        return self.start + self.wave.size


class Speakers:
    """The voices, loaded once; the same words by the same speaker are spoken once."""

    def __init__(self) -> None:
        self._mandarin = MandarinVoice()

    def speak(self, script: Script, turn: Turn) -> Samples:
        """One turn as it arrives over the line, 8 kHz, at its level."""
        name = turn.voice or script.voices[turn.party]
        if script.language == "zh":
            own = SPEAKERS[name]
            timbre = replace(own, pitch=own.pitch * turn.pitch, pace=own.pace * turn.speed)
            wave = self._mandarin.speak(turn.text, timbre, turn.readings)
        else:
            wave = speak_english(turn.text, name, turn.speed)
        return telephone.set_level(telephone.line_band(wave, RATE), _SPEECH_DB + turn.gain)


def place(script: Script, speakers: Speakers) -> list[Placed]:
    """Speak every turn and lay them along the call."""
    placed: list[Placed] = []
    now = round(_LEAD_S * telephone.LINE_RATE)
    for turn in script.turns:
        gap = -turn.overlap if turn.overlap else turn.pause * bool(placed)
        start = now + round(gap * telephone.LINE_RATE)
        placed.append(Placed(turn, start, speakers.speak(script, turn)))
        now = placed[-1].end
    return placed


def tracks(script: Script, placed: list[Placed]) -> list[Samples]:
    """The call's tracks (agent, customer; or their sum) at the line rate, with noise, through G.711."""
    rng = np.random.default_rng(zlib.crc32(script.slug.encode()))
    length = max(item.end for item in placed) + round(_TAIL_S * telephone.LINE_RATE)
    result: list[Samples] = []
    for party in ("agent", "customer"):
        track = np.zeros(length, np.float32)
        for item in placed:
            if item.turn.party == party:
                track[item.start : item.end] += item.wave
        track += telephone.pink_noise(length, rng) * 10 ** (_LINE_NOISE_DB / 20)
        if script.noise and script.noise.party == party:
            voices = [item.wave for item in placed]
            heard = telephone.babble(voices, length, rng) if script.noise.kind == "babble" else None
            behind = telephone.pink_noise(length, rng) if heard is None else heard
            track += behind * 10 ** ((_SPEECH_DB - script.noise.snr) / 20)
        result.append(telephone.g711(track))
    return [telephone.g711(result[0] + result[1])] if script.mono else result


def truth(script: Script, placed: list[Placed]) -> dict[str, Any]:
    """What a perfect inspector would write down of this call; times in seconds."""
    return {
        "file": f"audio/{script.slug}.opus",
        "title": script.title,
        "scene": script.scene,
        "language": script.language,
        "channels": 1 if script.mono else 2,
        "duration_s": _seconds(max(item.end for item in placed)) + _TAIL_S,
        "violations": _violations(placed),
        "near_misses": [
            {"id": name, **_span(item.start, item.end), "party": item.turn.party, "text": item.turn.text}
            for item in placed
            for name in item.turn.tempts
        ],
        "transcript": [
            {**_span(item.start, item.end), "party": item.turn.party, "text": spoken(item.turn.text)} for item in placed
        ],
    }


def _violations(placed: list[Placed]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    several: list[dict[str, Any]] = []
    for before, item in zip([None, *placed], placed, strict=False):
        for name in item.turn.breaks:
            if name in _JOINT_VIOLATIONS:
                assert before is not None
                several.append(_entry(name, item, *sorted((before.end, item.start))))
            elif name in found:
                found[name]["end_s"] = _seconds(item.end)
            else:
                found[name] = _entry(name, item, item.start, item.end)
    return sorted([*found.values(), *several], key=lambda entry: (entry["start_s"], entry["id"]))


def _entry(name: str, item: Placed, start: int, end: int) -> dict[str, Any]:
    return {"id": name, **_span(start, end), "party": item.turn.party, "text": item.turn.text}


def _span(start: int, end: int) -> dict[str, float]:
    return {"start_s": _seconds(start), "end_s": _seconds(end)}


def _seconds(samples: int) -> float:
    return round(samples / telephone.LINE_RATE, 2)


def metadata(script: Script) -> dict[str, str]:
    """The call's row of metadata.csv."""
    row = {column: getattr(script, column, "") for column in COLUMNS}
    started = script.started_at.isoformat()
    return row | {"file": f"{script.slug}.opus", "started_at": started, "tags": ";".join(script.tags)}


def main() -> None:
    """Render the calls whose number is given, or all."""
    parser = argparse.ArgumentParser(description="Render the sample calls from their scripts.")
    parser.add_argument("--only", metavar="NN", nargs="*", help="numbers of the calls to render, e.g. 03")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder to write into")
    arguments = parser.parse_args()
    (arguments.out / "audio").mkdir(parents=True, exist_ok=True)
    speakers, scripts, facts = Speakers(), load_all(), _known(arguments.out)
    for script in scripts:
        if arguments.only and script.slug[:2] not in arguments.only:
            continue
        placed = place(script, speakers)
        telephone.write_opus(arguments.out / "audio" / f"{script.slug}.opus", tracks(script, placed))
        facts[script.slug] = truth(script, placed)
        print(f"{script.slug}: {facts[script.slug]['duration_s']:.1f} s")
    _write_tables(arguments.out, scripts, facts)


def _known(folder: Path) -> dict[str, dict[str, Any]]:
    path = folder / "truth.yaml"
    calls = yaml.safe_load(path.read_text(encoding="utf-8"))["calls"] if path.exists() else []
    return {Path(call["file"]).stem: call for call in calls}


def _write_tables(folder: Path, scripts: list[Script], facts: dict[str, dict[str, Any]]) -> None:
    calls = [facts[script.slug] for script in scripts if script.slug in facts]
    text = yaml.safe_dump({"calls": calls}, allow_unicode=True, sort_keys=False, width=120)
    (folder / "truth.yaml").write_text("# Written by `make samples` from the scripts.\n" + text, encoding="utf-8")
    with (folder / "metadata.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(metadata(script) for script in scripts)


if __name__ == "__main__":
    main()
