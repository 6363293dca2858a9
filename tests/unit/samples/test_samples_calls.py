"""The sample calls are what their scripts, tables and README say they are."""

import csv
from collections import Counter
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
import yaml

from samples.render import COLUMNS
from samples.script import FOLDER, SCENES, VIOLATIONS, Script, load, load_all

SCRIPTS = load_all()
TRUTH = {
    Path(call["file"]).stem: call
    for call in yaml.safe_load((FOLDER / "truth.yaml").read_text(encoding="utf-8"))["calls"]
}
with (FOLDER / "metadata.csv").open(encoding="utf-8", newline="") as _file:
    METADATA = list(csv.DictReader(_file))
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_DIGITS = {digit: str(value) for value, digit in enumerate("零一二三四五六七八九")} | {"幺": "1"}

each_script = pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.slug)


def decode(path: Path) -> np.ndarray:
    """Samples of each channel at the file's rate of 48 kHz."""
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)


def violations(name: str) -> list[tuple[str, dict]]:
    found = [(slug, entry) for slug, call in TRUTH.items() for entry in call["violations"] if entry["id"] == name]
    return sorted(found, key=lambda item: item[0])


def level_db(wave: np.ndarray) -> float:
    frames = wave[: wave.size // 960 * 960].reshape(-1, 960).astype(np.float64)
    power = np.mean(frames**2, axis=1)
    return 10 * np.log10(np.mean(power[power > power.max() / 1000]))


def test_there_are_enough_calls_of_every_scene() -> None:
    assert len(SCRIPTS) >= 18
    assert {script.scene for script in SCRIPTS} == set(SCENES)
    assert sum(script.mono for script in SCRIPTS) == 1
    assert sum(script.language == "en" for script in SCRIPTS) == 1
    assert any(script.noise for script in SCRIPTS)


def test_the_audio_stays_small() -> None:
    assert sum(path.stat().st_size for path in (FOLDER / "audio").iterdir()) <= 8 * 2**20


@each_script
def test_the_audio_has_the_stated_length_and_channels(script: Script) -> None:
    call = TRUTH[script.slug]
    wave = decode(FOLDER / call["file"])
    assert wave.shape[0] == call["channels"] == (1 if script.mono else 2)
    assert abs(wave.shape[1] / 48_000 - call["duration_s"]) < 0.1
    assert 30 <= call["duration_s"] <= 120
    assert np.abs(wave).max() < 1


@each_script
def test_every_stated_second_lies_within_the_call(script: Script) -> None:
    call = TRUTH[script.slug]
    for entry in call["violations"] + call["near_misses"] + call["transcript"]:
        assert 0 <= entry["start_s"] < entry["end_s"] <= call["duration_s"]
        assert entry["party"] in {"agent", "customer"}
    assert [entry["party"] for entry in call["transcript"]] == [turn.party for turn in script.turns]
    starts = [entry["start_s"] for entry in call["transcript"]]
    assert starts == sorted(starts)


@each_script
def test_the_truth_lists_what_the_script_plants(script: Script) -> None:
    planted = {name for turn in script.turns for name in turn.breaks}
    assert {entry["id"] for entry in TRUTH[script.slug]["violations"]} == planted


def test_each_violation_is_planted_twice_and_enough_calls_are_clean() -> None:
    counts = Counter(entry["id"] for call in TRUTH.values() for entry in call["violations"])
    assert set(counts) == set(VIOLATIONS)
    assert min(counts.values()) >= 2
    assert sum(not call["violations"] for call in TRUTH.values()) >= 5
    tempting = {entry["id"] for call in TRUTH.values() for entry in call["near_misses"]}
    assert {"asks_password", "promises_return", "wrong_rate", "long_silence", "interruption"} <= tempting


def test_an_interruption_overlaps_the_customer_for_more_than_a_second() -> None:
    for slug, entry in violations("interruption"):
        spoken = TRUTH[slug]["transcript"]
        both = [(one, two) for one, two in pairwise(spoken) if two["start_s"] == entry["start_s"]]
        assert [(one["party"], two["party"]) for one, two in both] == [("customer", "agent")]
        assert entry["end_s"] - entry["start_s"] > 1
        assert both[0][1]["end_s"] > both[0][0]["end_s"]


def test_a_long_silence_is_forty_seconds_of_nothing_on_both_tracks() -> None:
    for slug, entry in violations("long_silence"):
        assert abs(entry["end_s"] - entry["start_s"] - 40) < 0.1
        wave = decode(FOLDER / TRUTH[slug]["file"])
        silence = wave[:, round((entry["start_s"] + 0.2) * 48_000) : round((entry["end_s"] - 0.2) * 48_000)]
        assert np.sqrt(np.mean(silence**2)) < 10 ** (-50 / 20)


def test_a_shout_is_ten_decibels_above_the_same_agent_and_does_not_clip() -> None:
    for slug, entry in violations("shouting"):
        wave = decode(FOLDER / TRUTH[slug]["file"])[0]
        turns = [turn for turn in TRUTH[slug]["transcript"] if turn["party"] == "agent"]
        script = next(script for script in SCRIPTS if script.slug == slug)
        shouted = [turn for turn in turns if "shouting" in _breaks(script, turn["text"])]
        calm = [turn for turn in turns if turn not in shouted]

        def loudness(turn: dict, wave: np.ndarray = wave) -> float:
            return level_db(wave[round(turn["start_s"] * 48_000) : round(turn["end_s"] * 48_000)])

        assert shouted[0]["start_s"] == entry["start_s"]
        assert min(map(loudness, shouted)) >= max(map(loudness, calm)) + 10
        assert np.abs(wave).max() < 0.99


def _breaks(script: Script, text: str) -> tuple[str, ...]:
    return next(turn.breaks for turn in script.turns if turn.text == text)


def test_spoken_identity_numbers_run_over_two_turns_and_pass_their_checksum() -> None:
    for slug, _ in violations("id_number_collected"):
        script = next(script for script in SCRIPTS if script.slug == slug)
        turns = [turn.text for turn in script.turns if "id_number_collected" in turn.breaks]
        number = "".join(_DIGITS.get(char, "") for text in turns for char in text)
        assert len(turns) == 2
        assert len(number) == 18
        total = sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False))
        assert number[-1] == "10X98765432"[total % 11]


def test_the_metadata_covers_every_file() -> None:
    assert tuple(METADATA[0]) == COLUMNS
    assert [row["file"] for row in METADATA] == [f"{script.slug}.opus" for script in SCRIPTS]
    assert {path.name for path in (FOLDER / "audio").iterdir()} == {row["file"] for row in METADATA}
    assert len({row["agent_id"] for row in METADATA}) >= 5
    assert len({row["team"] for row in METADATA}) >= 3
    people = {(row["agent_id"], row["agent_name"], row["team"]) for row in METADATA}
    assert len(people) == len({row["agent_id"] for row in METADATA})


def test_a_call_runs_between_a_mobile_and_the_hotline() -> None:
    for row in METADATA:
        bank, customer = "4006021188", "caller" if row["direction"] == "inbound" else "callee"
        assert bank in {row["caller"], row["callee"]}
        assert len(row[customer]) == 11
        assert row[customer].startswith("1")
    customers = [row["caller"] if row["direction"] == "inbound" else row["callee"] for row in METADATA]
    assert len(set(customers)) == len(customers)


def test_a_script_with_an_unknown_violation_is_refused_by_name(tmp_path: Path) -> None:
    source = (FOLDER / "scripts" / "02-card-loss-password.yaml").read_text(encoding="utf-8")
    broken = tmp_path / "99-broken.yaml"
    broken.write_text(source.replace("breaks: [asks_password]", "breaks: [rudeness]"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"99-broken: unknown violations .*rudeness"):
        load(broken)


def test_a_script_with_an_unknown_field_is_refused_by_name(tmp_path: Path) -> None:
    broken = tmp_path / "99-broken.yaml"
    broken.write_text("colour: red\nturns: [{party: agent, text: 您好}]\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"99-broken\.yaml: .*colour"):
        load(broken)
