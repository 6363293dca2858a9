"""Finding calls again: what is asked, what is indexed, what comes back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guitai.interactions.model import Party
from guitai.transcripts.errors import BadSearchQueryError

TOTAL_CAP = 1000


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last hit of a page; the next page holds what is older."""

    started_at: datetime
    recording_id: str


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What to find; every field narrows the result, None leaves it open.

    `text` is in the query language of `guitai.transcripts.search_text`. `agent` is an id or a name. Calls started at
    `from_` or later and before `to`. `number` is the last four digits of either party's number, or the blind-index
    key of the whole number. `tag` is exact, `mark` a part of a mark's label. Scores are inclusive. `limit` is 1 to
    TOTAL_CAP, else BadSearchQueryError.
    """

    text: str | None = None
    agent: str | None = None
    team: str | None = None
    from_: datetime | None = None
    to: datetime | None = None
    number: str | None = None
    scene: str | None = None
    tag: str | None = None
    mark: str | None = None
    min_score: float | None = None
    max_score: float | None = None
    limit: int = 20
    before: Cursor | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= TOTAL_CAP:
            raise BadSearchQueryError(f"a page holds 1 to {TOTAL_CAP} calls.", hint="Choose a --limit within that.")


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """One utterance as it may be shown: masked; `start_s` in seconds from the start of the call."""

    start_s: float
    party: Party
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One call as the index knows it.

    `number_keys` are the blind-index keys of caller and callee, `last4` the last four digits of each.
    """

    recording_id: str
    started_at: datetime
    agent_id: str | None = None
    agent_name: str | None = None
    team: str | None = None
    scene: str | None = None
    tags: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    score: float | None = None
    number_keys: tuple[bytes | str, ...] = ()
    last4: tuple[str, ...] = ()
    utterances: tuple[SpokenLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One call found; `snippet` marks what matched with «…», `at_s` is the second of the utterance it is from.

    Without words to look for, the snippet is how the call begins and `at_s` is None.
    """

    recording_id: str
    started_at: datetime
    agent_name: str | None
    team: str | None
    scene: str | None
    total_score: float | None
    snippet: str
    at_s: float | None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Hits, newest first; `total` counts all pages, up to TOTAL_CAP: above it `total_capped` is true."""

    hits: tuple[Hit, ...]
    total: int
    total_capped: bool
    took_ms: float

    @property
    def next(self) -> Cursor | None:
        """Where the next page begins; None on an empty page."""
        return Cursor(self.hits[-1].started_at, self.hits[-1].recording_id) if self.hits else None


class SearchIndex(Protocol):
    """The index inside one transaction; what it did holds when that transaction commits."""

    def index(self, document: Document) -> None:
        """Make a call findable, in place of what was known of it before."""
        ...

    def index_all(self, documents: Iterable[Document]) -> None:
        """Do the same for many calls that are not in the index yet, faster."""
        ...

    def search(self, query: SearchQuery) -> SearchPage:
        """Find one page; raise BadSearchQueryError where the words cannot be read."""
        ...

    def holds(self, document: Document) -> bool:
        """Say whether the index holds exactly this of a call, and can find it."""
        ...

    def remove(self, recording_id: str) -> None:
        """Forget a call; nothing happens where it is unknown."""
        ...
