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


def test_the_customers_id_number_is_shown_nowhere(archive):
    scripts = (REPO / "samples" / "truth.yaml").read_text(encoding="utf-8")
    assert "身份证" in scripts
    for call in archive[1]:
        text = "".join(utterance["text"] + utterance["spoken"] for utterance in call["utterances"])
        digits = "".join(char for char in text if char.isdigit() or char == "*")
        assert not any(digits[at : at + 18].isdigit() for at in range(len(digits) - 17))
