"""The one base of every error a user may see."""


class GuitaiError(Exception):
    """What went wrong and what to do next, in words safe to show: no customer data, ever.

    Subclasses belong to the domain that raises them and set `code`, a stable name a user can quote.
    """

    code = "guitai"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()
