"""A PostgreSQL of the test run's own: started on loopback, thrown away at the end.

Server programs come from the machine (15 or newer), else from the wheel `pgserver`, of which only the programs are used.
PostgreSQL refuses to run as root, so there it runs as a user without rights. A small shell stands between the tests and
the server: when the tests end in whatever way, its input closes, and it stops the server and removes the folder.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

OLDEST = 15
REQUIRED = "CLEARDAYS_REQUIRE_POSTGRES"
WATCHER = """
folder=$1; shift
"$@" & server=$!
read -r word
kill -QUIT $server 2>/dev/null; wait $server
[ "$word" = keep ] || rm -rf "$folder"
"""


class NoPostgres(Exception):
    """No server can be started here; says why."""


@dataclass(frozen=True)
class Programs:
    """The folder of `postgres` and `initdb`, and the version they state."""

    folder: Path
    version: int


@dataclass(frozen=True)
class Account:
    """Who runs the server: keyword arguments of `subprocess`, empty where that is whoever runs the tests."""

    uid: int
    run_as: dict


def unprivileged() -> Account:
    """Whoever runs the tests; instead of root `nobody`, whose rights are the least, or `postgres`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), {})
    for name in ("nobody", "postgres", "daemon"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []})
    raise NoPostgres("the tests run as root, PostgreSQL does not, and there is no user nobody or postgres to run it as")


def folders_of_programs() -> list[Path]:
    """Where server programs may lie: the machine's before the wheel's, newer before older."""
    found = [Path(path).resolve().parent for path in (shutil.which("postgres"),) if path]
    installed = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdigit()]
    found += sorted(installed, key=lambda folder: -int(folder.parent.name))
    wheel = importlib.util.find_spec("pgserver")
    if wheel is not None and wheel.origin:
        found.append(Path(wheel.origin).parent / "pginstall" / "bin")
    return [folder for folder in found if (folder / "postgres").exists() and (folder / "initdb").exists()]


def stated_version(folder: Path, account: Account) -> int | None:
    """The major version that `postgres` states when run as `account`; None where that user may not run it."""
    stated = []
    for program in ("initdb", "postgres"):
        command = [str(folder / program), "--version"]
        try:
            done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/", timeout=30, **account.run_as)
        except OSError:
            return None
        stated += re.findall(r"\) (\d+)", done.stdout)
    return int(stated[-1]) if len(stated) == 2 else None


def usable_programs(home: Path, account: Account, *, among: list[Path] | None = None) -> Programs:
    """The first programs that are new enough; copied into `home` where they lie in a folder closed to `account`."""
    seen = []
    for folder in folders_of_programs() if among is None else among:
        reached, version = folder, stated_version(folder, account)
        if version is None:
            reached = copied(folder.parent, home, account) / folder.name
            version = stated_version(reached, account)
        if version is not None and version >= OLDEST:
            return Programs(reached, version)
        seen.append(f"{folder} ({'does not run' if version is None else f'version {version}'})")
    raise NoPostgres(
        f"no PostgreSQL {OLDEST} or newer: {', '.join(seen) or 'neither on this machine nor as the wheel pgserver'}"
    )


def copied(tree: Path, home: Path, account: Account) -> Path:
    """A copy of the programs' folder that `account` may read, with the libraries that a wheel lays beside its package."""
    package = tree.parent
    copy = home / "programs" / package.name / tree.name
    shutil.copytree(tree, copy, symlinks=True, dirs_exist_ok=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, home / "programs" / libraries.name, dirs_exist_ok=True)
    for path in (home / "programs", *(home / "programs").rglob("*")):
        os.chown(path, account.uid, -1, follow_symlinks=False)
    return copy


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Server:
    """A running server; `settings` are lines of its configuration."""

    home: Path
    programs: Programs
    account: Account
    settings: dict[str, str]
    password: str
    port: int = 0
    watcher: subprocess.Popen | None = None
    numbered: int = field(default=0)

    @property
    def data(self) -> Path:
        return self.home / "data"

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://cleardays:{self.password}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres"):
        """A psycopg connection that commits each statement."""
        import psycopg

        return psycopg.connect(self.url(database).replace("+psycopg", ""), autocommit=True, connect_timeout=5)

    def create(self) -> None:
        """Lay out the data folder; only who knows the password gets in, also among the users of this machine."""
        secret = self.home / "password"
        secret.write_text(self.password + "\n")
        os.chown(secret, self.account.uid, -1)
        command = [self.programs.folder / "initdb", "-D", self.data, "-U", "cleardays", "-A", "scram-sha-256"]
        command += ["--pwfile", secret, "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        run_as, there = self.account.run_as, self.home
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=there, timeout=120, **run_as)
        if done.returncode != 0:
            raise NoPostgres(f"initdb refused: {(done.stderr or done.stdout).strip()}")

    def start(self, patience_s: float = 60) -> None:
        """Start on a free port and wait until it answers."""
        for _ in range(5):
            self.port = free_port()
            settings = [f"--{name}={value}" for name, value in {**self.settings, "port": str(self.port)}.items()]
            command = ["/bin/sh", "-c", WATCHER, "watcher", str(self.home)]
            command += [str(self.programs.folder / "postgres"), "-D", str(self.data), *settings]
            with (self.home / "log").open("ab") as log:
                self.watcher = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    cwd=self.home,
                    start_new_session=True,
                    **self.account.run_as,
                )
            if self.answers(patience_s):
                return
            self.halt()
        raise NoPostgres(f"the server does not start: {(self.home / 'log').read_text(errors='replace')[-1500:]}")

    def answers(self, patience_s: float) -> bool:
        import psycopg

        until = time.monotonic() + patience_s
        while time.monotonic() < until and (self.pid() or time.monotonic() < until - patience_s + 5):
            with suppress(psycopg.OperationalError):
                self.connect().close()
                return True
            time.sleep(0.05)
        return False

    def pid(self) -> int | None:
        """Process id of the server's first process, None while there is none."""
        with suppress(OSError, ValueError, IndexError):
            number = int((self.data / "postmaster.pid").read_text().split()[0])
            os.kill(number, 0)
            return number
        return None

    def halt(self, word: str = "keep") -> None:
        """Stop the server, as it stands; its folder stays if the word is keep."""
        if self.watcher is not None and self.watcher.stdin is not None:
            with suppress(OSError):
                self.watcher.stdin.write(f"{word}\n".encode())
                self.watcher.stdin.close()
            self.watcher.wait(timeout=60)
            self.watcher = None

    def kill(self) -> None:
        """Kill -9 of every process of the server at once, as a crash of the machine would."""
        first = self.pid()
        assert first is not None, "the server is not running"
        with suppress(ProcessLookupError):
            os.kill(first, signal.SIGSTOP)
        for process in (*children(first), first):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.halt()

    def stop(self) -> None:
        self.halt("remove")
        shutil.rmtree(self.home, ignore_errors=True)

    @contextmanager
    def fresh_database(self):
        """The address of an empty database, dropped afterwards."""
        self.numbered += 1
        name = f"test_{os.getpid()}_{self.numbered}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield self.url(name)
        finally:
            if self.watcher is not None:
                with self.connect() as connection:
                    connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def children(parent: int) -> list[int]:
    """Process ids of those that `parent` started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(status.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(status.parent.name))
    return found


def start_server(*, fsync: bool = False, among: list[Path] | None = None, **settings: str) -> Server:
    """A server that runs; `fsync` where a crash is part of the test, `among` names the folders of programs to look in.

    Raises:
        NoPostgres: none can be started here, with the reason.
    """
    if os.name != "posix":
        raise NoPostgres("the server of the tests is started on POSIX systems only")
    if importlib.util.find_spec("psycopg") is None:
        raise NoPostgres("psycopg is not installed (extra pg)")
    account = unprivileged()
    home = Path(tempfile.mkdtemp(prefix="cleardays-postgres-"))
    os.chown(home, account.uid, -1)
    try:
        durable = "on" if fsync else "off"
        base = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "60", "timezone": "UTC"}
        base |= {"fsync": durable, "full_page_writes": durable, "synchronous_commit": "on", "jit": "off"}
        server = Server(home, usable_programs(home, account, among=among), account, base | settings, secrets.token_hex(16))
        server.create()
        server.start()
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        raise
    return server
