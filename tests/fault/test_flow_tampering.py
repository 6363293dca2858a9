"""Whatever is changed behind Guitai's back is found by `evidence verify --all`, and named."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from flow_house import House, ids_by_name
from guitai.recording.proving import verify_all


@pytest.fixture(scope="module")
def promise(archive: House) -> str:
    assert archive.problems() == []
    return ids_by_name(archive)["promise.wav"]


@contextmanager
def flipped(path: Path, position: int = -1) -> Iterator[None]:
    whole = path.read_bytes()
    bad = bytearray(whole)
    bad[position] ^= 1
    path.write_bytes(bad)
    try:
        yield
    finally:
        path.write_bytes(whole)


@pytest.mark.parametrize("copy", ["a", "b"])
@pytest.mark.parametrize("role", ["recording", "metadata", "transcript"])
def test_a_flipped_byte_of_a_copy(archive: House, promise: str, copy: str, role: str) -> None:
    path = archive.data / "objects" / copy / promise[-2:] / promise / role
    for position in (0, path.stat().st_size // 2, -1):
        with flipped(path, position):
            problems = archive.problems(promise)
            assert [code for code, _ in problems] == ["copy-damaged"]
            assert problems[0][1].endswith(f"objects/{copy}/{promise[-2:]}/{promise}/{role}")
    assert archive.problems(promise) == []


@pytest.mark.parametrize("role", ["recording", "metadata", "transcript"])
def test_a_missing_copy_and_both_missing(archive: House, promise: str, role: str, tmp_path: Path) -> None:
    paths = [archive.data / "objects" / copy / promise[-2:] / promise / role for copy in "ab"]
    kept = [shutil.move(path, tmp_path / f"{number}") for number, path in enumerate(paths)]
    try:
        problems = archive.problems()
        assert problems.count(("copy-missing", problems[0][1])) == 1
        assert sum(code == "copy-missing" for code, _ in problems) == 2
        assert all(promise in subject for _, subject in problems)
    finally:
        for path, original in zip(kept, paths, strict=True):
            shutil.move(path, original)
    assert archive.problems() == []


@dataclass(frozen=True)
class Change:
    """What someone does to the tables, and what verifying then says."""

    name: str
    statement: str
    code: str
    subject: str = "{id}"


CARD = "{id} bank {version}"
CHANGES = [
    *(
        Change(f"recording.{column}", f"update recording set {column} = {value} where id = %(id)s", code)
        for column, value, code in [
            ("source_name", "'other.wav'", "recording.altered"),
            ("original_digest", "repeat('0', 64)", "recording.altered"),
            ("original_size", "original_size + 1", "recording.altered"),
            ("sealed_at", "sealed_at + interval '1 second'", "recording.altered"),
            ("sealed", "jsonb_set(sealed, '{cipher_digest}', to_jsonb(repeat('0', 64)))", "recording.altered"),
            ("sealed", "jsonb_set(sealed, '{plain_digest}', to_jsonb(repeat('0', 64)))", "recording.altered"),
            ("sealed", "jsonb_set(sealed, '{wrapped_key}', to_jsonb(repeat('00', 60)))", "key-refused"),
            ("metadata_sealed", "jsonb_set(metadata_sealed, '{plain_digest}', to_jsonb(repeat('0', 64)))",
             "recording.altered"),
            ("metadata_sealed", "jsonb_set(metadata_sealed, '{cipher_digest}', to_jsonb(repeat('0', 64)))",
             "copy-damaged"),
        ]
    ),
    *(
        Change(f"interaction.{column}", f"update interaction set {column} = {value} where id = %(interaction)s",
               "interaction.altered")
        for column, value in [
            ("started_at", "started_at + interval '1 day'"), ("direction", "'inbound'"), ("caller_masked", "'1'"),
            ("callee_masked", "null"), ("number_keys", "'{}'"), ("number_ends", "'{9999}'"), ("agent_id", "'A1001'"),
            ("agent_name", "'林晓雯'"), ("team", "'二组'"), ("scene", "'other'"), ("tags", "'{好}'"),
            ("customer_ref", "'C1'"), ("channel", "'chat'"),
        ]
    ),
    *(
        Change(f"transcript.{column}", f"update transcript set {column} = {value} where recording_id = %(id)s", code)
        for column, value, code in [
            ("masked_utterances", "jsonb_set(masked_utterances, '{2,text}', '\"这个产品有风险\"')",
             "transcript.altered"),
            ("masked_utterances", "jsonb_set(masked_utterances, '{2,spoken}', '\"这个产品有风险\"')",
             "transcript.altered"),
            ("masked_utterances", "jsonb_set(masked_utterances, '{2,party}', '\"customer\"')", "transcript.altered"),
            ("masked_utterances", "jsonb_set(masked_utterances, '{2,start_s}', '9.5')", "transcript.altered"),
            ("masked_utterances", "jsonb_set(masked_utterances, '{2,confidence}', '0.1')", "transcript.altered"),
            ("masked_utterances", "jsonb_set(masked_utterances, '{2,words,0,0}', '\"那\"')", "transcript.altered"),
            ("masked_utterances", "masked_utterances - 2", "transcript.altered"),
            ("masked_digest", "repeat('0', 64)", "transcript.altered"),
            ("models", "'{other}'", "transcript.altered"),
            ("language", "'en'", "transcript.altered"),
            ("sealed", "jsonb_set(sealed, '{cipher_digest}', to_jsonb(repeat('0', 64)))", "transcript.altered"),
        ]
    ),
    Change("scorecard.body", "update scorecard set body = ' ' || body "
           "where recording_id = %(id)s", "scorecard.altered", CARD),
    Change("scorecard.digest", "update scorecard set digest = repeat('0', 64) where recording_id = %(id)s",
           "scorecard.altered", CARD),
    Change("scorecard.total", "update scorecard set total = 100 where recording_id = %(id)s", "findings.altered"),
    Change("scorecard gone", "with f as (delete from finding where recording_id = %(id)s) "
           "delete from scorecard where recording_id = %(id)s", "scorecard.missing", CARD),
    *(
        Change(f"finding.{column}", f"update finding set {column} = {value} where recording_id = %(id)s "
               "and outcome = 'violated'", "findings.altered")
        for column, value in [("outcome", "'passed'"), ("points", "0"), ("title", "'好'"), ("at_ms", "1"),
                              ("dimension", "'wording'"), ("severity", "'none'")]
    ),
    Change("finding gone", "delete from finding where recording_id = %(id)s and outcome = 'violated'",
           "findings.altered"),
    *(
        Change(f"search.{column}", f"update transcript_search set {column} = {value} where recording_id = %(id)s",
               "search.altered")
        for column, value in [
            ("folded", "replace(folded, '保本', '风险')"), ("started_at", "started_at - interval '1 day'"),
            ("agent_id", "'A1001'"), ("agent_name", "null"), ("team", "'二组'"), ("scene", "'other'"),
            ("score", "100"), ("tags", "'{}'"), ("marks", "'{}'"), ("number_keys", "'{}'"), ("last4", "'{}'"),
        ]
    ),
    Change("search.shown", "update transcript_search_shown set shown = replace(shown, '保本', '风险') "
           "where recording_id = %(id)s", "search.altered"),
    Change("search.starts", "update transcript_search_shown set starts[1] = 99 where recording_id = %(id)s",
           "search.altered"),
    Change("search gone", "delete from transcript_search where recording_id = %(id)s", "search.altered"),
    Change("search block gone", "delete from transcript_search_block", "search.altered"),
    Change("mark.label", "update mark set label = '好' where recording_id = %(id)s", "marks.altered"),
    Change("mark.at_ms", "update mark set at_ms = at_ms + 1 where recording_id = %(id)s", "marks.altered"),
    Change("mark gone", "delete from mark where recording_id = %(id)s", "marks.altered"),
    Change("evidence_entry.body", "update evidence_entry set body = body || ' ' where subject = %(id)s "
           "and kind = 'recording'", "database.entry_altered", "entry {leaf}"),
    Change("evidence_entry.subject", "update evidence_entry set subject = 'x' where subject = %(id)s "
           "and kind = 'recording'", "recording.unwitnessed"),
    Change("evidence_entry gone", "delete from evidence_entry where subject = %(id)s and kind = 'recording'",
           "database.rolled_back", "entry {leaf}"),
    *(
        Change(f"audit_event.{column}", f"update audit_event set {column} = {value} where seq = 2", "audit.broken",
               "audit event 2")
        for column, value in [("at", "at + interval '1 second'"), ("actor", "'os:nobody'"), ("action", "'x'"),
                              ("subject", "'x'"), ("detail", "'{\"x\": 1}'"), ("digest", "repeat('0', 64)")]
    ),
    Change("audit_event gone", "delete from audit_event where seq = 2", "audit.broken", "audit event 2"),
    Change("audit_event first gone", "delete from audit_event where seq = 1", "audit.broken", "audit event 1"),
    Change("audit_event put in", "insert into audit_event select 0, at, actor, action, subject, detail, digest "
           "from audit_event where seq = 1", "audit.broken", "audit event 0"),
    Change("audit_event tail cut", "delete from audit_event where seq >= "
           "(select max(last) from (select max(subject::bigint) as last from evidence_entry where kind = 'audit') a)",
           "audit.rewritten", "audit event {anchored}"),
    Change("recording gone with all that hangs on it", "; ".join([
        *(f"delete from {table} where recording_id = %(id)s" for table in (
            "finding", "scorecard", "mark", "coverage", "transcript", "transcript_search", "transcript_search_shown")),
        "delete from recording where id = %(id)s", "delete from interaction where id = %(interaction)s",
    ]), "recording.missing"),
    Change("recording gone with its evidence", "delete from recording where id = %(id)s; "
           "delete from evidence_entry where subject = %(id)s", "database.rolled_back", "entry {leaf}"),
    Change("recording put in", "update interaction set id = 'x' where id = %(interaction)s; update recording set id = 'x', "
           "interaction_id = 'x' where id = %(id)s", "recording.unwitnessed", "x"),
    Change("rows that cannot be read", "update scorecard set body = '{}' where recording_id = %(id)s",
           "recording.unreadable"),
    Change("sealed record that cannot be read", "update recording set sealed = '{}' where id = %(id)s",
           "recording.unreadable"),
    *(
        Change(f"recording.{column}", f"update recording set {column} = {value} where id = %(id)s", "transcript.altered")
        for column, value in [("container", "'x'"), ("codec", "'x'"), ("sample_rate", "1"), ("duration_ms", "1"),
                              ("tracks", "'[]'"), ("flags", "'{好}'")]
    ),
]  # fmt: skip


CHANGED_TABLES = (
    "interaction", "recording", "transcript", "scorecard", "finding", "mark", "coverage", "audit_event",
    "evidence_entry", "transcript_search", "transcript_search_shown", "transcript_search_block",
)  # fmt: skip


@contextmanager
def altered(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Put every table back afterwards."""
    connection.execute("set session_replication_role = replica")
    for table in CHANGED_TABLES:
        connection.execute(f"create temporary table kept_{table} as table {table}")
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        for table in CHANGED_TABLES:
            connection.execute(f"delete from {table}")
            connection.execute(f"insert into {table} overriding system value table kept_{table}")
            connection.execute(f"drop table kept_{table}")
        connection.commit()


@pytest.fixture(scope="module")
def proving(archive: House, promise: str) -> Iterator[Any]:
    with archive.installation() as installation:
        yield installation.proving()


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_a_changed_row(archive: House, proving: Any, promise: str, change: Change) -> None:
    with archive.database() as connection, altered(connection):

        def one(statement: str) -> Any:
            row = connection.execute(statement, {"id": promise}).fetchone()
            assert row is not None
            return row[0]

        names = {
            "id": promise,
            "interaction": one("select interaction_id from recording where id = %(id)s"),
            "version": one("select form_version from scorecard where recording_id = %(id)s"),
            "leaf": one("select leaf_index from evidence_entry where subject = %(id)s and kind = 'recording'"),
            "anchored": one("select max(subject::bigint) from evidence_entry where kind = 'audit' and %(id)s <> ''"),
        }
        for statement in change.statement.split(";"):
            assert connection.execute(statement, names if "%(" in statement else None).rowcount > 0
        connection.commit()
        found = [(problem.code, problem.subject) for problem in verify_all(proving).problems]
        subject = change.subject.format(**names)
        assert any(code == change.code and subject in named for code, named in found), found
    assert not verify_all(proving).problems


def test_the_command_names_what_was_changed(archive: House, promise: str) -> None:
    with archive.database() as connection:
        connection.execute("update mark set label = label || '!' where recording_id = %s", (promise,))
    assert {code for code, _ in archive.problems()} == {"marks.altered", "search.altered"}
    assert {subject for _, subject in archive.problems(promise)} == {promise}
    with archive.database() as connection:
        connection.execute("update mark set label = rtrim(label, '!') where recording_id = %s", (promise,))
    assert archive.problems() == []


def test_a_mark_set_by_hand_is_found_changed(own_archive: Callable[[], House]) -> None:
    house = own_archive()
    with house.running():
        call = ids_by_name(house)["plain.wav"]
        house.json("calls", "mark", call, "--at", "00:00:07", "--label", "客户问利率")
        assert house.problems() == []
        with house.database() as connection:
            connection.execute("update mark set label = '别的' where recording_id = %s", (call,))
        assert ("marks.altered", call) in house.problems()


def test_an_entry_that_lost_its_place_gets_it_back(archive: House, promise: str) -> None:
    with archive.database() as connection:
        connection.execute("update evidence_entry set leaf_index = null where subject = %s", (promise,))
    assert archive.problems() == []


@pytest.mark.parametrize("name", ["entries", "offsets", "hashes", "checkpoint"])
def test_a_flipped_byte_of_the_log(archive: House, name: str) -> None:
    path = archive.data / "evidence" / name
    assert archive.problems() == []
    for position in (0, path.stat().st_size // 2, -1):
        with flipped(path, position):
            problems = archive.problems()
            assert problems, f"byte {position} of {name}"
            assert all(
                code.startswith(("entry", "offset", "hash", "checkpoint", "root", "log")) for code, _ in problems
            )
    assert archive.problems() == []


@pytest.mark.parametrize("name", ["entries", "offsets", "hashes", "checkpoint"])
def test_a_cut_or_missing_file_of_the_log(archive: House, name: str) -> None:
    path = archive.data / "evidence" / name
    whole = path.read_bytes()
    try:
        for left in (whole[:-1], whole[: len(whole) // 2], b"", None):
            path.unlink(missing_ok=True)
            if left is not None:
                path.write_bytes(left)
            assert archive.problems(), f"{name} with {left and len(left)} bytes"
    finally:
        path.unlink(missing_ok=True)
        path.write_bytes(whole)
    assert archive.problems() == []


def test_a_log_that_was_set_back(own_archive: Callable[[], House], tmp_path: Path) -> None:
    house = own_archive()
    shutil.copytree(house.data / "evidence", tmp_path / "older")
    with house.running():
        house.json("calls", "list")
        shutil.rmtree(house.data / "evidence")
        shutil.copytree(tmp_path / "older", house.data / "evidence")
        assert {code for code, _ in house.problems()} == {"log-rolled-back"}
        refused = house.run("calls", "list", "--json")
        assert refused.status == 1
        assert "rolled" in refused.json["error"]["code"]


def test_a_database_that_was_set_back(own_archive: Callable[[], House], tmp_path: Path) -> None:
    house = own_archive()
    shutil.rmtree(tmp_path / "older", ignore_errors=True)
    older = House.copied(house.data, tmp_path / "older")
    house.json("calls", "list")
    shutil.rmtree(house.data / "postgres")
    shutil.move(older.data / "postgres", house.data / "postgres")
    with house.running():
        problems = house.problems()
    assert problems
    assert {code for code, _ in problems} == {"database.rolled_back", "audit.rewritten"}


def test_a_missing_keyring_and_a_missing_key(own_archive: Callable[[], House]) -> None:
    house = own_archive()
    for name, code in (("key", "keyring"), ("keyring", "installation.missing")):
        path = house.data / "keys" / name
        whole = path.read_bytes()
        path.unlink()
        answer = house.run("evidence", "verify", "--all", "--json")
        assert answer.status == 1
        assert answer.json["error"]["code"].startswith(code)
        assert answer.json["error"]["hint"]
        path.write_bytes(whole)


def test_a_wrong_passphrase(houses: Path, tmp_path: Path) -> None:
    right, wrong = tmp_path / "right", tmp_path / "wrong"
    for path in (right, wrong):
        path.write_text(f"the {path.name} passphrase, long enough")
        path.chmod(0o600)
    data = houses / "passphrase"
    house = House.made(data, GUITAI_PASSPHRASE_FILE=str(right))
    assert house.problems() == []
    answer = House(data, {"GUITAI_PASSPHRASE_FILE": str(wrong)}).run("evidence", "verify", "--all", "--json")
    assert answer.status == 1
    assert "passphrase" in answer.json["error"]["message"].lower()
    assert answer.json["error"]["code"]
