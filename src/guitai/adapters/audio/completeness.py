"""Whether a file ends before its own header says it does."""

import os
from typing import BinaryIO, Literal

# Encoder delay and padding make honest files differ by up to this much from their declared length.
_TOLERANCE_S = 0.25
_UNKNOWN_SIZES = frozenset({0, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFFFFE})
_OGG_TAIL = 65536 + 512
_OGG_LAST_PAGE = 4
# Demuxers whose duration is a promise of the header; the others only guess it from the size of the file.
_DECLARING = frozenset({"flac", "mov", "matroska", "au", "aiff", "w64", "asf"})


def is_truncated(source: BinaryIO, demuxer: str, declared_s: float, decoded_s: float) -> bool:
    """Tell whether sound is missing at the end.

    Known from the header for every container but raw MPEG, AAC and AMR streams, which declare no length (MP3 does
    where its encoder left a Xing, Info or VBRI frame). Moves the stream.
    """
    if demuxer == "wav":
        return _data_chunk_cut(source, start=12, size_bytes=4, order="little")
    if demuxer == "caf":
        return _data_chunk_cut(source, start=8, size_bytes=8, order="big")
    if demuxer == "ogg":
        return _ogg_cut(source)
    if demuxer in _DECLARING or (demuxer == "mp3" and _mp3_declares(source)):
        return declared_s - decoded_s > _TOLERANCE_S + declared_s / 200
    return False


def _data_chunk_cut(source: BinaryIO, *, start: int, size_bytes: int, order: Literal["little", "big"]) -> bool:
    """Walk the chunks (name of 4 bytes, size, content) to the one that holds the sound."""
    end = source.seek(0, os.SEEK_END)
    header_bytes = 4 + size_bytes
    at = start
    while at + header_bytes <= end:
        source.seek(at)
        header = source.read(header_bytes)
        length = int.from_bytes(header[4:], order)
        if header[:4] == b"data":
            return length not in _UNKNOWN_SIZES and at + header_bytes + length > end
        at += header_bytes + length + (length % 2 if order == "little" else 0)
    return False


def _ogg_cut(source: BinaryIO) -> bool:
    """Look for the mark of the last page: a recorder that died left none."""
    size = source.seek(0, os.SEEK_END)
    source.seek(max(0, size - _OGG_TAIL))
    tail = source.read()
    page = tail.rfind(b"OggS")
    if page < 0 or page + 27 > len(tail) or not tail[page + 5] & _OGG_LAST_PAGE:
        return True
    segments = tail[page + 27 : page + 27 + tail[page + 26]]
    return len(segments) < tail[page + 26] or page + 27 + len(segments) + sum(segments) > len(tail)


def _mp3_declares(source: BinaryIO) -> bool:
    source.seek(0)
    head = source.read(16384)
    return any(mark in head for mark in (b"Xing", b"Info", b"VBRI"))
