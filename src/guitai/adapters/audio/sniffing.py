"""Telling containers by their first bytes: FFmpeg only ever opens the format that was recognised here.

A playlist or a script named .wav is therefore never followed to other files.
"""

from pathlib import Path
from typing import BinaryIO

_NAMES = """
wav wave rf64 w64 mp3 mp2 opus ogg oga flac m4a mp4 m4b 3gp 3g2 aac amr awb au snd aif aiff aifc caf mka webm wma
"""
EXTENSIONS = frozenset(f".{name}" for name in _NAMES.split())

HEAD = 4096

# (offset, bytes, FFmpeg's demuxer)
_MAGICS = (
    (0, b"OggS", "ogg"),
    (0, b"fLaC", "flac"),
    (4, b"ftyp", "mov"),
    (0, b"#!AMR", "amr"),
    (0, b".snd", "au"),
    (0, b"caff", "caf"),
    (0, b"riff\x2e\x91\xcf\x11", "w64"),
    (0, b"\x1a\x45\xdf\xa3", "matroska"),
    (0, bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), "asf"),
)
_ID3_HEADER = 10


def looks_like_audio(path: Path) -> bool:
    """Tell whether a file found in a folder should be tried: by its name or, failing that, by its first bytes.

    A file of another kind named .wav is tried too, and refused with its reason; an unreadable one likewise only if
    its name says audio.
    """
    if path.suffix.lower() in EXTENSIONS:
        return True
    try:
        with path.open("rb") as stream:
            return sniff(stream) is not None
    except OSError:
        return False


def sniff(source: BinaryIO) -> str | None:
    """Return FFmpeg's demuxer for the container, or None; the stream is rewound."""
    source.seek(0)
    head = source.read(HEAD)
    if head.startswith(b"ID3") and len(head) >= _ID3_HEADER:
        source.seek(_ID3_HEADER + _synchsafe(head[6:10]))
        after = source.read(HEAD)
        source.seek(0)
        return _container(after.lstrip(b"\0")) or "mp3"
    source.seek(0)
    return _container(head) or _container(head.lstrip(b"\0"))


def _container(head: bytes) -> str | None:
    if head[:4] in {b"RIFF", b"RF64", b"BW64"} and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}:
        return "aiff"
    for offset, magic, name in _MAGICS:
        if head[offset : offset + len(magic)] == magic:
            return name
    return _frame_sync(head)


def _frame_sync(head: bytes) -> str | None:
    """MPEG audio has no magic, only a frame header with values that must be legal."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:  # noqa: PLR2004
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    if layer == 0:
        return "aac" if head[1] & 0xF6 == 0xF0 else None  # noqa: PLR2004
    bitrate, rate = head[2] >> 4, head[2] >> 2 & 3
    legal = version != 1 and layer != 3 and 0 < bitrate < 15 and rate != 3  # noqa: PLR2004
    return "mp3" if legal else None


def _synchsafe(digits: bytes) -> int:
    return sum((digit & 0x7F) << shift for digit, shift in zip(digits, (21, 14, 7, 0), strict=True))
