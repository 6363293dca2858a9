import io
import struct
import subprocess
import sys
import wave
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guitai.adapters.audio.decoding import PyAvDecoder
from guitai.adapters.audio.writing import write_wav
from guitai.speech.errors import (
    AudioError,
    AudioTooLongError,
    DamagedAudioError,
    EmptyAudioError,
    NoSamplesError,
    NotAudioError,
    UnknownCodecError,
    UnsupportedLayoutError,
)

SECONDS = 2
FORMATS = [
    # container, codec, rate, layout, demuxer
    ("wav", "pcm_s16le", 8000, "mono", "wav"),
    ("wav", "pcm_s16le", 16000, "stereo", "wav"),
    ("wav", "pcm_f32le", 48000, "stereo", "wav"),
    ("wav", "pcm_s24le", 44100, "mono", "wav"),
    ("wav", "pcm_alaw", 8000, "mono", "wav"),
    ("wav", "pcm_mulaw", 8000, "stereo", "wav"),
    ("mp3", "libmp3lame", 16000, "stereo", "mp3"),
    ("mp3", "libmp3lame", 8000, "mono", "mp3"),
    ("ogg", "libopus", 48000, "stereo", "ogg"),
    ("ogg", "libopus", 48000, "mono", "ogg"),
    ("flac", "flac", 44100, "mono", "flac"),
    ("flac", "flac", 8000, "stereo", "flac"),
    ("ipod", "aac", 44100, "stereo", "mov"),
    ("adts", "aac", 16000, "mono", "aac"),
    ("amr", "libopencore_amrnb", 8000, "mono", "amr"),
    ("matroska", "libopus", 48000, "mono", "matroska"),
    ("au", "pcm_mulaw", 8000, "mono", "au"),
    ("aiff", "pcm_s16be", 22050, "stereo", "aiff"),
    ("caf", "pcm_s16le", 8000, "mono", "caf"),
]
DECLARING = [f for f in FORMATS if f[0] not in {"ipod", "adts", "amr"}]


def tone(rate, hertz=440.0, seconds=SECONDS, level=8000):
    return (np.sin(np.arange(int(rate * seconds)) * 2 * np.pi * hertz / rate) * level).astype(np.int16)


def encode(container, codec, rate, layout, left, right=None):
    """A file whose first channel is `left` and whose others are `right` (silence)."""
    target = io.BytesIO()
    with av.open(target, "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate, layout=layout)
        channels = stream.codec_context.layout.nb_channels
        other = np.zeros_like(left) if right is None else right
        interleaved = np.stack([left] + [other] * (channels - 1), axis=1).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(interleaved), format="s16", layout=layout)
        frame.sample_rate = rate
        shaper = av.AudioResampler(stream.codec_context.format, layout, rate, stream.codec_context.frame_size or 1024)
        for piece in [*shaper.resample(frame), *shaper.resample(None)]:
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    return target.getvalue()


def decode(content, **options):
    return PyAvDecoder(**options).decode(io.BytesIO(content))


@pytest.mark.parametrize(("container", "codec", "rate", "layout", "demuxer"), FORMATS)
def test_every_container_gives_its_channels_at_16_khz(container, codec, rate, layout, demuxer):
    content = encode(container, codec, rate, layout, tone(rate))
    audio = decode(content)
    channels = 1 if layout == "mono" else 2
    assert (audio.info.container, audio.info.channels, audio.info.sample_rate) == (demuxer, channels, rate)
    assert audio.flags == ()
    assert audio.sample_rate == 16000
    assert audio.info.duration_s == pytest.approx(SECONDS, abs=0.13)
    assert {track.dtype for track in audio.tracks} == {np.dtype(np.int16)}
    assert [track.size for track in audio.tracks] == [round(audio.info.duration_s * 16000)] * channels
    middle = audio.tracks[0][8000:24000].astype(float)
    assert np.argmax(np.abs(np.fft.rfft(middle))) == pytest.approx(440, abs=2)
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(8000 / np.sqrt(2), rel=0.3)
    for track in audio.tracks[1:]:
        assert np.abs(track[8000:24000].astype(int)).max() < 800


@pytest.mark.parametrize(("container", "codec", "rate", "layout", "demuxer"), FORMATS)
def test_the_header_alone_tells_what_the_file_holds(container, codec, rate, layout, demuxer):
    info = PyAvDecoder().probe(io.BytesIO(encode(container, codec, rate, layout, tone(rate))))
    assert (info.container, info.sample_rate) == (demuxer, rate)
    assert info.duration_s == pytest.approx(SECONDS, abs=0.13)


def test_the_same_bytes_give_the_same_samples():
    content = encode("mp3", "libmp3lame", 16000, "stereo", tone(16000))
    first, second = decode(content), decode(content)
    assert all(np.array_equal(a, b) for a, b in zip(first.tracks, second.tracks, strict=True))


def test_16_khz_pcm_comes_out_as_it_went_in():
    left, right = tone(16000), tone(16000, 1000.0)
    audio = decode(encode("wav", "pcm_s16le", 16000, "stereo", left, right))
    assert np.array_equal(audio.tracks[0], left)
    assert np.array_equal(audio.tracks[1], right)


def test_what_lies_above_8_khz_does_not_fold_back():
    audio = decode(encode("wav", "pcm_s16le", 48000, "mono", tone(48000, 12000.0)))
    assert np.abs(audio.tracks[0][2000:-2000].astype(int)).max() < 80


def test_another_rate_can_be_asked_for():
    audio = PyAvDecoder().decode(io.BytesIO(encode("wav", "pcm_s16le", 16000, "mono", tone(16000))), 8000)
    assert audio.tracks[0].size == SECONDS * 8000


@pytest.mark.parametrize(("container", "codec", "rate", "layout", "demuxer"), DECLARING)
def test_a_file_cut_short_is_decoded_as_far_as_it_goes_and_says_so(container, codec, rate, layout, demuxer):
    content = encode(container, codec, rate, layout, tone(rate))
    audio = decode(content[: len(content) * 6 // 10])
    assert "truncated" in audio.flags
    assert 0.3 < audio.info.duration_s < 1.6


@pytest.mark.parametrize("container", ["adts", "amr"])
def test_a_raw_stream_cut_within_a_frame_is_damaged(container):
    codec = {"adts": "aac", "amr": "libopencore_amrnb"}[container]
    content = encode(container, codec, 8000, "mono", tone(8000))
    assert decode(content[: len(content) * 6 // 10 + 3]).flags == ("damaged",)


def test_a_stretch_that_cannot_be_decoded_costs_only_itself():
    content = bytearray(encode("flac", "flac", 16000, "mono", tone(16000, seconds=4)))
    middle = len(content) // 2
    content[middle : middle + 2000] = bytes(2000)
    audio = decode(bytes(content))
    assert audio.flags
    assert audio.info.duration_s > 3


def wav_header(data_bytes, channels=1, rate=8000):
    block = channels * 2
    return (
        b"RIFF"
        + struct.pack("<I", (36 + data_bytes) & 0xFFFFFFFF)
        + b"WAVEfmt "
        + struct.pack("<IHHIIHH", 16, 1, channels, rate, rate * block, block, 16)
        + b"data"
        + struct.pack("<I", data_bytes & 0xFFFFFFFF)
    )


@pytest.mark.parametrize(
    ("content", "error", "code"),
    [
        (b"", EmptyAudioError, "audio.empty"),
        (b"caller,callee\n13800000000,95588\n" * 40, NotAudioError, "audio.not_audio"),
        ("这是文字".encode("utf-16") * 90, NotAudioError, "audio.not_audio"),
        (b"x", NotAudioError, "audio.not_audio"),
        (b"\xff\xd8\xff\xe0" + bytes(900), NotAudioError, "audio.not_audio"),
        (b"RIFF\0\0\0\0WAVE" + b"x" * 200, DamagedAudioError, "audio.damaged"),
        (b"OggS" + bytes(300), DamagedAudioError, "audio.damaged"),
        (encode("ipod", "aac", 16000, "mono", tone(16000))[:3000], DamagedAudioError, "audio.damaged"),
        (wav_header(0), NoSamplesError, "audio.no_samples"),
        (wav_header(900).replace(b"\1\0\1\0", b"\x99\x99\1\0") + bytes(900), UnknownCodecError, "audio.codec"),
        (wav_header(900, rate=7) + bytes(900), DamagedAudioError, "audio.damaged"),
        (encode("wav", "pcm_s16le", 16000, "3.0", tone(16000)), UnsupportedLayoutError, "audio.layout"),
        (encode("flac", "flac", 16000, "5.1", tone(16000)), UnsupportedLayoutError, "audio.layout"),
    ],
    ids=[
        "empty",
        "text",
        "utf-16",
        "byte",
        "jpeg",
        "no-format",
        "no-page",
        "no-index",
        "zero-length",
        "codec",
        "rate",
        "3",
        "6",
    ],
)
def test_each_unusable_file_has_its_own_reason(content, error, code):
    with pytest.raises(error) as caught:
        decode(content)
    assert caught.value.code == code
    assert caught.value.hint


def test_a_playlist_named_wav_is_not_followed(tmp_path):
    secret = tmp_path / "other.wav"
    secret.write_bytes(encode("wav", "pcm_s16le", 16000, "mono", tone(16000)))
    for text in (f"#EXTM3U\n#EXTINF:2,\n{secret}\n", f"ffconcat version 1.0\nfile {secret}\n"):
        with pytest.raises(NotAudioError):
            decode(text.encode())


def test_an_endless_recording_is_refused_before_it_fills_the_memory():
    content = encode("wav", "pcm_s16le", 8000, "mono", tone(8000))
    with pytest.raises(AudioTooLongError):
        decode(content, max_duration_s=1.0)
    lying = bytearray(content)
    lying[4:8] = lying[-1:] * 4
    assert decode(content, max_duration_s=2.5).info.duration_s == SECONDS


def test_a_header_without_a_length_is_no_promise():
    body = tone(8000, seconds=1).tobytes()
    streamed = wav_header(0xFFFFFFFF)
    audio = decode(streamed + body)
    assert audio.flags == ()
    assert audio.info.duration_s == 1.0


def test_tags_in_another_script_are_no_obstacle():
    body = tone(8000, seconds=1).tobytes()
    tag = "坐席张三".encode("gbk")
    info = b"INFO" + b"IART" + struct.pack("<I", len(tag)) + tag
    content = wav_header(len(body)) + body + b"LIST" + struct.pack("<I", len(info)) + info
    assert decode(content).info.duration_s == 1.0


SPOILED = [
    encode(container, codec, rate, layout, tone(rate, seconds=0.3)) for container, codec, rate, layout, _ in FORMATS
]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(SPOILED), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12), st.floats(0, 1)
)
def test_whatever_the_bytes_there_are_samples_or_one_clear_error(content, changes, kept):
    spoiled = bytearray(content[: round(len(content) * min(1.0, kept * 1.5))])
    for where, value in changes:
        if spoiled:
            spoiled[int(where**3 * (len(spoiled) - 1))] = value
    try:
        audio = decode(bytes(spoiled), max_duration_s=60)
    except AudioError:
        return
    assert audio.tracks[0].size == round(audio.info.duration_s * 16000) > 0


class BrokenSource(io.BytesIO):
    def read(self, size=-1):
        if self.tell() > 8000:
            raise OSError(5, "the store went away")
        return super().read(size)


def test_the_failure_of_the_source_is_not_taken_for_a_bad_recording():
    content = encode("wav", "pcm_s16le", 16000, "mono", tone(16000, seconds=8))
    with pytest.raises(OSError, match="the store went away"):
        PyAvDecoder().decode(BrokenSource(content))


def test_a_clip_is_written_as_plain_pcm(tmp_path):
    left, right = tone(16000), tone(16000, 1000.0)
    path = tmp_path / "片段 1.wav"
    write_wav(path, np.stack([left, right]), 16000)
    with wave.open(str(path)) as clip:
        assert (clip.getnchannels(), clip.getframerate(), clip.getsampwidth()) == (2, 16000, 2)
    assert np.array_equal(decode(path.read_bytes()).tracks[1], right)
    buffer = io.BytesIO()
    write_wav(buffer, left, 16000)
    assert np.array_equal(decode(buffer.getvalue()).tracks[0], left)


@pytest.mark.slow
def test_a_two_hour_stereo_call_stays_far_below_the_memory_bar(tmp_path):
    """The file is sparse: two hours on paper, 4 KB on disk."""
    path = tmp_path / "two-hours.wav"
    size = 7200 * 8000 * 4
    with path.open("wb") as out:
        out.write(wav_header(size, channels=2))
        out.truncate(44 + size)
    script = (
        "import resource, sys\n"
        "from guitai.adapters.audio.decoding import PyAvDecoder\n"
        "audio = PyAvDecoder().decode(open(sys.argv[1], 'rb'))\n"
        "assert [t.size for t in audio.tracks] == [7200 * 16000] * 2, audio.info\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)\n"
    )
    source = Path(__file__).parents[4] / "src"
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(source)},
    )
    assert int(done.stdout) < 800
