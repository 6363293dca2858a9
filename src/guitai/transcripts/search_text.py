"""The words of a search: the query language, folding, and the snippet; pure functions over text."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from guitai.language import script
from guitai.transcripts.errors import BadSearchQueryError

MAX_QUERY_CHARACTERS = 200
MAX_TERMS = 8
CONTEXT_CHARACTERS = 20
_QUOTES = frozenset('"“”\uff02')
_LINE = "\n"


@dataclass(frozen=True, slots=True)
class Words:
    """A query read: folded terms that must all occur, and those that must not."""

    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]


def parse(text: str) -> Words:
    """Read `退款 "三个工作日" -投诉`: words parted by blanks, a phrase in quotes, a minus excludes.

    Everything else is literal. BadSearchQueryError for an open quote, no words at all, or too many.
    """
    if len(text) > MAX_QUERY_CHARACTERS:
        raise BadSearchQueryError(
            f"the query is longer than {MAX_QUERY_CHARACTERS} characters.", hint="Search for fewer words."
        )
    wanted: dict[str, None] = {}
    unwanted: dict[str, None] = {}
    for term, excluded in _terms(text):
        (unwanted if excluded else wanted)[fold(term)] = None
    if not wanted and not unwanted:
        raise BadSearchQueryError("the query holds no words.", hint='Write a word, or a phrase in "quotes".')
    if len(wanted) + len(unwanted) > MAX_TERMS:
        raise BadSearchQueryError(f"the query holds more than {MAX_TERMS} words.", hint="Search for fewer words.")
    return Words(tuple(wanted), tuple(unwanted))


def _terms(text: str) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        excluded = text[at] in "-\uff0d" and at + 1 < len(text) and not text[at + 1].isspace()
        at += excluded
        if text[at] in _QUOTES:
            end = _end_of_phrase(text, at + 1)
            term, at = text[at + 1 : end], end + 1
        else:
            end = at
            while end < len(text) and not text[end].isspace() and text[end] not in _QUOTES:
                end += 1
            term, at = text[at:end], end
        if term.strip():
            found.append((term, excluded))
    return found


def _end_of_phrase(text: str, start: int) -> int:
    for at in range(start, len(text)):
        if text[at] in _QUOTES:
            return at
    raise BadSearchQueryError("a quote is opened and not closed.", hint='Write a phrase as "…", both quotes.')


class _Folds(dict[int, str]):
    """Each character's folded form, always one character, so that places in folded and shown text agree."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


def _folded(character: str) -> str:
    if character.isspace() or unicodedata.category(character) in {"Cc", "Cs"}:
        return " "
    simplified = script.simplify(character)
    folded = script.fold(simplified if len(simplified) == 1 else character)
    return " " if folded.isspace() else folded


_FOLDS = _Folds()


def fold(text: str) -> str:
    """Make what is compared: half width, lower case, simplified, every blank a space; as long as `text`."""
    return text.translate(_FOLDS)


def fold_lines(lines: Sequence[str]) -> str:
    """Fold a whole call, an utterance a line, so that no match spans two."""
    return _LINE.join(fold(line) for line in lines)


def show_lines(lines: Sequence[str]) -> str:
    """Join a call as it is shown, place for place beside `fold_lines`, without what a database cannot hold."""
    whole = _LINE.join(line.translate({0: " ", 10: " "}) for line in lines)
    return whole.encode("utf-8", "replace").decode("utf-8")


def first_match(folded: str, words: Words) -> int | None:
    """Where the first wanted term begins; None where none occurs."""
    places = [place for term in words.wanted if (place := folded.find(term)) >= 0]
    return min(places, default=None)


def line_at(folded: str, place: int) -> int:
    """Which utterance holds that place."""
    return folded.count(_LINE, 0, place)


def snippet(shown: str, folded: str, words: Words, place: int | None) -> str:
    """Cut `shown` around the match at `place`, inside its utterance, every hit between « and »."""
    start = 0 if place is None else place
    begin = folded.rfind(_LINE, 0, start) + 1
    line_end = folded.find(_LINE, start)
    end = len(folded) if line_end < 0 else line_end
    longest = 0 if place is None else max(len(t) for t in words.wanted if folded.startswith(t, place))
    left = max(begin, start - CONTEXT_CHARACTERS)
    right = min(end, start + longest + CONTEXT_CHARACTERS)
    marked = _mark(shown[left:right], folded[left:right], words.wanted)
    return ("…" if left > begin else "") + marked + ("…" if right < end else "")


def _mark(shown: str, folded: str, terms: Sequence[str]) -> str:
    hits: list[tuple[int, int]] = []
    for term in terms:
        at = folded.find(term)
        while at >= 0:
            hits.append((at, at + len(term)))
            at = folded.find(term, at + 1)
    spans: list[tuple[int, int]] = []
    for begin, end in sorted(hits):
        if spans and begin <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((begin, end))
    for begin, end in reversed(spans):
        shown = f"{shown[:begin]}«{shown[begin:end]}»{shown[end:]}"
    return shown
