import io

import pytest

from guitai.adapters.audio.sniffing import looks_like_audio, sniff


@pytest.mark.parametrize(
    ("head", "demuxer"),
    [
        (b"RIFF\0\0\0\0WAVEfmt ", "wav"),
        (b"RF64\xff\xff\xff\xffWAVEds64", "wav"),
        (b"RIFF\0\0\0\0AVI LIST", None),
        (b"OggS\0\2", "ogg"),
        (b"fLaC\0\0", "flac"),
        (b"\0\0\0\x1cftypM4A ", "mov"),
        (b"#!AMR\n\x04", "amr"),
        (b"#!AMR-WB\n", "amr"),
        (b"FORM\0\0\0\0AIFF", "aiff"),
        (b"\xff\xfb\x90\x00", "mp3"),
        (b"\0\0\0\0\xff\xfb\x90\x00", "mp3"),
        (b"\xff\xf1\x60\x40", "aac"),
        (b"ID3\x04\0\0\0\0\0\x02ab\xff\xfb\x90\0", "mp3"),
        (b"ID3\x04\0\0\0\0\0\x02abfLaC", "flac"),
        ("你好".encode("utf-16"), None),
        (b"#EXTM3U\nfile:///etc/passwd\n", None),
        (b"ffconcat version 1.0\n", None),
        (b"%PDF-1.7", None),
        (b"", None),
        (b"\xff", None),
    ],
)
def test_a_container_is_known_by_its_first_bytes(head, demuxer):
    assert sniff(io.BytesIO(head)) == demuxer


def test_a_file_is_tried_for_its_name_or_its_content(tmp_path):
    text = tmp_path / "说明 1.txt"
    text.write_text("你好")
    nameless = tmp_path / "0001"
    nameless.write_bytes(b"OggS\0\2" + bytes(40))
    assert not looks_like_audio(text)
    assert looks_like_audio(nameless)
    assert looks_like_audio(tmp_path / "absent.WAV")
    assert not looks_like_audio(tmp_path / "absent.csv")
