"""The PostgreSQL that the tests start: from the machine or from the wheel, as root or not, gone at the end."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from reference import postgres
from reference.postgres import NoPostgres, start_server


def folders(source: str) -> list[Path]:
    wheel = importlib.util.find_spec("pgserver")
    home = Path(wheel.origin).parent if wheel and wheel.origin else None
    mine = [folder for folder in postgres.folders_of_programs() if (home in folder.parents) is (source == "wheel")]
    if not mine:
        pytest.skip(f"no PostgreSQL of the {source} on this machine")
    return mine


@pytest.mark.parametrize("source", ["machine", "wheel"])
def test_programs_of_the_machine_and_of_the_wheel_start_a_server_that_is_gone_afterwards(source):
    server = start_server(among=folders(source))
    try:
        with server.connect() as connection:
            assert connection.execute("SELECT 6 * 7").fetchone() == (42,)
            assert connection.execute("SHOW unix_socket_directories").fetchone() == ("",)
            assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        first = server.pid()
        assert Path(f"/proc/{first}").stat().st_uid == server.account.uid != 0
    finally:
        server.stop()
    assert not server.home.exists()
    with pytest.raises(psycopg.OperationalError):
        server.connect()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as somebody else")
def test_programs_in_a_folder_closed_to_the_servers_user_are_used_all_the_same(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    tree = folders("wheel")[0].parent
    programs = shutil.copytree(tree, closed / "pgserver" / "pginstall", symlinks=True) / "bin"
    shutil.copytree(tree.parent.with_name("pgserver.libs"), closed / "pgserver.libs")
    server = start_server(among=[programs])
    try:
        assert server.programs.folder.is_relative_to(server.home)
        with server.connect() as connection:
            assert connection.execute("SELECT 6 * 7").fetchone() == (42,)
    finally:
        server.stop()


def test_nobody_gets_in_without_the_password(postgres_server):
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://cleardays:guess@127.0.0.1:{postgres_server.port}/postgres")


def test_a_database_is_empty_for_each_test_and_dropped_afterwards(postgres_server):
    with postgres_server.fresh_database() as one:
        name = one.rpartition("/")[2]
        with postgres_server.connect(name) as connection:
            connection.execute("CREATE TABLE told (seq integer)")
        with postgres_server.fresh_database() as other, postgres_server.connect(other.rpartition("/")[2]) as connection:
            assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    with postgres_server.connect() as connection:
        assert connection.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [name]).fetchone() == (0,)


def test_where_no_server_is_new_enough_the_reason_names_what_was_seen(monkeypatch, tmp_path):
    with pytest.raises(NoPostgres, match="neither on this machine nor as the wheel"):
        start_server(among=[])
    monkeypatch.setattr(postgres, "OLDEST", 99)
    with pytest.raises(NoPostgres, match=r"99 or newer: .*version \d+"):
        start_server(among=postgres.folders_of_programs())


def test_the_server_ends_when_the_tests_are_killed():
    # The tests' own process dies without a chance to clean up: the server and its folder go all the same.
    words = "from reference.postgres import start_server\ns = start_server()\nprint(s.pid(), s.home, flush=True)\ninput()"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])}
    with subprocess.Popen(
        [sys.executable, "-c", words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as tests:
        pid, home = tests.stdout.readline().split()
        tests.kill()
    until = time.monotonic() + 20
    while time.monotonic() < until and (Path(home).exists() or running(int(pid))):
        time.sleep(0.05)
    assert not Path(home).exists()
    assert not running(int(pid))


def running(pid: int) -> bool:
    with suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
