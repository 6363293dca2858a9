"""A recording's words: whole for the sealed object, masked for every exit."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from guitai.interactions.model import Party, Utterance, Word
from guitai.privacy.mask import TurnForms, mask_forms

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said in one recording, by whom and when, and which models heard it."""

    utterances: tuple[Utterance, ...]
    language: str
    models: tuple[str, ...]

    def to_bytes(self) -> bytes:
        """Return the JSON document that is sealed; `from_bytes` gives an equal transcript back."""
        body = {
            "format": _FORMAT,
            "language": self.language,
            "models": list(self.models),
            "utterances": [utterance_to_json(utterance) for utterance in self.utterances],
        }
        return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Transcript":
        """Read what `to_bytes` wrote."""
        body = json.loads(data)
        utterances = tuple(utterance_from_json(item) for item in body["utterances"])
        return cls(utterances, body["language"], tuple(body["models"]))


def mask_transcript(transcript: Transcript) -> tuple[Utterance, ...]:
    """Return the utterances with personal data masked in both forms and in the words."""
    forms = [TurnForms(item.party, item.text, item.spoken) for item in transcript.utterances]
    masked = mask_forms(forms)
    return tuple(
        replace(
            item, text=form.text, spoken=form.spoken, words=_masked_words(item.words, item.spoken, form.spoken_spans)
        )
        for item, form in zip(transcript.utterances, masked, strict=True)
    )


def _masked_words(words: Sequence[Word], spoken: str, spans: Sequence[tuple[int, int]]) -> tuple[Word, ...]:
    """Star every word that touches a masked span; words are found in `spoken` in order."""
    result: list[Word] = []
    position = 0
    for word in words:
        start = spoken.find(word.text, position)
        if start < 0:
            result.append(replace(word, text="*") if spans else word)
            continue
        position = start + len(word.text)
        hidden = any(begin < position and start < end for begin, end in spans)
        result.append(replace(word, text="*" * len(word.text)) if hidden else word)
    return tuple(result)


def utterance_to_json(utterance: Utterance) -> dict[str, Any]:
    """Return the utterance as JSON values; words as [text, start, end, confidence]."""
    body = asdict(utterance)
    body["words"] = [[word.text, word.start_s, word.end_s, word.confidence] for word in utterance.words]
    return body


def utterance_from_json(body: Mapping[str, Any]) -> Utterance:
    """Read what `utterance_to_json` wrote."""
    fields: dict[str, Any] = dict(body)
    fields["party"] = Party(body["party"])
    fields["words"] = tuple(Word(*word) for word in body["words"])
    return Utterance(**fields)
