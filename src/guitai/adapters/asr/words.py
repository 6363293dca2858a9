"""From the alignment of tokens with encoder frames to words with times."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import category

from guitai.interactions.model import Word
from guitai.speech.model import Segment

SECONDS_A_STATE = 0.02


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that one or more tokens make, its time from the start of the segment, and how sure it is."""

    text: str
    start_s: float
    end_s: float
    confidence: float


def times_of_pieces(
    pieces: Sequence[tuple[str, int, int]], path: Sequence[tuple[int, int]], chances: Sequence[float]
) -> list[Piece]:
    """Time the pieces (text, first token, past the last) by a path of (token, state) pairs, both never decreasing."""
    starts: dict[int, int] = {}
    for token, state in path:
        starts.setdefault(token, state)
    last = path[-1][1] if path else 0
    timed: list[Piece] = []
    for text, first, past in pieces:
        start = starts.get(first, last)
        end = starts.get(past, last)
        sure = [chances[token] for token in range(first, past) if token < len(chances)]
        confidence = sum(sure) / len(sure) if sure else 0.0
        timed.append(Piece(text, start * SECONDS_A_STATE, max(start, end) * SECONDS_A_STATE, confidence))
    return timed


def words_of(pieces: Sequence[Piece], segment: Segment, *, spaced: bool) -> tuple[Word, ...]:
    """Return words with times in the call, in order and inside the segment.

    A word is one character, or a run of Latin letters; in spaced languages it is what stands between spaces, with its
    punctuation left off. Digits of unspaced languages are words each.
    """
    words: list[Piece] = []
    glued = False
    for char in _characters(pieces):
        if char.text.isspace() or not _is_spoken(char.text):
            glued = glued and not char.text.isspace() and spaced
            continue
        runs = spaced or (char.text.isascii() and char.text.isalpha())
        if runs and glued:
            last = words[-1]
            sure = min(last.confidence, char.confidence)
            words[-1] = Piece(last.text + char.text, last.start_s, char.end_s, sure)
        else:
            words.append(char)
        glued = runs
    return tuple(_placed(word, segment) for word in words)


def _characters(pieces: Sequence[Piece]) -> list[Piece]:
    """Spread each piece's time evenly over its characters."""
    chars: list[Piece] = []
    for piece in pieces:
        step = (piece.end_s - piece.start_s) / max(1, len(piece.text))
        for place, char in enumerate(piece.text):
            start_s = piece.start_s + place * step
            chars.append(Piece(char, start_s, start_s + step, piece.confidence))
    return chars


def _is_spoken(char: str) -> bool:
    return category(char)[0] in "LNM" or char in "'%"


def _placed(word: Piece, segment: Segment) -> Word:
    start_s = min(segment.end_s, segment.start_s + word.start_s)
    end_s = min(segment.end_s, max(start_s, segment.start_s + word.end_s))
    return Word(word.text, round(start_s, 3), round(end_s, 3), round(word.confidence, 3))
