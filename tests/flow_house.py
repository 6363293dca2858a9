"""Installations for tests: made, copied, spoken to through the commands, and fed calls whose words are known."""

import hashlib
import json
import os
import subprocess
import sys
import wave
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from typer.testing import CliRunner

from guitai.adapters.asr.scripted import Line, ScriptedRecogniser
from guitai.adapters.audio.decoding import PyAvDecoder
from guitai.adapters.postgres.server import EmbeddedServer
from guitai.bootstrap import Installation
from guitai.cli.app import app
from guitai.inspection.forms import load_form
from guitai.inspection.operations import compile_form
from guitai.interactions.model import CallMetadata
from guitai.recording.finishing import Finishing
from guitai.recording.intake import Found
from guitai.recording.model import RunReport
from guitai.recording.run import Pipeline, inspect_files
from guitai.recording.sealing import Sealing, recording_id
from guitai.settings import Settings
from guitai.speech.model import Samples, Span
from guitai.speech.operations import SpeechEngine

RATE = 8000
TURN_S = 5.0
_SPEAKS = (0.5, 4.0)
_TRACKS = {"agent": 0, "customer": 1}

Turns = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Spoken:
    """A call of known words: who says what, turn by turn, five seconds each."""

    name: str
    turns: Turns
    metadata: CallMetadata = field(default_factory=CallMetadata)


@dataclass(frozen=True)
class Answer:
    """What a command printed and how it left."""

    status: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.stdout)


@dataclass(frozen=True)
class House:
    """One data folder, spoken to through the commands."""

    data: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def made(cls, data: Path, **environment: str) -> "House":
        """Make a new installation."""
        house = cls(data, environment)
        Installation.create(house.settings)
        return house

    @classmethod
    def copied(cls, source: Path, data: Path, **environment: str) -> "House":
        """Copy an installation whose server is at rest."""
        data.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(data)], check=True)
        return cls(data, environment)

    @property
    def settings(self) -> Settings:
        return Settings.from_environment({"GUITAI_DATA": str(self.data), **self.environment})

    def installation(self) -> Installation:
        """Open it as a command does."""
        return Installation.open(self.settings)

    @contextmanager
    def running(self) -> Iterator["House"]:
        """Keep the database's server up between commands."""
        server = EmbeddedServer(self.data / "postgres")
        server.start()
        try:
            yield self
        finally:
            server.stop()

    def run(self, *arguments: str | Path) -> Answer:
        """Run a command within this process."""
        environment = {"GUITAI_DATA": str(self.data), **self.environment}
        result = CliRunner().invoke(app, [str(one) for one in arguments], env=environment)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    def json(self, *arguments: str | Path) -> Any:
        """Run a command with --json that must succeed, and return its document."""
        answer = self.run(*arguments, "--json")
        assert answer.status == 0, answer
        return answer.json

    def spawn(self, *arguments: str | Path) -> Answer:
        """Run a command as a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "guitai", *map(str, arguments)],
            env=child_environment(self), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return Answer(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection[Any]]:
        """Reach the running server's tables, as someone with its password can."""
        server = EmbeddedServer(self.data / "postgres")
        with psycopg.connect(server._dsn("guitai")) as connection:
            yield connection

    def problems(self, *ids: str) -> list[tuple[str, str]]:
        """Verify these calls, or everything, and return (code, subject) of each problem."""
        answer = self.run("evidence", "verify", *(ids or ("--all",)), "--json")
        verdict = answer.json
        assert answer.status == (1 if verdict["problems"] else 0), answer
        assert verdict["ok"] == (not verdict["problems"])
        for problem in verdict["problems"]:
            assert f"{problem['code']}  {problem['subject']}: " in answer.stderr
        return [(problem["code"], problem["subject"]) for problem in verdict["problems"]]


def child_environment(house: House) -> dict[str, str]:
    """Return the environment of a child process: this one's, with the installation's settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GUITAI_")}
    path = os.pathsep.join(one for one in sys.path if one)
    return {**clean, "PYTHONPATH": path, "GUITAI_DATA": str(house.data), **house.environment}


class FixedVoice:
    """Voice activity that finds speech in every turn's time."""

    model_id = "fixed"

    def spans(self, samples: Samples) -> list[Span]:
        turns = int(samples.size / 16_000 / TURN_S)
        return [Span(turn * TURN_S + _SPEAKS[0], turn * TURN_S + _SPEAKS[1]) for turn in range(turns)]


def write_call(path: Path, turns: Turns, rate: int = RATE) -> None:
    """Write noise as long as the turns take, two tracks, other noise for every other name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(list(path.name.encode()))
    length = int(len(turns) * TURN_S * rate)
    samples = chance.integers(-3000, 3000, (length, 2), dtype=np.int16)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())


def lines_of(turns: Turns) -> dict[int, list[Line]]:
    """Return each track's lines."""
    tracks: dict[int, list[Line]] = {0: [], 1: []}
    for number, (party, text) in enumerate(turns):
        start = number * TURN_S
        tracks[_TRACKS[party]].append(Line(start + _SPEAKS[0], start + _SPEAKS[1], text))
    return tracks


def scripted_pipeline(house: Installation, words: Mapping[Path, Turns], form: str = "bank") -> Pipeline:
    """Return the pipeline of an installation with a recogniser that knows these files' words; all else is real."""
    script = {}
    for path, turns in words.items():
        name = recording_id(house.index_secret, hashlib.sha256(path.read_bytes()).hexdigest())
        for track, lines in lines_of(turns).items():
            script[name, track] = lines
    return Pipeline(
        Sealing(house.vault, house.transactions, PyAvDecoder(), house.clock, house.index_secret),
        Finishing(house.vault, house.transactions, house.clock, compile_form(load_form(form))),
        SpeechEngine(ScriptedRecogniser(script), FixedVoice()),
        house.log,
    )


def take_up(calls: Sequence[Spoken], folder: Path, house: Installation, form: str = "bank") -> RunReport:
    """Write the calls' files into a folder and inspect them."""
    words: dict[Path, Turns] = {}
    found: list[Found] = []
    for call in calls:
        path = folder / call.name
        if not path.exists():
            write_call(path, call.turns)
        words[path] = call.turns
        found.append(Found(path, call.metadata))
    return inspect_files(found, scripted_pipeline(house, words, form))


def ids_by_name(house: House) -> dict[str, str]:
    """Return each call's id by its file's name."""
    with house.database() as connection:
        return dict(connection.execute("select source_name, id from recording").fetchall())


MOBILE, OTHER_MOBILE, ID_CARD, CARD = "13812345678", "13900001234", "110101199003077774", "6222021234567890128"
SPOKEN_MOBILE, SPOKEN_ID = "幺三八一二三四五六七八", "一一零一零一一九九零零三零七七七七四"
NAME, ADDRESS = "王小明", "中关村大街27号院3号楼502"

PERSONAL = Spoken(
    f"客户姓名{NAME}_{MOBILE}.wav",
    (
        ("agent", "您好，青山银行，请问有什么可以帮您"),
        ("customer", "我的手机号是幺三八一二三四"),
        ("agent", "嗯，您继续说"),
        ("customer", "后面是五六七八"),
        ("agent", "请问您的身份证号码"),
        ("customer", "身份证号是一一零一零一一九九零零三零七七七七四"),
        ("customer", f"银行卡号是{CARD}"),
        ("customer", f"我叫{NAME}，家住北京市海淀区{ADDRESS}"),
        ("agent", f"好的{NAME}先生，回拨{OTHER_MOBILE}可以吗"),
        ("customer", "可以，我要退款，谢谢再见"),
    ),
    CallMetadata(
        started_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC), caller=MOBILE, callee="4006021188", agent_id="A1001",
        agent_name="林晓雯", team="综合服务一组", direction="inbound", scene="card_loss",
        tags=("挂失", f"回拨{OTHER_MOBILE}"), customer_ref=f"证件{ID_CARD}", extra={"note": f"{NAME} {CARD}"},
    ),
)  # fmt: skip
PROMISE = Spoken(
    "promise.wav",
    (
        ("agent", "您好，青山银行理财经理，请问您现在方便吗"),
        ("customer", "可以，你说吧"),
        ("agent", "这个产品保本保收益，一定不会亏"),
        ("customer", "听起来不错，怎么退款"),
        ("agent", "三个工作日退款到账，感谢您，再见"),
    ),
    CallMetadata(
        started_at=datetime(2026, 4, 5, 3, 0, tzinfo=UTC), caller="4006021188", callee="13711112222", agent_id="A3001",
        agent_name="许婷", team="财富与贷款组", direction="outbound", scene="wealth", tags=("理财",),
        customer_ref="C100766",
    ),
)  # fmt: skip
PLAIN = Spoken(
    "plain.wav",
    (
        ("agent", "您好，请问有什么可以帮您"),
        ("customer", "贷款利率是多少"),
        ("agent", "年利率百分之三点四五，感谢您的来电，再见"),
    ),
    CallMetadata(
        started_at=datetime(2026, 5, 6, 1, 30, tzinfo=UTC), caller="13611113333", agent_id="A1001",
        agent_name="林晓雯", team="综合服务一组", direction="inbound", scene="loan",
    ),
)  # fmt: skip
CALLS = (PERSONAL, PROMISE, PLAIN)
