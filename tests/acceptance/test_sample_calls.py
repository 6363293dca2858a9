"""The main job on the sample calls, through the real command: what was planted is found, with its second and words."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from samples.evaluate import evaluate, inspected_calls

REPO = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """An installation into which the command has inspected every sample call, and what it printed."""
    data = tmp_path_factory.mktemp("samples") / "data"
    samples = REPO / "samples"
    command = [sys.executable, "-m", "guitai", "inspect", str(samples / "audio")]
    done = subprocess.run(
        [*command, "--metadata", str(samples / "metadata.csv"), "--json"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "GUITAI_DATA": str(data)},
    )
    assert done.returncode == 0, done.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUITAI_DATA", str(data))
        calls = inspected_calls()
    return json.loads(done.stdout), calls


def test_every_call_is_inspected(archive):
    summary, calls = archive
    assert summary["inspected"] == summary["calls"] == len(calls) >= 16
    assert summary["failed"] == summary["skipped"] == summary["duplicates"] == []


def test_planted_violations_are_found_and_little_else(archive):
    outcome = evaluate(archive[1])
    assert len(outcome.found) + len(outcome.missed) >= 9
    assert outcome.recall >= 0.9, outcome.missed
    assert outcome.precision >= 0.9, outcome.false


def test_every_violation_by_words_cites_them(archive):
    for call in archive[1]:
        said = {utterance["index"]: utterance["text"] for utterance in call["utterances"]}
        for finding in call["scorecard"]["findings"]:
            if finding["outcome"] == "violated":
                for cited in finding["citations"]:
                    assert cited["text"] == said[cited["utterance"]]
                    assert 0 <= cited["start_s"] <= cited["end_s"] <= call["recording"]["duration_s"] + 1


@pytest.mark.parametrize(
    ("name", "hidden"), [("12-card-loss-id-number.opus", "0307"), ("17-overdue-id-number.opus", "1")]
)
def test_an_id_number_over_two_turns_is_masked_in_both(archive, name, hidden):
    (call,) = [call for call in archive[1] if call["recording"]["source_name"] == name]
    said = [turn["text"] for turn in call["utterances"] if turn["party"] == "customer" and "*" in turn["text"]]
    assert len(said) >= 2, "a half of the number in each turn"
    shown = "".join(char for text in said for char in text if char.isdigit() or char == "*")
    assert "********" in shown
    assert hidden not in shown[6:-4], "only the first six and last four digits may be seen"
