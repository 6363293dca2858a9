"""The scripts of the sample calls: what is said, by whom, when, and which rule it breaks on purpose."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import yaml

FOLDER = Path(__file__).parent
SCENES = ("card_loss", "overdue", "wealth", "fraud", "complaint", "loan", "transfer", "other")
VIOLATIONS = (
    "no_greeting",
    "interruption",
    "long_silence",
    "shouting",
    "asks_password",
    "promises_return",
    "no_risk_disclosure",
    "wrong_rate",
    "id_number_collected",
)
PartyName = Literal["agent", "customer"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn as written: it starts `pause` seconds after the turn before ends, or `overlap` seconds before that.

    `speed` and `pitch` scale the speaker's own, `gain` is in dB, `voice` names another speaker of the same party.
    `breaks` lists the violations planted here; `tempts` the ones this turn looks like but does not commit.
    """

    party: PartyName
    text: str
    pause: float = 0.5
    overlap: float = 0.0
    speed: float = 1.0
    pitch: float = 1.0
    gain: float = 0.0
    voice: str | None = None
    breaks: tuple[str, ...] = ()
    tempts: tuple[str, ...] = ()
    readings: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Noise:
    """What is heard behind a party: kind `babble` or `pink`, at `snr` dB below the speech."""

    party: PartyName
    kind: Literal["babble", "pink"]
    snr: float


@dataclass(frozen=True, slots=True)
class Script:
    """One sample call; `slug` is its file name without the ending."""

    slug: str
    title: str
    scene: str
    direction: Literal["inbound", "outbound"]
    started_at: datetime
    agent_id: str
    agent_name: str
    team: str
    caller: str
    callee: str
    customer_ref: str
    voices: dict[str, str]
    turns: tuple[Turn, ...]
    tags: tuple[str, ...] = ()
    language: str = "zh"
    mono: bool = False
    noise: Noise | None = None


def load(path: Path) -> Script:
    """Read and check one script; a ValueError names the file and what is wrong in it."""
    raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        turns = tuple(_turn(entry) for entry in raw.pop("turns"))
        noise = Noise(**raw.pop("noise")) if "noise" in raw else None
        raw["tags"] = tuple(raw.get("tags", ()))
        script = Script(slug=path.stem, turns=turns, noise=noise, **raw)
    except (TypeError, KeyError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    _check(script)
    return script


def load_all() -> list[Script]:
    """Every script, in the order of their numbers."""
    return [load(path) for path in sorted((FOLDER / "scripts").glob("*.yaml"))]


def _turn(entry: dict[str, Any]) -> Turn:
    for key in ("breaks", "tempts"):
        entry[key] = tuple(entry.get(key, ()))
    return Turn(**entry)


def _check(script: Script) -> None:
    unknown = {name for turn in script.turns for name in turn.breaks + turn.tempts} - set(VIOLATIONS)
    if unknown:
        raise ValueError(f"{script.slug}: unknown violations {sorted(unknown)}")
    if script.scene not in SCENES:
        raise ValueError(f"{script.slug}: unknown scene {script.scene}")
    if script.turns[0].overlap or any(turn.party not in {"agent", "customer"} for turn in script.turns):
        raise ValueError(f"{script.slug}: a turn has no such party, or the first one overlaps")
