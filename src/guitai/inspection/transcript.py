"""One conversation made ready for the conditions: letters, sounds, what was found, how it was meant."""

from bisect import bisect_left
from dataclasses import dataclass

from guitai.inspection.conditions import By, Counts, Stance
from guitai.inspection.model import Conversation
from guitai.inspection.phrases import Spoken
from guitai.inspection.sounds import Sounds, is_hanzi, prepared
from guitai.inspection.stance_chinese import chinese_stance
from guitai.inspection.stance_english import english_stance
from guitai.interactions.model import Party, Utterance

_PARTIES = {By.AGENT: Party.AGENT, By.CUSTOMER: Party.CUSTOMER}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: in which utterance (its position), at which letters, with what certainty.

    `seconds` overrides the utterance's own times (a silence, an overlap).
    """

    position: int
    span: tuple[int, int] | None = None
    seconds: tuple[float, float] | None = None
    note: str = ""
    confidence: float = 1.0


def spoken_text(utterance: Utterance) -> str:
    """Return the words as said, or the written text where there is nothing else."""
    return utterance.spoken or utterance.text


def is_by(utterance: Utterance, by: By) -> bool:
    """Tell whether the utterance is spoken by the party asked for; an unknown party is nobody's."""
    return by is By.ANYONE or utterance.party is _PARTIES[by]


def counted(stance: Stance, counts: Counts) -> bool:
    """Tell whether a saying of this stance counts."""
    if counts is Counts.ANY:
        return True
    return stance is Stance.STATED or (counts is Counts.STATED_OR_ASKED and stance is Stance.ASKED)


def stance_in(text: str, start: int, end: int) -> Stance:
    """Tell how text[start:end] is meant, in Chinese or English."""
    chinese = any(map(is_hanzi, text))
    return chinese_stance(text, start, end) if chinese else english_stance(text, start, end)


class Transcript:
    """What conditions read of a conversation; positions count its utterances from 0."""

    def __init__(self, conversation: Conversation, spoken: Spoken, sounds: Sounds) -> None:
        self.conversation = conversation
        self.utterances = conversation.utterances
        self.spoken = spoken
        self._sounds = sounds

    def letters(self, position: int) -> str:
        """Return an utterance's letters."""
        return self._slice(self.spoken.letters, position)

    def sounds(self, position: int) -> str:
        """Return an utterance's sounds."""
        return self._slice(self.spoken.sounds, position)

    def _slice(self, text: str, position: int) -> str:
        starts = self.spoken.starts
        end = starts[position + 1] - 1 if position + 1 < len(starts) else len(text)
        return text[starts[position] : end]

    def stance(self, position: int, start: int, end: int) -> Stance:
        """Tell how the letters [start, end) of an utterance are meant."""
        text = prepared(spoken_text(self.utterances[position]))
        kept = self._sounds.kept_positions(text)
        return stance_in(text, kept[start], kept[end - 1] + 1)

    def letters_before(self, position: int) -> list[int]:
        """Return for each place in an utterance's prepared text how many letters stand before it."""
        text = prepared(spoken_text(self.utterances[position]))
        kept = self._sounds.kept_positions(text)
        return [bisect_left(kept, place) for place in range(len(text) + 1)]

    def of(self, by: By) -> list[int]:
        """Return the positions of a party's utterances."""
        return [place for place, utterance in enumerate(self.utterances) if is_by(utterance, by)]

    def seconds(self, event: Event) -> tuple[float, float]:
        """Return when an event happened, by the words' own times where the recogniser gave them."""
        if event.seconds is not None:
            return event.seconds
        utterance = self.utterances[event.position]
        if event.span is None or not utterance.words:
            return utterance.start_s, utterance.end_s
        owners = self._word_of_each_letter(event.position)
        if owners is None:
            return utterance.start_s, utterance.end_s
        start, end = event.span
        return utterance.words[owners[start]].start_s, utterance.words[owners[end - 1]].end_s

    def _word_of_each_letter(self, position: int) -> list[int] | None:
        """Return the word that each letter of an utterance belongs to, None where words and letters differ."""
        words, letters = self.utterances[position].words, self.letters(position)
        owners: list[int] = []
        for number, word in enumerate(words):
            size = len(self._sounds.letters(prepared(word.text)).strip())
            while len(owners) < len(letters) and letters[len(owners)] == " ":
                owners.append(number)
            owners += [number] * size
        return owners if len(owners) == len(letters) else None
