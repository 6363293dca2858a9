"""Whisper's tokens: what steers it, what it wrote, and where one character or word ends."""

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

REPLACEMENT = "\ufffd"


class Tokens:
    """The multilingual vocabulary: text tokens first, then steering tokens, then a timestamp every 20 ms."""

    def __init__(self, file: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(file))
        self.end = self._id("<|endoftext|>")
        self._start = self._id("<|startoftranscript|>")
        self._transcribe = self._id("<|transcribe|>")
        self.first_timestamp = self._id("<|notimestamps|>") + 1
        self.dashes = [token for token in range(self.end) if _is_dash(self._tokenizer.decode([token]))]

    def prompt(self, language: str) -> list[int]:
        """Return what makes the decoder transcribe this language, with timestamps."""
        return [self._start, self._id(f"<|{language}|>"), self._transcribe]

    def text(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens, timestamps and steering left out."""
        return str(self._tokenizer.decode([token for token in tokens if token < self.end]))

    def pieces(self, tokens: Sequence[int]) -> list[tuple[str, int, int]]:
        """Return the least runs of text tokens that make whole characters: text, first token, past the last."""
        found: list[tuple[str, int, int]] = []
        first = 0
        for past in range(1, len(tokens) + 1):
            text = str(self._tokenizer.decode(list(tokens[first:past])))
            if REPLACEMENT not in text or past == len(tokens):
                found.append((text, first, past))
                first = past
        return found

    def _id(self, name: str) -> int:
        token = self._tokenizer.token_to_id(name)
        if token is None:
            raise ValueError(f"the vocabulary has no {name}")
        return int(token)


def _is_dash(text: str) -> bool:
    return text.strip(" ,") in {"-", "--", "–", "—"}
