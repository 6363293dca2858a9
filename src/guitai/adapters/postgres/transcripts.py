"""Stored transcripts: the sealed whole's address and the masked utterances."""

from psycopg import Connection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from guitai.transcripts.model import utterance_from_json, utterance_to_json
from guitai.transcripts.ports import StoredTranscript
from guitai.vault.model import SealedObject


class PostgresTranscripts:
    """`TranscriptIndex` on PostgreSQL."""

    def __init__(self, connection: Connection[DictRow]) -> None:
        self._connection = connection

    def put(self, stored: StoredTranscript) -> None:
        """Insert or replace."""
        self._connection.execute(
            """insert into transcript
                 (recording_id, sealed, language, models, masked_utterances, masked_digest, made_at)
               values (%s, %s, %s, %s, %s, %s, %s)
               on conflict (recording_id) do update set sealed = excluded.sealed, language = excluded.language,
                 models = excluded.models, masked_utterances = excluded.masked_utterances,
                 masked_digest = excluded.masked_digest, made_at = excluded.made_at""",
            (
                stored.recording_id,
                Jsonb(stored.sealed.to_json()),
                stored.language,
                list(stored.models),
                Jsonb([utterance_to_json(utterance) for utterance in stored.masked]),
                stored.masked_digest,
                stored.made_at,
            ),
        )

    def get(self, recording_id: str) -> StoredTranscript | None:
        """Find by recording."""
        row = self._connection.execute("select * from transcript where recording_id = %s", (recording_id,)).fetchone()
        if row is None:
            return None
        return StoredTranscript(
            recording_id=recording_id,
            sealed=SealedObject.from_json(row["sealed"]),
            language=row["language"],
            models=tuple(row["models"]),
            masked=tuple(utterance_from_json(item) for item in row["masked_utterances"]),
            masked_digest=row["masked_digest"],
            made_at=row["made_at"],
        )
