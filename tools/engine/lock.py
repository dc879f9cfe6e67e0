"""Lets one command at a time work on something; a killed one holds nothing. Knows not what it guards."""

import contextlib
import fcntl
import os
import time
from collections.abc import Generator
from pathlib import Path

from tools.console import err
from tools.errors import OperatorError

_PAUSE_SECONDS = 0.5


@contextlib.contextmanager
def only_one(path: Path, busy: str) -> Generator[None]:
    """Hold the lock, or say who does: `busy` begins the sentence."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _taken(path)
    if descriptor is None:
        holder = path.read_text(encoding="utf-8").strip() if path.exists() else ""
        raise OperatorError(f"{busy}{f' (process {holder})' if holder else ''}: wait for it, or end it")
    try:
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def in_turn(path: Path, waiting: str) -> Generator[None]:
    """Hold the lock as soon as it is free; say `waiting` once if that is not at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _taken(path)
    if descriptor is None:
        err.print(waiting, markup=False)
    while descriptor is None:
        time.sleep(_PAUSE_SECONDS)
        descriptor = _taken(path)
    try:
        yield
    finally:
        os.close(descriptor)


def _taken(path: Path) -> int | None:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        if path.exists() and path.stat().st_ino == os.fstat(descriptor).st_ino:
            return descriptor
        os.close(descriptor)  # its last holder removed the file in between
