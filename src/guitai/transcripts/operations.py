"""Use cases over the index."""

from contextlib import AbstractContextManager
from typing import Protocol

from guitai.audit.ports import AuditTrail
from guitai.transcripts.search import SearchIndex, SearchPage, SearchQuery


class SearchWork(Protocol):
    """What a search sees of a transaction."""

    @property
    def search(self) -> SearchIndex:
        """The index."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """The trail."""
        ...


class SearchTransactions(Protocol):
    """Begins transactions."""

    def begin(self) -> AbstractContextManager[SearchWork]:
        """Commit when the block ends."""
        ...


def search(query: SearchQuery, transactions: SearchTransactions) -> SearchPage:
    """Find calls; the trail notes that and how many, never the words (they may be a customer's)."""
    with transactions.begin() as work:
        page = work.search.search(query)
        work.audit.append("archive.search", "", {"hits": len(page.hits), "total": page.total})
        return page
