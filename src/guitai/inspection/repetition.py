"""What is said again, and numbers given digit by digit over several turns."""

import re

from guitai.inspection.conditions import Digits, Repeated
from guitai.inspection.transcript import Event, Transcript, spoken_text

_DIGIT_RUN = re.compile(r"[0-9〇零一二三四五六七八九幺两]{2,}[xX]?")


def repetitions(transcript: Transcript, condition: Repeated) -> list[Event]:
    """Find utterances that say nearly what the same party said before, by shared pairs of neighbouring sounds."""
    earlier: list[tuple[int, frozenset[str]]] = []
    events: dict[int, Event] = {}
    for place in transcript.of(condition.by):
        sounds = transcript.sounds(place)
        if len(sounds) < condition.min_characters:
            continue
        pairs = frozenset(sounds[i : i + 2] for i in range(len(sounds) - 1))
        for before, known in earlier:
            shared = len(pairs & known) / min(len(pairs), len(known))
            if shared >= condition.alike:
                events.setdefault(before, Event(before, note="同一问题重复", confidence=0.8))
                events[place] = Event(place, note="同一问题重复", confidence=0.8)
        earlier.append((place, pairs))
    return [events[place] for place in sorted(events)]


def spoken_numbers(transcript: Transcript, condition: Digits) -> list[Event]:
    """Find numbers given in one breath or in pieces: digits of consecutive turns of the party are put together."""
    pieces = [(place, _digits(transcript, place)) for place in transcript.of(condition.by)]
    events: dict[int, Event] = {}
    for first in range(len(pieces)):
        total = 0
        for place, digits in pieces[first : first + condition.across_turns]:
            if not digits:
                break
            total += digits
            if condition.at_least <= total <= condition.at_most:
                for part, _ in pieces[first : pieces.index((place, digits)) + 1]:
                    events.setdefault(part, Event(part, note="念出证件或卡号数字", confidence=0.85))
                break
    return [events[place] for place in sorted(events)]


def _digits(transcript: Transcript, place: int) -> int:
    """Count the digits an utterance gives, in runs of two or more."""
    return sum(len(run) for run in _DIGIT_RUN.findall(spoken_text(transcript.utterances[place])))
