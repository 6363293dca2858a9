"""What every page of the report shares: its frame, and how times, parties and scenes are written."""

from html import escape

from guitai.interactions.model import Party

PARTIES = {Party.AGENT: "坐席", Party.CUSTOMER: "客户", Party.UNKNOWN: "未分辨"}
SCENES = {
    "card_loss": "挂失",
    "overdue": "逾期提醒",
    "wealth": "理财",
    "fraud": "防诈骗",
    "complaint": "投诉",
    "loan": "贷款",
    "transfer": "转接",
    "other": "其他",
}
# Nothing but the report's own style sheet may load, whatever a name in a page contains.
_POLICY = "default-src 'none'; style-src 'self' file:; base-uri 'none'; form-action 'none'"


def page(title: str, body: str, *, depth: int = 0) -> str:
    """Wrap a body (HTML) under a title (text); `depth` is how many folders below the first page it lies."""
    up = "../" * depth
    back = f'<p><a href="{up}index.html">← 质检报告</a></p>' if depth else ""
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="{up}style.css"></head>'
        f"<body>{back}<h1>{escape(title)}</h1>{body}</body></html>\n"
    )


def scene_name(scene: str) -> str:
    """Return a scene's Chinese name, or its id where it is one of the bank's own."""
    return SCENES.get(scene, scene)


def clock(seconds: float) -> str:
    """Return 00:03:20 for 200 seconds."""
    whole = int(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def table(heads: str, rows: str, *, kind: str = "") -> str:
    """Return a table that scrolls by itself where the screen is narrow; `heads` and `rows` are HTML."""
    return (
        f'<div class="scroll"><table class="{kind}"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )
