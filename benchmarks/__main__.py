"""Run every benchmark, or the ones named; print the table and write benchmarks/results.json."""

import importlib
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.result import Result

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"


def main(names: list[str]) -> int:
    known = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no benchmark named {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    results: list[Result] = []
    for name in names or known:
        print(f"· {name}", file=sys.stderr, flush=True)
        results += importlib.import_module(f"benchmarks.bench_{name}").run()
    kept = _others(results)
    RESULTS.write_text(json.dumps(kept + [r.as_json() for r in results], indent=1, ensure_ascii=False) + "\n")
    _print(results)
    return 0 if all(result.met for result in results) else 1


def _others(results: list[Result]) -> list[dict[str, object]]:
    """Earlier figures that this run did not measure anew."""
    if not RESULTS.exists():
        return []
    fresh = {result.name for result in results}
    return [old for old in json.loads(RESULTS.read_text()) if old["name"] not in fresh]


def _print(results: list[Result]) -> None:
    table = Table("name", "workload", "ours", "peer", "unit", "ratio", "bar", "met")
    for r in results:
        peer = f"{r.peer:.4g} ({r.peer_name})"
        table.add_row(
            r.name, r.workload, f"{r.ours:.4g}", peer, r.unit, f"{r.ratio:.3g}", r.bar, "yes" if r.met else "NO"
        )
    Console(width=200).print(table)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
