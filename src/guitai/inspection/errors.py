"""What can be wrong with a form, a fact table or a stored scorecard."""

from guitai.kernel.errors import GuitaiError


class InspectionError(GuitaiError):
    """The base of this package's errors."""

    code = "inspection"


class FormError(InspectionError):
    """A form or fact table that cannot be used: names the file, the line (from 1) and the field."""

    code = "inspection.form"

    def __init__(self, problem: str, *, file: str, line: int = 0, field: str = "", hint: str = "") -> None:
        where = ", ".join(part for part in (file, f"line {line}" if line else "", field) if part)
        super().__init__(f"{where}: {problem}", hint=hint)
        self.file = file
        self.line = line
        self.field = field


class ScorecardError(InspectionError):
    """A stored scorecard that cannot be read back."""

    code = "inspection.scorecard"
