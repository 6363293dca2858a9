"""What is heard beside the words: silence, overlap, speed, loudness, mood."""

import statistics
from collections.abc import Iterable

from guitai.inspection.conditions import By, Interruption, Loudness, Mood, Silence, SpeechRate
from guitai.inspection.transcript import Event, Transcript, is_by

_SHORT_YES = 4


def silences(transcript: Transcript, condition: Silence, announced: Iterable[int]) -> list[Event]:
    """Find the gaps, the one before the first word too; `announced` are utterances that ask to wait."""
    excused = set(announced)
    events: list[Event] = []
    silent_from, last = 0.0, None
    for place, utterance in enumerate(transcript.utterances):
        gap = utterance.start_s - silent_from
        if gap > condition.longer_than_s and _follows(transcript, last, condition.after_party) and last not in excused:
            note = f"静默 {gap:.1f} 秒"
            events.append(Event(place if last is None else last, seconds=(silent_from, utterance.start_s), note=note))
        if utterance.end_s >= silent_from:
            silent_from, last = utterance.end_s, place
    return events


def _follows(transcript: Transcript, last: int | None, party: By) -> bool:
    return party is By.ANYONE or (last is not None and is_by(transcript.utterances[last], party))


def interruptions(transcript: Transcript, condition: Interruption) -> list[Event]:
    """Find where the party begins while the other is speaking, and both go on."""
    other = By.CUSTOMER if condition.by is By.AGENT else By.AGENT
    speakers = [transcript.utterances[place] for place in transcript.of(other)]
    events: list[Event] = []
    for place in transcript.of(condition.by):
        mine = transcript.utterances[place]
        if len(transcript.letters(place)) <= _SHORT_YES:
            continue
        for theirs in speakers:
            overlap = min(mine.end_s, theirs.end_s) - mine.start_s
            if theirs.start_s < mine.start_s and overlap >= condition.overlap_s:
                events.append(Event(place, note=f"与对方重叠 {overlap:.1f} 秒", confidence=mine.confidence))
                break
    return events


def speech_rates(transcript: Transcript, condition: SpeechRate) -> list[Event]:
    """Find utterances spoken too fast or too slowly, in characters (hanzi, or English words times 1.5) a second."""
    events: list[Event] = []
    for place in transcript.of(condition.by):
        utterance, letters = transcript.utterances[place], transcript.letters(place)
        size = _spoken_size(letters)
        seconds = utterance.end_s - utterance.start_s
        if size < condition.min_characters or seconds <= 0:
            continue
        rate = size / seconds
        if (condition.faster_than is not None and rate > condition.faster_than) or (
            condition.slower_than is not None and rate < condition.slower_than
        ):
            events.append(Event(place, note=f"语速每秒 {rate:.1f} 字"))
    return events


def _spoken_size(letters: str) -> float:
    if not letters.isascii():
        return len(letters)
    return 1.5 * len(letters.split())


def loud_utterances(transcript: Transcript, condition: Loudness) -> list[Event]:
    """Find utterances louder than the limit; the usual level is the median of the same party in this call."""
    levels = {
        place: level
        for place in transcript.of(condition.by)
        if (level := transcript.utterances[place].loudness_db) is not None
    }
    if not levels:
        return []
    usual = statistics.median(levels.values())
    limits = [condition.above_db] if condition.above_db is not None else []
    if condition.above_usual_db is not None:
        limits.append(usual + condition.above_usual_db)
    return [
        Event(place, note=f"音量 {level:.1f} dBFS，平时 {usual:.1f} dBFS")
        for place, level in levels.items()
        if all(level > limit for limit in limits)
    ]


def moods(transcript: Transcript, condition: Mood) -> list[Event]:
    """Find utterances in one of the moods."""
    return [
        Event(place, note="情绪：愤怒" if utterance.mood == "angry" else f"情绪：{utterance.mood}", confidence=0.7)
        for place in transcript.of(condition.by)
        if (utterance := transcript.utterances[place]).mood in condition.moods
    ]
