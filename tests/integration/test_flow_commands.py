"""What each command promises: its document, its exit status, silence elsewhere."""

import json
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from flow_house import CALLS, House, ids_by_name, scripted_pipeline, take_up, write_call
from guitai.adapters.audio.cutting import PyAvClipWriter
from guitai.interactions.model import CallMetadata
from guitai.recording.intake import Found
from guitai.recording.run import inspect_files

REPORT_KEYS = {
    "calls", "inspected", "duplicates", "skipped", "failed", "warnings", "recordings", "audio_seconds", "wall_seconds",
    "rtf", "mean_score",
}  # fmt: skip
CLIPS = {"01-card-loss-clean": (0, 6), "05-wealth-promise": (0, 5), "18-other-mono": (0, 7)}


@pytest.fixture(scope="module")
def clips(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few seconds of real calls, with a metadata file and a note beside them."""
    folder = tmp_path_factory.mktemp("clips") / "三月 calls"
    folder.mkdir()
    for name, (begin, end) in CLIPS.items():
        with (repo / "samples" / "audio" / f"{name}.opus").open("rb") as file:
            PyAvClipWriter().cut(file, begin, end, folder / f"{name}.wav")
    (folder / "notes.txt").write_text("no audio")
    rows = ["file,started_at,caller,agent_id,agent_name,team,scene,seat"]
    rows += [f"{name}.wav,2026-03-0{day} 09:00,1390000000{day},A{day},小王,一组,card_loss,9"
             for day, name in enumerate(CLIPS, 1)]  # fmt: skip
    (folder / "metadata.csv").write_text("\n".join(rows))
    return folder


@pytest.fixture(scope="module")
def heard(houses: Path, template: Path, clips: Path) -> Iterator[tuple[House, Any]]:
    """An installation that inspected the clips with the real recogniser, and what the command printed."""
    with House.copied(template, houses / "heard" / "data").running() as house:
        answer = house.spawn("inspect", clips, "--metadata", clips / "metadata.csv", "--json")
        assert answer.stderr == ""
        assert answer.status == 0
        yield house, answer.json


def test_inspect_says_what_became_of_each_file(heard: tuple[House, Any], clips: Path) -> None:
    _, report = heard
    assert set(report) == REPORT_KEYS
    assert (report["calls"], report["inspected"]) == (len(CLIPS), len(CLIPS))
    assert report["duplicates"] == report["failed"] == []
    assert [item["path"] for item in report["skipped"]] == [str(clips / "notes.txt")]
    assert set(report["skipped"][0]) == {"path", "reason"}
    assert report["warnings"] == [
        "metadata.csv: unknown columns are kept with the call but not searchable: seat."
    ]  # fmt: skip
    assert report["audio_seconds"] == pytest.approx(sum(end - begin for begin, end in CLIPS.values()), abs=0.2)
    assert report["rtf"] == pytest.approx(report["wall_seconds"] / report["audio_seconds"], abs=0.01)
    assert 0 <= report["mean_score"] <= 100
    assert len(set(report["recordings"])) == len(CLIPS)


def test_what_was_heard_is_shown_and_found(heard: tuple[House, Any]) -> None:
    house, _ = heard
    call = house.json("calls", "show", ids_by_name(house)["01-card-loss-clean.wav"])
    assert set(call) == {
        "id", "call", "recording", "language", "models", "utterances", "scorecards", "scorecard", "marks",
    }  # fmt: skip
    assert call["language"] == "zh"
    assert call["utterances"]
    said = call["utterances"][0]
    assert {"party", "start_s", "end_s", "text", "confidence"} <= set(said)
    assert said["party"] == "agent"
    assert {"form", "form_version", "total", "dimensions", "findings"} <= set(call["scorecard"])
    assert {"sha256", "digest", "duration_s", "tracks", "flags"} <= set(call["recording"])
    assert len(call["recording"]["tracks"]) == 2
    word = said["text"][:2]
    hits = house.json("search", word)["hits"]
    assert call["id"] in {hit["id"] for hit in hits}


def test_a_second_run_finds_duplicates_at_once(heard: tuple[House, Any], clips: Path) -> None:
    house, first = heard
    again = house.json("inspect", clips)
    assert again["inspected"] == 0
    assert sorted(item["recording"] for item in again["duplicates"]) == sorted(first["recordings"])
    assert again["audio_seconds"] == 0
    assert again["wall_seconds"] < 3
    assert (again["rtf"], again["mean_score"]) == (None, None)


def test_another_form_scores_again_without_listening(heard: tuple[House, Any], clips: Path) -> None:
    house, first = heard
    again = house.json("inspect", clips, "--form", "retail")
    assert again["inspected"] == len(CLIPS)
    assert again["audio_seconds"] == 0
    call = house.json("calls", "show", first["recordings"][0])
    assert [card["form"] for card in call["scorecards"]] == ["retail", "bank"]
    assert house.problems() == []


def test_init_is_idempotent(own_house: Callable[[], House], tmp_path: Path) -> None:
    house = own_house()
    with house.running():
        before = (house.data / "keys" / "keyring").read_bytes()
        assert house.json("init") == {"data": str(house.data), "created": False}
        assert house.run("init", "--data", str(house.data)).status == 0
        assert (house.data / "keys" / "keyring").read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"], ["inspect"], ["calls", "show"], ["search", "--limit", "0"], ["evidence", "verify"],
        ["evidence", "verify", "x", "--all"], ["search", "--from", "someday"], ["inspect", ".", "--jobs", "0"],
        ["calls", "audio", "x", "--out", "x.wav", "--from", "soon"],
    ],
)  # fmt: skip
def test_wrong_usage_is_status_2(archive: House, arguments: list[str]) -> None:
    answer = archive.run(*arguments)
    assert (answer.status, answer.stdout) == (2, "")
    assert answer.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["calls", "show", "nothing"], "call.not_found"),
        (["calls", "mark", "nothing", "--at", "1", "--label", "x"], "call.not_found"),
        (["calls", "audio", "nothing", "--out", "/tmp/x.wav"], "call.not_found"),
        (["evidence", "export", "nothing", "--out", "/tmp/x.zip"], "call.not_found"),
        (["search", '"open'], "transcripts.bad_query"),
        (["inspect", ".", "--form", "nothing"], "inspection.form"),
        (["inspect", ".", "--metadata", "nothing.csv"], "metadata.unreadable"),
        (["models", "add", "/nothing"], "model.missing"),
    ],
)
def test_what_cannot_be_done_is_status_1_with_code_and_next_step(
    archive: House, arguments: list[str], code: str
) -> None:
    answer = archive.run(*arguments, "--json")
    assert answer.status == 1
    error = answer.json["error"]
    assert set(error) == {"code", "message", "hint"}
    assert error["code"].startswith(code)
    assert error["message"]
    assert error["code"] in answer.stderr


def test_no_installation(tmp_path: Path) -> None:
    answer = House(tmp_path / "none").spawn("calls", "list", "--json")
    assert answer.status == 1
    assert answer.json["error"]["code"] == "installation.missing"
    assert "guitai init" in answer.stderr


SEARCHES: list[tuple[list[str], set[str]]] = [
    (["退款"], {"PERSONAL", "promise.wav"}),
    (["保本"], {"promise.wav"}),
    (['"三个工作日退款"'], {"promise.wav"}),
    (['"退款三个工作日"'], set()),
    (["退款", "--team", "财富与贷款组"], {"promise.wav"}),
    (["退款 -保本"], {"PERSONAL"}),
    (["--agent", "A1001"], {"PERSONAL", "plain.wav"}),
    (["--agent", "许婷"], {"promise.wav"}),
    (["--scene", "loan"], {"plain.wav"}),
    (["--tag", "理财"], {"promise.wav"}),
    (["--mark", "承诺"], {"promise.wav"}),
    (["--from", "2026-04-05"], {"promise.wav", "plain.wav"}),
    (["--to", "2026-04-05"], {"PERSONAL", "promise.wav"}),
    (["--from", "2026-04-05 11:01", "--to", "2026-05-06 09:30"], set()),
    (["--number", "13711112222"], {"promise.wav"}),
    (["--number", "+86 137-1111-2222"], {"promise.wav"}),
    (["--number", "2222"], {"promise.wav"}),
    (["--number", "13711112223"], set()),
    (["--number", "1111"], set()),
    (["--min-score", "100"], {"plain.wav"}),
    (["--max-score", "90", "--min-score", "81"], {"PERSONAL"}),
    ([], {"PERSONAL", "promise.wav", "plain.wav"}),
]


@pytest.mark.parametrize(("arguments", "expected"), SEARCHES, ids=[" ".join(one[0]) for one in SEARCHES])
def test_search(archive: House, arguments: list[str], expected: set[str]) -> None:
    page = archive.json("search", *arguments)
    assert set(page) == {"total", "total_capped", "took_ms", "hits"}
    names = {name: call for call, name in ids_by_name(archive).items()}
    found = [names[hit["id"]] if names[hit["id"]].isascii() else "PERSONAL" for hit in page["hits"]]
    assert set(found) == expected
    assert (page["total"], page["total_capped"]) == (len(expected), False)
    times = [hit["started_at"] for hit in page["hits"]]
    assert times == sorted(times, reverse=True)


def test_search_highlights_and_limits(archive: House) -> None:
    hit = archive.json("search", "保本", "--limit", "1")["hits"][0]
    assert "«保本»" in hit["snippet"]
    assert 10 <= hit["at_s"] < 15
    page = archive.json("search", "--limit", "2")
    assert (len(page["hits"]), page["total"]) == (2, 3)
    assert archive.json("calls", "list", "--limit", "2")["total"] == 3
    assert {call["scene"] for call in archive.json("calls", "list", "--team", "财富与贷款组")["calls"]} == {"wealth"}


def samples(path: Path) -> np.ndarray[Any, np.dtype[np.int16]]:
    with wave.open(str(path), "rb") as file:
        frames = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        return frames.reshape(-1, file.getnchannels())


def test_a_part_of_a_long_call_is_the_same_samples_from_few_chunks(
    own_house: Callable[[], House], tmp_path: Path
) -> None:
    long, out = tmp_path / "long.wav", tmp_path / "part.wav"
    write_call(long, [("agent", "")] * 120)
    house = own_house()
    with house.running():
        with house.installation() as installation:
            pipeline = scripted_pipeline(installation, {})
            report = inspect_files([Found(long, CallMetadata())], pipeline)
        (call,) = report.recordings
        clip = house.json("calls", "audio", call, "--from", "00:03:20", "--to", "00:03:50.5", "--out", out)
        assert set(clip) == {"id", "out", "seconds", "chunks_read", "chunks"}
        assert clip["seconds"] == 30.5
        assert clip["chunks"] >= 290
        assert clip["chunks_read"] <= 22
        assert np.array_equal(samples(out), samples(long)[200 * 8000 : 230 * 8000 + 4000])
        whole = house.json("calls", "audio", call, "--out", out)
        assert whole["seconds"] == 600
        assert np.array_equal(samples(out), samples(long))
        outside = house.run("calls", "audio", call, "--from", "00:10:00", "--out", out, "--json")
        assert outside.json["error"]["code"] == "call.bad_time"


def test_a_form_with_an_error_names_line_and_field(archive: House, tmp_path: Path, repo: Path) -> None:
    text = (repo / "src" / "guitai" / "inspection" / "forms" / "bank.yaml").read_text()
    form = tmp_path / "mine.yaml"
    form.write_text(text.replace("weight: 30", "weight: thirty", 1))
    line = 1 + form.read_text()[: form.read_text().index("thirty")].count("\n")
    answer = archive.run("inspect", str(tmp_path), "--form", form, "--json")
    assert answer.status == 1
    message = answer.json["error"]["message"]
    assert str(line) in message
    assert "weight" in message


def test_doctor_models_and_keys(archive: House) -> None:
    doctor = archive.json("doctor")
    assert doctor["ok"] is True
    assert {check["name"] for check in doctor["checks"]} == {
        "models", "keys", "database", "objects", "evidence", "audit", "space",
    }  # fmt: skip
    assert {model["state"] for model in archive.json("models", "list")["models"]} == {"present"}
    assert archive.json("keys", "list")["keys"][0]["state"]


def test_report_is_written_with_links_to_calls(archive: House, tmp_path: Path) -> None:
    answer = archive.json("report", "--out", tmp_path / "report")
    assert answer["calls"] == len(CALLS)
    page = (tmp_path / "report" / "index.html").read_text()
    assert "<svg" in page
    for call in ids_by_name(archive).values():
        assert call in page


def test_the_same_call_scores_the_same_in_two_installations(
    own_house: Callable[[], House], houses: Path, tmp_path: Path
) -> None:
    bodies: list[list[str]] = []
    for house in (own_house(), House.made(houses / "second house")):
        with house.running():
            with house.installation() as installation:
                take_up(CALLS, tmp_path, installation)
            with house.database() as connection:
                rows = connection.execute(
                    "select s.body from scorecard s join recording r on r.id = recording_id order by r.source_name"
                )
                bodies.append([row[0] for row in rows])
    assert len(bodies[0]) == len(CALLS)
    assert bodies[0] == bodies[1]
    assert json.loads(bodies[0][0])
