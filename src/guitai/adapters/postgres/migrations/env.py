"""Alembic's entry: one connection, one transaction, an advisory lock against two upgrades at once."""

import psycopg
from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

_UPGRADE_LOCK = 0x67756974  # "guit"

engine = create_engine(
    "postgresql+psycopg://", creator=lambda: psycopg.connect(context.config.attributes["dsn"]), poolclass=NullPool
)
with engine.connect() as connection:
    connection.execute(text("select pg_advisory_lock(:key)"), {"key": _UPGRADE_LOCK})
    connection.commit()
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
engine.dispose()
