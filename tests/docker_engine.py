"""A real Docker engine for tests: one that answers, else one of our own. Knows no image and no test."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

DEFAULT_HOST = "unix:///var/run/docker.sock"
TO_INSTALL = "run as root after `apt-get install docker.io`, or set DOCKER_HOST"
START_SECONDS = 30.0
STOP_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Engine:
    """One that answers at `host`."""

    host: str

    def run(self, *arguments: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        """What `docker ARGUMENTS` did, whether or not it went well."""
        return subprocess.run(
            ["docker", *arguments],
            check=False,
            capture_output=True,
            text=True,
            timeout=seconds,
            env={**os.environ, "DOCKER_HOST": self.host},
        )

    def docker(self, *arguments: str, seconds: float = 60) -> str:
        """What `docker ARGUMENTS` writes. Raises AssertionError when it fails."""
        done = self.run(*arguments, seconds=seconds)
        assert done.returncode == 0, (
            f"docker {' '.join(arguments)}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        )
        return done.stdout.strip()

    def answers(self) -> bool:
        """Whether it is there."""
        try:
            return self.run("version", seconds=5).returncode == 0
        except (OSError, subprocess.TimeoutExpired):
            return False


@contextmanager
def docker_engine() -> Generator[Engine]:
    """The engine of this machine, else our own until the end, else a skip that says what to install."""
    if shutil.which("docker") is None:
        pytest.skip(f"no Docker engine: {TO_INSTALL}")
    running = Engine(os.environ.get("DOCKER_HOST", DEFAULT_HOST))
    if running.answers():
        yield running
        return
    if os.getuid() != 0 or shutil.which("dockerd") is None:
        pytest.skip(f"no Docker engine: {TO_INSTALL}")
    with _own_engine() as own:
        yield own


@contextmanager
def _own_engine() -> Generator[Engine]:
    """One that keeps all it has in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="airfield-docker-"))
    engine = Engine(f"unix://{folder / 'socket'}")
    folders = ["--data-root", str(folder / "data"), "--exec-root", str(folder / "exec")]
    log = folder / "log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            ["dockerd", *folders, "--host", engine.host, "--pidfile", str(folder / "pid")],
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
            start_new_session=True,
        )
    try:
        _wait(process, engine, log)
        yield engine
    finally:
        _end(process, folder)


def _wait(process: subprocess.Popen[bytes], engine: Engine, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not engine.answers():
        if process.poll() is not None or time.monotonic() > deadline:
            said = log.read_text(errors="replace").strip().splitlines() or ["it says nothing"]
            pytest.skip(f"dockerd does not start on this machine: {said[-1][-300:]}")
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes], folder: Path) -> None:
    """End the engine with its containers, and remove what it had."""
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        # It leads a session of its own, so its containerd ends with it.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for mounted in reversed(_mounts_below(folder)):
        subprocess.run(["umount", "--lazy", mounted], check=False, capture_output=True)
    with contextlib.suppress(OSError):
        shutil.rmtree(folder)


def _mounts_below(folder: Path) -> list[str]:
    points = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    return [point for point in points if Path(point).is_relative_to(folder)]
