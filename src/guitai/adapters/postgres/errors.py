"""What can go wrong between Guitai and its database, in words an operator can act on."""

from guitai.kernel.errors import GuitaiError


class DatabaseUnavailable(GuitaiError):
    """The database does not start or does not answer."""

    code = "database.unavailable"


class DatabaseFromTheFuture(GuitaiError):
    """The database was written by a newer Guitai than this one."""

    code = "database.newer"
