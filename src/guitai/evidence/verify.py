"""The offline verifier: `python -m guitai.evidence.verify pack.zip [--key KEY] [--tsa-ca FILE.pem]`.

Needs the standard library and `cryptography` alone: no database, no network. Exit status 0: everything holds;
1: something was changed, and is named; 2: wrong usage.
"""

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509

from guitai.evidence.errors import KeyInvalidError
from guitai.evidence.notes import VerifierKey, parse_key
from guitai.evidence.pack_check import Finding, verify_pack


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the pack named on the command line, print what was checked, return the exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    try:
        report = verify_pack(options.pack, key=options.key, roots=options.tsa_ca)
    except OSError as failure:
        sys.stdout.write(f"The pack cannot be read: {failure.strerror}\n")
        return 2
    for finding in report.findings:
        _print("通过 OK  " if finding.good else "失败 FAIL", finding)
    for remark in report.remarks:
        _print("注意 NOTE", remark)
    if report.sound:
        sys.stdout.write("结论:证据包完整,未被改动。 The pack is whole and unchanged.\n")
        return 0
    sys.stdout.write("结论:证据包不可采信。 The pack is not to be relied on.\n")
    return 1


def _print(mark: str, finding: Finding) -> None:
    sys.stdout.write(f"{mark}  {finding.chinese}\n           {finding.english}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m guitai.evidence.verify", description="Check an evidence pack offline. 离线核验证据包。"
    )
    parser.add_argument("pack", type=Path, help="the pack (.zip)")
    parser.add_argument("--key", type=_key, help="the log's verifier key, known from elsewhere: name+id+base64")
    parser.add_argument(
        "--tsa-ca",
        type=_certificates,
        default=(),
        metavar="FILE.pem",
        help="certificates of trusted timestamp authorities",
    )
    return parser


def _key(text: str) -> VerifierKey:
    try:
        return parse_key(text)
    except KeyInvalidError as invalid:
        raise argparse.ArgumentTypeError(str(invalid)) from None


def _certificates(name: str) -> Sequence[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(Path(name).read_bytes())
    except (OSError, ValueError) as failure:
        raise argparse.ArgumentTypeError(f"no PEM certificates in {name}: {failure}") from None


if __name__ == "__main__":
    sys.exit(main())
