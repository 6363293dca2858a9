"""The tables of the spine behind their ports, all within one transaction."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import LiteralString

import psycopg
from psycopg import Connection
from psycopg.rows import DictRow

from guitai.adapters.postgres.audit import PostgresAuditTrail
from guitai.adapters.postgres.database import Database
from guitai.adapters.postgres.errors import DatabaseUnavailable
from guitai.adapters.postgres.evidence_queue import PostgresEvidenceQueue
from guitai.adapters.postgres.recordings import PostgresCoverage, PostgresMarks, PostgresRecordings
from guitai.adapters.postgres.scorecards import PostgresScorecards
from guitai.adapters.postgres.search import PostgresSearch
from guitai.adapters.postgres.transcripts import PostgresTranscripts
from guitai.kernel.clock import Clock


class PostgresUnitOfWork:
    """`UnitOfWork` on one PostgreSQL transaction."""

    def __init__(self, connection: Connection[DictRow], actor: str, clock: Clock) -> None:
        """Open every store on `connection`; audit events are by `actor`."""
        self._connection = connection
        self.recordings = PostgresRecordings(connection)
        self.transcripts = PostgresTranscripts(connection)
        self.scorecards = PostgresScorecards(connection)
        self.marks = PostgresMarks(connection)
        self.coverage = PostgresCoverage(connection, clock)
        self.evidence = PostgresEvidenceQueue(connection)
        self.audit = PostgresAuditTrail(connection, actor, clock)
        self.search = PostgresSearch(connection)

    def rows(self, statement: LiteralString) -> Iterator[DictRow]:
        """Run a read model's query."""
        return iter(self._connection.execute(statement))


class PostgresTransactions:
    """`Transactions` on PostgreSQL, for one actor."""

    def __init__(self, database: Database, actor: str, clock: Clock) -> None:
        """Begin transactions on `database`; audit events are by `actor`."""
        self._database = database
        self._actor = actor
        self._clock = clock

    @contextmanager
    def begin(self) -> Generator[PostgresUnitOfWork]:
        """Commit when the block ends; a lost or full database becomes DatabaseUnavailable."""
        try:
            with self._database.transaction() as connection:
                yield PostgresUnitOfWork(connection, self._actor, self._clock)
        except psycopg.OperationalError as error:
            raise DatabaseUnavailable(
                f"The database did not take the work ({error.sqlstate or 'no answer'}).",
                hint="Check that it runs and has free disk space, then run the command again: nothing is done twice.",
            ) from error
