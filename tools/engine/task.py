"""Runs a program that takes long, and shows that it lives. Knows not what the program does."""

import contextlib
import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from threading import Thread
from typing import IO, cast

from rich.markup import escape

from tools.console import err

_LINE_EVERY_SECONDS = 20.0
_POLL_SECONDS = 0.25
_TAIL_LINES = 12


class TaskError(Exception):
    """The program failed, or took too long; the text is the end of what it said."""


class _Listener(Thread):
    """Reads what the program says, so that it never waits to be heard."""

    def __init__(self, said: IO[str]) -> None:
        super().__init__(daemon=True)
        self._said = said
        self.tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self.lines = 0

    def run(self) -> None:
        for line in self._said:
            self.tail.append(line.rstrip())
            self.lines += 1


def run_task(
    title: str,
    arguments: Sequence[str],
    *,
    timeout_seconds: float,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run it to its end; what it started ends with it."""
    with subprocess.Popen(
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, **(environment or {})},
        start_new_session=True,
    ) as process:
        listener = _Listener(cast("IO[str]", process.stdout))
        listener.start()
        try:
            _wait(process, title, timeout_seconds, listener)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
        listener.join(timeout=1)
    if process.returncode:
        raise TaskError("\n".join(listener.tail))


def _wait(process: subprocess.Popen[str], title: str, timeout_seconds: float, listener: _Listener) -> None:
    begun = time.monotonic()
    with _shown(title) as update:
        while process.poll() is None:
            elapsed = time.monotonic() - begun
            if elapsed > timeout_seconds:
                raise TaskError(f"no end after {elapsed:.0f} s")
            update(elapsed, listener.lines)
            time.sleep(_POLL_SECONDS)


@contextlib.contextmanager
def _shown(title: str) -> Generator[Callable[[float, int], None]]:
    last = 0.0

    def log(elapsed: float, lines: int) -> None:
        nonlocal last
        if elapsed - last > _LINE_EVERY_SECONDS:
            last = elapsed
            err.print(f"… {_passed(elapsed)}, {lines} steps", markup=False)

    if not err.is_terminal:
        err.print(f"{title} …", markup=False)
        yield log
        return
    with err.status(escape(title)) as status:
        yield lambda elapsed, lines: status.update(f"{escape(title)} · {_passed(elapsed)}, {lines} steps")


def _passed(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
