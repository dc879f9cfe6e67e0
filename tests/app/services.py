"""Services of the image as real processes. Knows how to start, ask and end them, no test."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import httpx2 as httpx

from app.cli import main
from tests.app.servers import ROOT, free_port, wait_until

END_SECONDS = 30.0
WARM = get_context("forkserver")
# A process that has imported all this once. A service is a fork of it, which saves a second of imports.
WARM.set_forkserver_preload(["app.main", "uvloop", "httptools", "pytest", "tests.app.services"])


def _become(command: str, environment: Mapping[str, str], log_file: Path) -> None:
    """What `python -m app COMMAND` does, in a process that is there already."""
    os.environ.clear()
    os.environ.update(environment)
    log = os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    main([command])


class Forked:
    """A service in a process forked from one that has imported it."""

    def __init__(self, command: str, environment: Mapping[str, str], log_file: Path) -> None:
        self._process = WARM.Process(target=_become, args=(command, dict(environment), log_file))
        self._process.start()

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.exitcode

    def send(self, number: signal.Signals) -> None:
        """A signal."""
        assert self._process.pid is not None
        os.kill(self._process.pid, number)


class Executed:
    """A service as its image runs it: `python -m app COMMAND`."""

    def __init__(self, command: str, environment: Mapping[str, str], log_file: Path) -> None:
        with log_file.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app", command],
                cwd=ROOT,
                env=dict(environment),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def send(self, number: signal.Signals) -> None:
        """A signal; SIGKILL to its workers too, which would otherwise outlive it."""
        if number is signal.SIGKILL:
            os.killpg(self._process.pid, number)
        else:
            self._process.send_signal(number)


class Service:
    """One that runs, and questions to it."""

    def __init__(
        self,
        command: str,
        environment: Mapping[str, str],
        log_file: Path,
        kind: type[Forked | Executed],
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        # One client for all questions: making one costs more than a question does.
        self.client = httpx.Client(base_url=self.url, timeout=10)
        self._log_file = log_file
        log_file.touch()
        listening = {"PATH": os.environ["PATH"], "HOST": "127.0.0.1", "PORT": str(self.port)}
        self._process = kind(command, {**listening, **environment}, log_file)

    def log(self) -> str:
        """Everything it has written so far."""
        return self._log_file.read_text()

    def _answers(self, path: str, status: int) -> bool:
        assert self._process.exit_code() is None, f"it ended: {self.log()}"
        try:
            return self.client.get(path).status_code == status
        except httpx.TransportError:
            return False

    def wait_for(self, path: str, status: int = 200) -> None:
        """Until `path` answers with `status`."""
        wait_until(lambda: self._answers(path, status), what=f"{path} {status}")

    def ask_to_end(self) -> None:
        """SIGTERM."""
        self._process.send(signal.SIGTERM)

    def wait_for_end(self) -> int:
        """The exit code."""
        wait_until(lambda: self._process.exit_code() is not None, what="its end", seconds=END_SECONDS)
        code = self._process.exit_code()
        assert code is not None
        return code

    def terminate(self) -> int:
        """SIGTERM, and the exit code that follows."""
        self.ask_to_end()
        return self.wait_for_end()

    def close(self) -> None:
        """SIGKILL, if it has not ended."""
        self.client.close()
        if self._process.exit_code() is None:
            self._process.send(signal.SIGKILL)
            self.wait_for_end()


@contextmanager
def running(
    command: str,
    environment: Mapping[str, str],
    log_file: Path,
    kind: type[Forked | Executed] = Forked,
) -> Generator[Service]:
    """A service until the end of the block, whether or not it is ready."""
    service = Service(command, environment, log_file, kind)
    try:
        yield service
    finally:
        service.close()
