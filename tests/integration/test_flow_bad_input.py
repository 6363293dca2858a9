"""Bad input: one clear line each, and the others go on."""

import os
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from flow_house import House, child_environment, scripted_pipeline, write_call
from guitai.recording.intake import LeftOut, find_files
from guitai.recording.metadata import MetadataFile, read_metadata
from guitai.recording.model import RunReport
from guitai.recording.run import inspect_files

TURNS = (("agent", "您好"), ("customer", "我要退款"))


def taken_up(house: House, *paths: Path, metadata: Path | None = None) -> RunReport:
    """Inspect as the command does, with a scripted recogniser."""
    with house.installation() as installation:
        known = read_metadata(metadata, installation.settings.zone) if metadata else MetadataFile()
        files = find_files(paths, known, metadata, installation.looks_like_audio)
        report = inspect_files(files, scripted_pipeline(installation, {}))
        report.warnings.extend(known.warnings)
        installation.anchor()
        return report


def encode(source: Path, target: Path, codec: str, rate: int = 8000, **options: str) -> None:
    with av.open(str(source)) as pcm, av.open(str(target), "w") as out:
        stream = out.add_stream(codec, rate=rate, layout="mono", options=options)
        resampler = av.AudioResampler(format=stream.codec_context.format, layout="mono", rate=rate)
        fifo = av.AudioFifo()
        for frame in pcm.decode(audio=0):
            for piece in resampler.resample(frame):
                piece.pts = None
                fifo.write(piece)
        while piece := fifo.read(stream.codec_context.frame_size or 1024, partial=True):
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))


def write_silent_header(path: Path, channels: int, seconds: float) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(np.zeros((int(seconds * 8000), channels), np.int16).tobytes())


@pytest.fixture(scope="module")
def house(houses: Path, template: Path) -> House:
    with House.copied(template, houses / "bad input" / "data").running() as house:
        yield house


def test_each_gets_one_line_and_the_others_go_on(house: House, tmp_path: Path) -> None:
    good, folder = tmp_path / "通话 录音" / "三月 第1通.wav", tmp_path / "通话 录音"
    write_call(good, TURNS)
    (folder / "empty.wav").touch()
    (folder / "text.wav").write_text("this is a letter, not a call\n" * 40)
    write_silent_header(folder / "no time.wav", 1, 0)
    write_silent_header(folder / "three.wav", 3, 2)
    (folder / "copy.wav").write_bytes(good.read_bytes())
    (folder / "notes.txt").write_text("notes")
    (folder / "folder.wav").mkdir()
    (folder / "dangling.wav").symlink_to(folder / "nowhere.wav")
    os.mkfifo(folder / "pipe.wav")
    report = taken_up(house, folder, tmp_path / "missing.wav", *[folder / name for name in ("empty.wav", "text.wav")])
    told = {Path(item["path"]).name: item.get("error") or item["reason"] for item in (*report.failed, *report.skipped)}
    assert report.inspected == 1
    assert [Path(item["path"]).name for item in report.duplicates] == ["三月 第1通.wav"]
    assert "three.wav" in {Path(item["path"]).name for item in report.failed}
    assert "3 channels" in told["three.wav"]
    assert "empty" in told["empty.wav"]
    assert "not audio" in told["text.wav"]
    assert "no time" in told["no time.wav"]
    assert told["missing.wav"] == "no such file or folder"
    assert {"dangling.wav", "pipe.wav", "notes.txt"} <= set(told)
    assert "folder.wav" not in told
    assert all("\n" not in line and len(line) < 250 for line in told.values())
    assert len(told) == len(report.failed) + len(report.skipped)
    assert house.problems() == []


def test_the_command_leaves_with_1_and_one_line_each(house: House, tmp_path: Path) -> None:
    (tmp_path / "empty.wav").touch()
    answer = house.run("inspect", tmp_path / "empty.wav", tmp_path / "gone.wav", "--json")
    assert answer.status == 1
    assert len(answer.json["failed"]) == 2
    assert answer.stderr == ""
    spoken = house.run("inspect", tmp_path / "empty.wav")
    assert spoken.status == 1
    assert spoken.stderr.count("\n") == 1
    (tmp_path / "empty.wav").unlink()
    (tmp_path / "notes.txt").write_text("notes")
    assert house.run("inspect", tmp_path, "--json").status == 0


def test_pipes_and_devices_named_themselves_do_not_hang(house: House, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    report = taken_up(house, tmp_path / "pipe.wav", Path("/dev/zero"))
    assert len(report.failed) == 2
    assert report.calls == 0 or report.inspected == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable(house: House, tmp_path: Path) -> None:
    write_call(tmp_path / "closed.wav", TURNS)
    (tmp_path / "closed.wav").chmod(0)
    report = taken_up(house, tmp_path)
    assert "Permission denied" in report.failed[0]["error"]


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [("x.wav", "pcm_s16le", 8000), ("x.flac", "flac", 8000), ("x.mp3", "libmp3lame", 8000), ("x.ogg", "libopus", 48000),
     ("x.m4a", "aac", 16000)],
)  # fmt: skip
def test_cut_short(house: House, tmp_path: Path, name: str, codec: str, rate: int) -> None:
    """What can be heard is heard and flagged; what cannot has failed; never silently whole."""
    write_call(tmp_path / "source.wav", [("agent", "")] * 4)
    encode(tmp_path / "source.wav", tmp_path / name, codec, rate)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) * 2 // 3])
    report = taken_up(house, tmp_path / name)
    if report.inspected:
        with house.database() as connection:
            row = connection.execute("select flags from recording where id = %s", (report.recordings[0],)).fetchone()
        assert row
        assert row[0]
    else:
        assert "damaged or cut short" in report.failed[0]["error"]
    (tmp_path / name).write_bytes(whole[:20])
    assert len(taken_up(house, tmp_path / name).failed) == 1


def test_the_same_bytes_under_two_names(house: House, tmp_path: Path) -> None:
    write_call(tmp_path / "one.wav", TURNS)
    (tmp_path / "two.wav").write_bytes((tmp_path / "one.wav").read_bytes())
    report = taken_up(house, tmp_path)
    assert (report.calls, report.inspected) == (2, 1)
    assert report.duplicates == [{"path": str(tmp_path / "two.wav"), "recording": report.recordings[0]}]


def test_metadata_in_gb18030_is_read_and_rows_that_fit_nothing_are_told(house: House, tmp_path: Path) -> None:
    write_call(tmp_path / "呼入.wav", TURNS)
    text = (
        "file,started_at,agent_name,direction,座席\n呼入.wav,2026/03/02 09:00,李雷,呼入,12\n,2026-03-02,无,,\n"
        "b.wav,yesterday,,,\nc.wav,,,sideways,\nd.wav,1,2,3,4,5,6\n"
    )
    (tmp_path / "metadata.csv").write_bytes(text.encode("gb18030"))
    report = taken_up(house, tmp_path, metadata=tmp_path / "metadata.csv")
    assert len(report.warnings) == 6
    assert [part for part in ("GB 18030", "line 3", "line 4", "line 5", "line 6", "座席")
            if not any(part in warning for warning in report.warnings)] == []  # fmt: skip
    call = house.json("calls", "show", report.recordings[0])["call"]
    assert (call["agent_name"], call["direction"], call["started_at"][:10]) == ("李雷", "inbound", "2026-03-02")


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00\x81", b"\x89PNG\r\n\x1a\n\xff\xff", b"no,known,columns\n1,2,3\n", b""]
)
def test_metadata_that_is_none_is_refused(house: House, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "metadata.csv").write_bytes(content)
    answer = house.run("inspect", tmp_path, "--metadata", tmp_path / "metadata.csv", "--json")
    assert answer.status == 1
    assert answer.json["error"]["code"] == "metadata.unreadable"
    assert answer.json["error"]["hint"]


def test_metadata_lines_of_json(house: House, tmp_path: Path) -> None:
    write_call(tmp_path / "a.wav", TURNS)
    (tmp_path / "m.jsonl").write_text('{"file": "a.wav", "team": "一组", "tags": ["甲", "乙"]}\nnot json\n[1]\n')
    report = taken_up(house, tmp_path / "a.wav", metadata=tmp_path / "m.jsonl")
    assert len(report.warnings) == 2
    call = house.json("calls", "show", report.recordings[0])["call"]
    assert (call["team"], call["tags"]) == ("一组", ["甲", "乙"])


LONG = """
import resource, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from flow_house import House
from test_flow_bad_input import taken_up
import os
report = taken_up(House(Path(os.environ["GUITAI_DATA"])), Path(sys.argv[1]))
print(report.inspected, report.audio_seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def long_call(path: Path, hours: float) -> None:
    """Write a stereo Opus file of noise bursts."""
    chance = np.random.default_rng(1)
    second = chance.integers(-2000, 2000, (1, 16000 * 2), dtype=np.int16)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libopus", rate=16000, layout="stereo", options={"b": "12k"})
        for number in range(int(hours * 3600)):
            frame = av.AudioFrame.from_ndarray(second, format="s16", layout="stereo")
            frame.sample_rate, frame.pts = 16000, number * 16000
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


@pytest.mark.parametrize("hours", [0.25, pytest.param(2.0, marks=pytest.mark.slow)])
def test_a_long_call(own_house: Callable[[], House], tmp_path: Path, hours: float) -> None:
    long_call(tmp_path / "long.opus", hours)
    house = own_house()
    with house.running():
        program = LONG.format(tests=str(Path(__file__).parents[1]))
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / "long.opus")],
            env=child_environment(house), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        inspected, seconds, peak_kib = done.stdout.split()
        assert inspected == "1"
        assert float(seconds) == pytest.approx(hours * 3600, abs=1)
        assert int(peak_kib) < 1_500_000


def test_left_out_is_told_from_failed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (found,) = find_files([tmp_path], MetadataFile(), None, lambda _: False)
    assert found == LeftOut(tmp_path / "a.txt", "not an audio file", is_failure=False)
