"""The search index of calls: masked text only."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"

_SCHEMA = Path(__file__).parents[2] / "schema" / "search.sql"


def upgrade() -> None:
    op.execute(_SCHEMA.read_text(encoding="utf-8"))
