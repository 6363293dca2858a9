"""From a URL in the settings to an object store."""

import configparser
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from guitai.adapters.objects.bucket import Bucket
from guitai.adapters.objects.folder import Folder
from guitai.vault import ObjectStore, StoreFailedError

_OPTIONS = {"endpoint", "region", "credentials", "profile", "virtual_hosted", "ca"}
_FORMS = "Write a folder's path, file:///path, or s3://bucket/prefix?endpoint=https://host&region=…"


class StoreUrlError(StoreFailedError):
    """A store's URL, or the credentials it names, cannot be used."""

    code = "vault-store-url"


def open_store(url: str, environment: Mapping[str, str] | None = None) -> ObjectStore:
    """Open a folder (a path or file:///path; made if absent) or a bucket.

    Bucket: `s3://bucket/prefix?endpoint=URL&region=R&virtual_hosted=true&ca=FILE&credentials=FILE&profile=P`, all after
    `?` optional. `ca` names a PEM file of authorities to trust besides the system's. Credentials come from the
    file named (an AWS credentials file that only its owner may read), else from AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. StoreUrlError: what is wrong with the URL.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        return Folder(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        return _bucket(
            parts.netloc, parts.path.strip("/"), parts.query, os.environ if environment is None else environment
        )
    if "://" in url:
        raise StoreUrlError(f"No kind of store has URLs that begin with {parts.scheme}://.", hint=_FORMS)
    return Folder(Path(url))


def _bucket(bucket: str, prefix: str, query: str, environment: Mapping[str, str]) -> ObjectStore:
    options = dict(parse_qsl(query, keep_blank_values=True))
    if "@" in bucket or options.keys() - _OPTIONS:
        raise StoreUrlError(
            f"The URL of bucket {bucket.rpartition('@')[2]} has an unknown option, or credentials in it.", hint=_FORMS
        )
    endpoint = options.get("endpoint") or environment.get("AWS_ENDPOINT_URL", "")
    config = {
        "bucket": bucket,
        "region": options.get("region") or environment.get("AWS_REGION") or "us-east-1",
        "virtual_hosted_style_request": options.get("virtual_hosted", "false"),
        **_credentials(options, environment),
    }
    if endpoint:
        config["endpoint"] = endpoint
    place = "/".join(part for part in (bucket, prefix) if part)
    name = f"bucket {place} at {urlsplit(endpoint).hostname}" if endpoint else f"bucket {place}"
    return Bucket(name, config, prefix, _authority(options["ca"]) if "ca" in options else None)


def _authority(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreUrlError(f"The certificates in {path} cannot be read.", hint="ca names a PEM file.") from error


def _credentials(options: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    if "credentials" in options:
        found = _credentials_file(Path(options["credentials"]), options.get("profile", "default"))
    else:
        names = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
        found = {name: environment[name.upper()] for name in names if environment.get(name.upper())}
    if not {"aws_access_key_id", "aws_secret_access_key"} <= found.keys():
        raise StoreUrlError(
            "There are no credentials for the bucket.",
            hint="Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a file with ?credentials=FILE.",
        )
    return found


def _credentials_file(path: Path, profile: str) -> dict[str, str]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        if path.stat().st_mode & 0o077:
            raise StoreUrlError(f"Others may read the credentials in {path}.", hint=f"Run: chmod 600 {path}")
        parser.read_string(path.read_text())
        section = parser[profile]
    except (OSError, UnicodeDecodeError, configparser.Error, KeyError) as error:
        raise StoreUrlError(
            f"The credentials in {path} cannot be read.", hint=f"It is an AWS credentials file with a [{profile}] part."
        ) from error
    return {name: section[name] for name in section if name.startswith("aws_")}
