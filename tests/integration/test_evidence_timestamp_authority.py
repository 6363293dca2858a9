"""Timestamps by a real authority: `openssl ts` behind a small HTTP server, certificates made here."""

import http.server
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509

from guitai.adapters.timestamps.authority import HttpTimestampAuthority
from guitai.evidence import tokens
from guitai.evidence.digests import digest_text, sha256
from guitai.evidence.entries import RecordingEntry, encode_entry
from guitai.evidence.errors import TimestampInvalidError, TimestampRefusedError
from guitai.evidence.log import EvidenceLog
from guitai.evidence.pack import PackContents, build_pack
from guitai.evidence.pack_check import verify_pack
from guitai.evidence.signers import Ed25519Signer

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
SIGNER = Ed25519Signer("guitai.test/log", b"\x07" * 32)
CONFIG = """
[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[leaf]
basicConstraints = critical, CA:false
extendedKeyUsage = critical, timeStamping
[plain]
basicConstraints = critical, CA:false
[tsa]
default_tsa = here
[here]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
certs = chain.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def openssl(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *arguments], cwd=folder, input=stdin, capture_output=True, check=True).stdout


def make_authority(folder: Path, key: tuple[str, ...], leaf: str = "leaf") -> Path:
    folder.mkdir()
    (folder / "tsa.cnf").write_text(CONFIG)
    (folder / "serial").write_text("01\n")
    for name, subject, extensions, issuer in (
        ("root", "/CN=Test Root", "ca", None),
        ("middle", "/CN=Test Middle", "ca", "root"),
        ("tsa", "/CN=Test TSA/O=Guitai tests", leaf, "middle"),
    ):
        request = (
            "req",
            "-new",
            "-config",
            "tsa.cnf",
            "-newkey",
            *key,
            "-nodes",
            "-keyout",
            f"{name}.key",
            "-subj",
            subject,
        )
        if issuer is None:
            openssl(folder, *request, "-x509", "-days", "30", "-extensions", extensions, "-out", f"{name}.pem")
        else:
            openssl(folder, *request, "-out", f"{name}.csr")
            sign = ("x509", "-req", "-in", f"{name}.csr", "-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key")
            openssl(
                folder,
                *sign,
                "-CAcreateserial",
                "-days",
                "20",
                "-extfile",
                "tsa.cnf",
                "-extensions",
                extensions,
                "-out",
                f"{name}.pem",
            )
    (folder / "chain.pem").write_bytes((folder / "middle.pem").read_bytes())
    return folder


def reply(folder: Path) -> Callable[[bytes], bytes]:
    def answer(request: bytes) -> bytes:
        (folder / "request.tsq").write_bytes(request)
        openssl(folder, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "request.tsq", "-out", "answer.tsr")
        return (folder / "answer.tsr").read_bytes()

    return answer


def roots(folder: Path) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates((folder / "root.pem").read_bytes())


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[bytes], bytes]], str]]:
    servers: list[http.server.HTTPServer] = []

    def start(answer: Callable[[bytes], bytes]) -> str:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                assert self.headers["Content-Type"] == "application/timestamp-query"
                body = answer(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_authority(tmp_path_factory.mktemp("tsa") / "ec", ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"))


def test_a_checkpoint_is_timestamped_kept_and_carried_in_the_pack(tmp_path: Path, authority: Path, serve) -> None:
    wav = b"RIFF" + bytes(1000)
    entry = RecordingEntry(
        "r1", digest_text("sha256", wav), "sha256:00", digest_text("sha256", b"{}"), "AES-256-GCM", "t"
    )
    folder = tmp_path / "log"
    with EvidenceLog.open(folder, SIGNER, origin=SIGNER.name) as log:
        log.append([b"before", encode_entry(entry)])
        stamp = log.timestamp(HttpTimestampAuthority(serve(reply(authority)), roots(authority)))
        log.append([b"after"])
        assert log.timestamps() == [stamp]
        assert log.verify() == []

        verify = ("ts", "-verify", "-token_in", "-in", str(folder / "timestamps/2.tsr"))
        openssl(authority, *verify, "-data", str(folder / "timestamps/2.checkpoint"), "-CAfile", "root.pem")

        pack = tmp_path / "pack.zip"
        build_pack(pack, PackContents("r1", wav, b"{}", (1,), ".wav"), log)
        report = verify_pack(pack, key=log.key, roots=roots(authority))
        assert report.sound
        assert any("Test TSA" in finding.english for finding in report.findings)
        assert not report.remarks
        other = make_authority(tmp_path / "other", ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"))
        refused = verify_pack(pack, key=log.key, roots=roots(other))
        assert "not certified" in refused.findings[-1].english

        for path in (folder / "timestamps").iterdir():
            whole = path.read_bytes()
            for position in range(0, len(whole), 7):
                path.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
                assert [problem.subject for problem in log.verify()] == ["timestamps/2"]
            path.write_bytes(whole)
        (folder / "timestamps/2.tsr").unlink()
        assert "2.tsr is gone" in log.verify()[0].message


@pytest.mark.parametrize("key", [("rsa:2048",), ("ec", "-pkeyopt", "ec_paramgen_curve:P-384")])
def test_tokens_are_read_the_same_without_the_library(tmp_path: Path, key: tuple[str, ...], serve) -> None:
    folder = make_authority(tmp_path / "tsa", key)
    digest = sha256(b"something")
    token = HttpTimestampAuthority(serve(reply(folder)), roots(folder)).timestamp(digest)
    read = tokens.read_token(token)
    assert read.digest == digest
    assert "CN=Test TSA" in read.authority
    assert tokens.trusted_by(read, roots(folder))
    assert not tokens.trusted_by(read, ())
    text = openssl(
        folder, "ts", "-reply", "-token_in", "-in", "/dev/stdin", "-token_out", "-text", stdin=token
    ).decode()
    assert read.time.strftime("%b %e %H:%M:%S %Y GMT") in text


def test_altered_tokens_are_refused_or_say_the_same(authority: Path, serve) -> None:
    """Certificates and outer wrapping are not signed; all that is said, and by whom, is."""
    token = HttpTimestampAuthority(serve(reply(authority)), roots(authority)).timestamp(sha256(b"x"))
    said = tokens.read_token(token)
    for position in range(0, len(token), 3):
        altered = token[:position] + bytes([token[position] ^ 4]) + token[position + 1 :]
        try:
            read = tokens.read_token(altered)
        except TimestampInvalidError:
            continue
        trusted = tokens.trusted_by(read, roots(authority))
        assert not trusted or (read.digest, read.time, read.signer) == (said.digest, said.time, said.signer)


def test_answers_that_are_not_to_be_trusted(tmp_path: Path, authority: Path, serve) -> None:
    other = make_authority(tmp_path / "other", ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"))
    with pytest.raises(TimestampInvalidError):
        HttpTimestampAuthority(serve(reply(authority)), roots(other)).timestamp(sha256(b"x"))
    old: list[bytes] = []

    def replay(request: bytes) -> bytes:
        old.append(reply(authority)(request))
        return old[0]

    client = HttpTimestampAuthority(serve(replay), roots(authority))
    client.timestamp(sha256(b"x"))
    with pytest.raises(TimestampInvalidError, match="Nonce"):
        client.timestamp(sha256(b"x"))


def test_authorities_that_do_not_answer(authority: Path, serve) -> None:
    with pytest.raises(TimestampRefusedError, match="cannot be read"):
        HttpTimestampAuthority(serve(lambda _: b"<html>"), roots(authority)).timestamp(sha256(b"x"))
    with pytest.raises(TimestampRefusedError, match="refused"):
        HttpTimestampAuthority(serve(lambda _: bytes.fromhex("30053003020102")), roots(authority)).timestamp(
            sha256(b"x")
        )
    with pytest.raises(TimestampRefusedError, match="did not answer"):
        HttpTimestampAuthority("http://127.0.0.1:9/", roots(authority)).timestamp(sha256(b"x"))
    with pytest.raises(TimestampRefusedError, match="URL"):
        HttpTimestampAuthority("file:///etc/passwd", roots(authority))
