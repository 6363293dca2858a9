# ruff: noqa: T201 - what it prints is what it is asked for
"""A process that inspects a folder as `guitai inspect` does, its recogniser a script: made to be killed.

    python tests/fault/flow_child.py FOLDER [TURNS]

Prints each call's path and score once it is committed.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from flow_house import scripted_pipeline
from guitai.bootstrap import Installation
from guitai.interactions.model import CallMetadata
from guitai.kernel.errors import GuitaiError
from guitai.recording.intake import Found
from guitai.recording.run import Progress, inspect_files
from guitai.settings import Settings

TURNS = (("agent", "您好，请问有什么可以帮您"), ("customer", "我的手机号是幺三八一二三四五六七八"))


def main() -> int:
    folder = Path(sys.argv[1])
    files = sorted(folder.iterdir())
    settings = Settings.from_environment()
    try:
        Installation.create(settings)
        with Installation.open(settings, jobs=1) as house:
            pipeline = scripted_pipeline(house, dict.fromkeys(files, TURNS))
            done = 0

            def show(progress: Progress) -> None:
                nonlocal done
                while done < progress.done:
                    done += 1
                    print("done", flush=True)

            report = inspect_files(
                [Found(file, CallMetadata(scene="loan")) for file in files], pipeline, on_progress=show
            )
            house.anchor()
    except GuitaiError as error:
        print(error.code, file=sys.stderr)
        return 1
    for line in (*report.failed, *report.skipped):
        print(line, file=sys.stderr)
    print("duplicates", len(report.duplicates))
    print("inspected", *report.recordings)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
