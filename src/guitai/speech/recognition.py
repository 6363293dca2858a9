"""What is kept of a recogniser's output: nothing looped and believed, nothing imagined."""

import re
from collections.abc import Sequence
from dataclasses import replace

from guitai.speech.looping import loop_start
from guitai.speech.model import SAMPLE_RATE, Recognition, Segment, Span
from guitai.speech.ports import Recogniser
from guitai.speech.segmentation import cut, samples_of

LOOPED_CONFIDENCE = 0.2
UNSURE = 0.45
"""Below this confidence a segment is read once more, in a whole window, and the surer reading is kept."""

_SHORTEST_HALVED_S = 4.0

# What recognisers trained on subtitles write where nobody speaks.
_SUBTITLES = re.compile(
    r"请不吝点赞|点赞.{0,3}订阅|订阅.{0,4}转发|打赏支持|字幕(?:\s*by|由|组|志愿者|提供|制作)|(?:谢谢|感谢)(?:观看|收看)|"
    r"明镜与点点|优优独播|amara\.org|(?:作|编)曲[\s:：]|^(?:词|曲)[\s:：]|thanks? (?:you )?for watching|"
    r"subtitles? by|please subscribe|^\W*(?:music|applause|音乐|掌声)\W*$",
    re.IGNORECASE,
)
_SURE = 0.8
_NO_SPEECH = 0.6
_HARDLY_HEARD = 0.35
_NOISE = 0.15


def hear(recogniser: Recogniser, segments: Sequence[Segment]) -> list[Recognition]:
    """Return what is said in each segment, in their order; empty text where nothing is.

    Output that loops is asked for again, carefully, then in two halves; if it still loops, it is cut where it begins
    to and comes back flagged, with a confidence of at most 0.2. What is unsure is asked for again too.
    """
    heard = recogniser.recognise(segments) if segments else []
    _reread_unsure(recogniser, segments, heard)
    doubtful = [place for place, one in enumerate(heard) if _loops(one, segments[place])]
    if doubtful:
        again = [replace(segments[place], language=heard[place].language) for place in doubtful]
        for place, one in zip(doubtful, _again(recogniser, again), strict=True):
            heard[place] = one
    return [_without_imagined(one) for one in heard]


def _reread_unsure(recogniser: Recogniser, segments: Sequence[Segment], heard: list[Recognition]) -> None:
    unsure = [place for place, one in enumerate(heard) if _is_unsure(one) and not _loops(one, segments[place])]
    if not unsure:
        return
    again = [replace(segments[place], language=heard[place].language) for place in unsure]
    for place, one in zip(unsure, recogniser.recognise(again, careful=True), strict=True):
        if one.confidence > heard[place].confidence and not _loops(one, segments[place]):
            heard[place] = one


def _is_unsure(one: Recognition) -> bool:
    return bool(one.text) and one.confidence < UNSURE and one.no_speech <= _NO_SPEECH


def _again(recogniser: Recogniser, segments: Sequence[Segment]) -> list[Recognition]:
    heard = recogniser.recognise(segments, careful=True)
    for place, segment in enumerate(segments):
        if _loops(heard[place], segment) and _seconds(segment) >= _SHORTEST_HALVED_S:
            halves = _halves(segment)
            parts = recogniser.recognise(halves, careful=True)
            heard[place] = _joined([_cut_loop(part, half) for part, half in zip(parts, halves, strict=True)])
        else:
            heard[place] = _cut_loop(heard[place], segment)
    return heard


def _loops(one: Recognition, segment: Segment) -> bool:
    return loop_start(one.text, _seconds(segment)) is not None


def _seconds(segment: Segment) -> float:
    return len(segment.samples) / SAMPLE_RATE


def _halves(segment: Segment) -> list[Segment]:
    """Cut a segment in two, or three where a part would be longer than the others, at quiet moments."""
    length_s = _seconds(segment)
    pieces = cut(segment.samples, Span(0.0, length_s), longest_s=length_s * 0.65)
    return [
        replace(
            segment,
            start_s=segment.start_s + piece.start_s,
            end_s=segment.start_s + piece.end_s,
            samples=samples_of(segment.samples, piece),
        )
        for piece in pieces
    ]


def _cut_loop(one: Recognition, segment: Segment) -> Recognition:
    """Cut the text, and the words with it, where it begins to repeat."""
    start = loop_start(one.text, _seconds(segment))
    if start is None:
        return one
    text = one.text[:start].rstrip(" ,，、")
    kept = len(re.sub(r"\W", "", text))
    words = []
    for word in one.words:
        kept -= len(re.sub(r"\W", "", word.text))
        if kept < 0:
            break
        words.append(word)
    return replace(one, text=text, words=tuple(words), confidence=min(one.confidence, LOOPED_CONFIDENCE), looped=True)


def _joined(parts: Sequence[Recognition]) -> Recognition:
    said = [part for part in parts if part.text] or list(parts[:1])
    spaced = " " if said[0].text.isascii() else ""
    return replace(
        said[0],
        text=spaced.join(part.text for part in said),
        words=tuple(word for part in said for word in part.words),
        confidence=min(part.confidence for part in said),
        no_speech=min(part.no_speech for part in said),
        looped=any(part.looped for part in said),
    )


def _without_imagined(one: Recognition) -> Recognition:
    """Drop what was written for noise: low confidence where nobody seems to speak, or a subtitle's usual phrase."""
    phrase = _SUBTITLES.search(one.text) is not None and (one.confidence < _SURE or one.no_speech > _NOISE)
    nobody = one.no_speech > _NO_SPEECH and one.confidence < _HARDLY_HEARD
    return replace(one, text="", words=()) if phrase or nobody or not re.search(r"\w", one.text) else one
