"""The figures of benchmarks/results.json as a Markdown table; `--write` puts it into both READMEs.

`python -m benchmarks.readme_table [--write]`: the table stands between the comments `<!-- figures -->` and
`<!-- /figures -->`, in each README under that README's own headings.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

REPO = Path(__file__).parent.parent
RESULTS = REPO / "benchmarks" / "results.json"
BEGIN, END = "<!-- figures -->", "<!-- /figures -->"
HEADINGS = {
    "README.md": ("Figure", "Workload", "Guitai", "Peer", "Unit", "Ratio", "Bar", "Met"),
    "README.zh-CN.md": ("指标", "任务", "柜台", "对照", "单位", "比值", "门槛", "达到"),
}
YES_NO = {"README.md": ("yes", "**no**"), "README.zh-CN.md": ("是", "**否**")}


def table(results: Sequence[dict[str, Any]], readme: str = "README.md") -> str:
    """Return the Markdown table of the results in their order, in the language of one of the READMEs."""
    headings, (yes, no) = HEADINGS[readme], YES_NO[readme]
    rows = [headings, ("---",) * len(headings)]
    rows += [
        (
            result["name"],
            result["workload"],
            _number(result["ours"]),
            f"{_number(result['peer'])} ({result['peer_name']})",
            result["unit"],
            _number(result["ratio"]),
            result["bar"],
            yes if result["met"] else no,
        )
        for result in results
    ]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def main(arguments: Sequence[str]) -> int:
    if not RESULTS.exists():
        print("benchmarks/results.json is not there: run `make bench` first", file=sys.stderr)
        return 1
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    if "--write" not in arguments:
        print(table(results))
        return 0
    for name in HEADINGS:
        path = REPO / name
        before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
        _, end, after = rest.partition(END)
        if not (begin and end):
            print(f"{name} does not hold {BEGIN} and {END}", file=sys.stderr)
            return 1
        path.write_text(f"{before}{BEGIN}\n{table(results, name)}\n{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
