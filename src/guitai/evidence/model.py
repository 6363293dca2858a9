"""What checking a log takes and finds."""

from dataclasses import dataclass

Known = tuple[int, bytes]
"""A size and root seen earlier and kept elsewhere: what shows that a log was set back."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One damaged thing: `code` is stable, `subject` names the thing (entry 17, checkpoint, a file)."""

    code: str
    subject: str
    message: str
