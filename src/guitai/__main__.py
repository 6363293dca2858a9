"""The command: `guitai` or `python -m guitai`."""


def main() -> None:
    """Run the command line."""
    from guitai.cli.app import run

    run()


if __name__ == "__main__":
    main()
