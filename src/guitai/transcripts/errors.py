"""What can go wrong with transcripts, as a user sees it."""

from guitai.kernel.errors import GuitaiError


class BadSearchQueryError(GuitaiError):
    """The words asked for cannot be read as a query."""

    code = "transcripts.bad_query"
