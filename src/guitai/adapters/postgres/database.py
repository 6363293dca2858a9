"""Connections, transactions and migrations of one PostgreSQL database."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool

from guitai.adapters.postgres.errors import DatabaseFromTheFuture, DatabaseUnavailable
from guitai.adapters.postgres.server import EmbeddedServer

_GIVE_UP_AFTER_S = 10.0
_MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """One database, migrated to this version: `with database.transaction() as connection`."""

    def __init__(self, url: str | None, embedded_folder: Path) -> None:
        """Connect to `url`, or start the embedded server in `embedded_folder`; raise DatabaseUnavailable."""
        self._server = None if url else EmbeddedServer(embedded_folder)
        try:
            self._dsn = url or (self._server.start() if self._server else "")
            self._migrate()
        except BaseException as error:
            if self._server is not None:
                self._server.stop()
            if isinstance(error, psycopg.OperationalError):
                raise DatabaseUnavailable(
                    "The database does not answer.", hint="Check GUITAI_DATABASE_URL and that the server runs."
                ) from error
            raise
        self._pool: ConnectionPool[Connection[DictRow]] = ConnectionPool(
            self._dsn, min_size=1, max_size=8, open=True, timeout=_GIVE_UP_AFTER_S, kwargs={"row_factory": dict_row}
        )

    @contextmanager
    def transaction(self) -> Generator[Connection[DictRow]]:
        """Give a connection whose work is committed when the block ends and undone when it raises."""
        with self._pool.connection() as connection:
            yield connection

    def close(self) -> None:
        """Give up the connections and, as its last user, stop the embedded server."""
        self._pool.close()
        if self._server is not None:
            self._server.stop()

    def _migrate(self) -> None:
        known = sorted(path.stem for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))
        head = known[-1].split("_")[0]
        with psycopg.connect(self._dsn) as connection:
            current = _current_revision(connection)
        if current == head:
            return
        if current is not None and current > head:
            raise DatabaseFromTheFuture(
                f"The database is at revision {current}, this Guitai knows {head}.", hint="Upgrade Guitai first."
            )
        _upgrade(self._dsn)


def _current_revision(connection: Connection[Any]) -> str | None:
    if connection.execute("select to_regclass('alembic_version')").fetchone() == (None,):
        return None
    row = connection.execute("select version_num from alembic_version").fetchone()
    return None if row is None else str(row[0])


def _upgrade(dsn: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["dsn"] = dsn
    command.upgrade(config, "head")
