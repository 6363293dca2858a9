"""The command line's root."""


def run() -> None:
    """Parse the arguments and run one command."""
