"""Conversations and one-criterion forms written as text, for the tables of this folder."""

from pathlib import Path

from guitai.inspection.forms import load_form
from guitai.inspection.model import Conversation
from guitai.inspection.operations import CompiledForm, compile_form
from guitai.interactions.model import Party, Utterance

FORM = """form: example
version: "1"
industry: bank
title: 例
scenes: [sale, other]
facts: bank
dimensions:
  - {{id: manners, title: 态度, weight: 100}}
phrases:
  greetings: [您好, 很高兴为您服务]
criteria:
  - id: it
    title: 例
    dimension: manners
    points: 5
    severity: minor
    clause: 例
{body}
"""
_PARTIES = {"A": Party.AGENT, "C": Party.CUSTOMER, "?": Party.UNKNOWN}


def conversation(script: str, scene: str | None = None, duration_s: float | None = None) -> Conversation:
    """Read lines of `party start end text`, where the text may end in marks: `|db=-12`, `|mood=angry`, `|sure=0.2`."""
    utterances: list[Utterance] = []
    for index, line in enumerate(filter(None, (line.strip() for line in script.strip().splitlines()))):
        said, *marks = line.split("|")
        party, start, end, *words = said.split(" ", 3)
        given = dict(mark.split("=") for mark in marks)
        text = words[0].strip() if words else ""
        utterances.append(
            Utterance(
                index,
                _PARTIES[party],
                float(start),
                float(end),
                text,
                text,
                confidence=float(given.get("sure", "0.9")),
                loudness_db=float(given["db"]) if "db" in given else None,
                mood=given.get("mood"),
            )
        )
    end_s = duration_s if duration_s is not None else max((one.end_s for one in utterances), default=0.0)
    return Conversation(tuple(utterances), end_s, scene)


def compiled(body: str, folder: Path) -> CompiledForm:
    """Compile a form whose one criterion has the keys in `body`."""
    path = folder / "example.yaml"
    path.write_text(FORM.format(body="\n".join(f"    {line}" for line in body.strip().splitlines())), encoding="utf-8")
    return compile_form(load_form(path))
