"""Use cases: transcribe calls, many at a time."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from guitai.interactions.model import Party, Utterance
from guitai.language.numerals import to_digits, to_spoken
from guitai.language.script import simplify
from guitai.speech.digit_strings import joined
from guitai.speech.model import SAMPLE_RATE, CallAudio, CallTranscript, Recognition, Samples, Segment, Span
from guitai.speech.ports import Diariser, MoodReader, Recogniser, VoiceActivity
from guitai.speech.recognition import hear
from guitai.speech.segmentation import cut, join, samples_of, widen
from guitai.speech.words import respelled

WINDOW_S = 600.0
"""So much speech is gathered, across calls, before the recogniser is asked."""

OPENING_SEGMENTS = 6
"""A call's language is decided on so many of its first segments; the others wait for it."""

_SILENCE_DB = -96.0


@dataclass(frozen=True, slots=True)
class SpeechEngine:
    """What hears: a recogniser and voice activity; with a diariser mixed calls are told apart, with moods read."""

    recogniser: Recogniser
    voice: VoiceActivity
    diariser: Diariser | None = None
    moods: MoodReader | None = None


def transcribe(calls: Iterable[CallAudio], engine: SpeechEngine) -> Iterator[CallTranscript]:
    """Yield each call's transcript, in the order given, as soon as its last segment is recognised.

    Segments of many calls are recognised together; only the calls whose segments wait are in memory. The transcript
    of a call does not depend on the calls around it.
    """
    window = _Window(engine)
    for call in calls:
        window.add(_open(call, engine))
        while window.is_full():
            yield from window.recognise()
    while window.waits():
        yield from window.recognise()


@dataclass(slots=True, eq=False)
class _Call:
    """One call on its way: its segments in time order, and what is known of each so far."""

    audio: CallAudio
    speech: tuple[tuple[Span, ...], ...]
    segments: list[Segment]
    speakers: list[int]
    moods: list[str | None]
    heard: list[Recognition | None] = field(init=False)

    def __post_init__(self) -> None:
        self.heard = [None] * len(self.segments)

    def is_done(self) -> bool:
        return None not in self.heard


def _open(call: CallAudio, engine: SpeechEngine) -> _Call:
    found: list[tuple[Segment, int, str | None]] = []
    speech: list[tuple[Span, ...]] = []
    for number, track in enumerate(call.tracks):
        samples = track() if callable(track) else track
        spans = engine.voice.spans(samples)
        speech.append(tuple(spans))
        for speaker, pieces in _pieces(samples, spans, call, number, engine).items():
            moods = engine.moods.moods(samples, pieces) if engine.moods and pieces else [None] * len(pieces)
            for piece, mood in zip(pieces, moods, strict=True):
                start_s, end_s = round(piece.start_s, 3), round(piece.end_s, 3)
                segment = Segment(call.id, number, start_s, end_s, samples_of(samples, piece))
                found.append((segment, speaker, mood))
    found.sort(key=lambda item: (item[0].start_s, item[0].track))
    return _Call(
        call, tuple(speech), [item[0] for item in found], [item[1] for item in found], [item[2] for item in found]
    )


def _pieces(
    samples: Samples, spans: list[Span], call: CallAudio, track: int, engine: SpeechEngine
) -> dict[int, list[Span]]:
    """Return what is to be recognised, by speaker: the track's own party, or those told apart in a mixed track."""
    by_speaker: dict[int, list[Span]] = {}
    if call.parties is None and engine.diariser:
        for turn in engine.diariser.turns(samples, spans):
            by_speaker.setdefault(turn.speaker, []).append(turn.span)
    else:
        by_speaker[track] = spans
    duration_s = len(samples) / SAMPLE_RATE
    return {
        speaker: [piece for span in widen(join(own), duration_s) for piece in cut(samples, span)]
        for speaker, own in by_speaker.items()
    }


class _Window:
    """Segments that wait for the recogniser, and the calls they belong to."""

    def __init__(self, engine: SpeechEngine) -> None:
        self._engine = engine
        self._calls: deque[_Call] = deque()
        self._queue: deque[tuple[_Call, int]] = deque()
        self._queued_s = 0.0

    def add(self, call: _Call) -> None:
        self._calls.append(call)
        self._enqueue(call, range(min(OPENING_SEGMENTS, len(call.segments))))

    def is_full(self) -> bool:
        return self._queued_s >= WINDOW_S

    def waits(self) -> bool:
        return bool(self._calls)

    def recognise(self) -> Iterator[CallTranscript]:
        """Recognise a window's worth and yield the calls which that completes, oldest first."""
        batch = self._take()
        heard = hear(self._engine.recogniser, [call.segments[index] for call, index in batch])
        for (call, index), recognition in zip(batch, heard, strict=True):
            call.heard[index] = recognition
        for call in dict.fromkeys(call for call, index in batch if index == 0):
            self._continue(call)
        while self._calls and self._calls[0].is_done():
            yield _transcript(self._calls.popleft(), self._engine)

    def _take(self) -> list[tuple[_Call, int]]:
        batch: list[tuple[_Call, int]] = []
        taken_s = 0.0
        while self._queue and (taken_s < WINDOW_S or 0 < self._queue[0][1] < OPENING_SEGMENTS):
            call, index = self._queue.popleft()
            batch.append((call, index))
            taken_s += _length_s(call.segments[index])
        self._queued_s -= taken_s
        return batch

    def _continue(self, call: _Call) -> None:
        """Queue the rest of the call, whose opening has told its language."""
        rest = range(OPENING_SEGMENTS, len(call.segments))
        language = _language(call)
        for index in rest:
            call.segments[index] = replace(call.segments[index], language=language)
        self._enqueue(call, rest)

    def _enqueue(self, call: _Call, indices: Iterable[int]) -> None:
        for index in indices:
            self._queue.append((call, index))
            self._queued_s += _length_s(call.segments[index])


def _length_s(segment: Segment) -> float:
    return segment.end_s - segment.start_s


def _language(call: _Call) -> str:
    """Return the language most of the recognised speech is in; Chinese where nothing was said."""
    seconds: Counter[str] = Counter()
    for segment, heard in zip(call.segments, call.heard, strict=True):
        if heard and heard.text:
            seconds[heard.language] += round(_length_s(segment) * 1000)
    return max(seconds, key=lambda language: (seconds[language], language), default="zh")


def _transcript(call: _Call, engine: SpeechEngine) -> CallTranscript:
    parties = _parties(call, engine)
    utterances: list[Utterance] = []
    for segment, heard, speaker, mood in zip(call.segments, call.heard, call.speakers, call.moods, strict=True):
        if not heard or not heard.text:
            continue
        spoken = _spoken(heard)
        utterance = Utterance(
            index=len(utterances),
            party=parties.get(speaker, Party.UNKNOWN),
            start_s=segment.start_s,
            end_s=segment.end_s,
            text=to_digits(spoken) if heard.language == "zh" else spoken,
            spoken=spoken,
            language=heard.language,
            confidence=heard.confidence,
            words=respelled(heard.words, spoken),
            loudness_db=_loudness_db(segment.samples),
            mood=mood,
        )
        utterances.append(utterance)
    models = (engine.recogniser.model_id, engine.voice.model_id)
    if call.audio.parties is None and engine.diariser:
        models += (engine.diariser.model_id,)
    return CallTranscript(call.audio.id, tuple(utterances), _language(call), models, call.speech)


def _spoken(heard: Recognition) -> str:
    return to_spoken(joined(simplify(heard.text))) if heard.language == "zh" else heard.text


def _parties(call: _Call, engine: SpeechEngine) -> dict[int, Party]:
    if call.audio.parties is not None:
        return dict(enumerate(call.audio.parties))
    if engine.diariser is None:
        return {}
    said: dict[int, list[str]] = {}
    for heard, speaker in zip(call.heard, call.speakers, strict=True):
        said.setdefault(speaker, []).append(heard.text if heard else "")
    return dict(engine.diariser.parties(said))


def _loudness_db(samples: Samples) -> float:
    """Return the RMS of the samples in dBFS, to a tenth."""
    power = float(np.mean(np.square(samples.astype(np.float32) / 32768.0))) if len(samples) else 0.0
    return round(max(_SILENCE_DB, 10.0 * float(np.log10(power))), 1) if power > 0 else _SILENCE_DB
