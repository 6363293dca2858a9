"""What can go wrong with evidence, each with a stable code."""

from guitai.kernel.errors import GuitaiError


class EvidenceError(GuitaiError):
    """Something about the evidence is not as it must be."""

    code = "evidence"


class NoteInvalidError(EvidenceError):
    """A signed note is malformed or its signature is not the expected key's."""

    code = "evidence-note-invalid"


class KeyInvalidError(EvidenceError):
    """A public or private key cannot be read."""

    code = "evidence-key-invalid"


class CheckpointInvalidError(EvidenceError):
    """The log's checkpoint is missing, malformed or signed by another key."""

    code = "evidence-checkpoint-invalid"


class LogTruncatedError(EvidenceError):
    """A file of the log is shorter than its checkpoint says."""

    code = "evidence-log-truncated"


class LogRolledBackError(EvidenceError):
    """The log is older than, or differs from, a state already seen."""

    code = "evidence-log-rolled-back"


class LogDamagedError(EvidenceError):
    """An entry or hash no longer matches what was signed."""

    code = "evidence-log-damaged"


class EntryRefusedError(EvidenceError):
    """An entry is too large, of an unknown kind or not in canonical form."""

    code = "evidence-entry-refused"


class AppendFailedError(EvidenceError):
    """The log could not be written; nothing of this append was acknowledged."""

    code = "evidence-append-failed"


class OutOfRangeError(EvidenceError):
    """An entry or a proof was asked for beyond the end of the log."""

    code = "evidence-out-of-range"


class TimestampInvalidError(EvidenceError):
    """A timestamp token does not vouch for what it should."""

    code = "evidence-timestamp-invalid"


class TimestampRefusedError(EvidenceError):
    """The timestamp authority could not be reached or refused."""

    code = "evidence-timestamp-refused"


class PackInvalidError(EvidenceError):
    """An evidence pack is not exactly what was built."""

    code = "evidence-pack-invalid"


class PackRefusedError(EvidenceError):
    """A pack cannot be built from these contents."""

    code = "evidence-pack-refused"
