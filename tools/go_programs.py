"""Builds programs from a go.mod once for every clone of this machine. Knows not what they are for."""

import os
import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tools.console import err
from tools.engine.gobuild import go_command
from tools.engine.lock import in_turn
from tools.engine.obtain import cache_directory
from tools.engine.task import TaskError, run_task
from tools.errors import OperatorError

_BUILD_SECONDS = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GoPrograms:
    """Some programs that one go.mod pins, and go.sum beside it checks."""

    title: str
    """What they are called together."""
    module: Path
    """The folder of go.mod."""
    packages: Sequence[str]
    options: Sequence[str] = ()
    """What `go build` is told besides."""
    programs: Collection[str]
    """What it leaves."""

    def obtained(self) -> Path:
        """The folder in which they are; built now where they are not yet there."""
        home = cache_directory() / f"{self.module.name}-{self._pinned()}"
        if self._complete(home):
            return home
        waiting = f"Another process builds {self.title}: waiting for it"
        with in_turn(home.with_name(f"{home.name}.lock"), waiting):
            if not self._complete(home):
                self._build(home)
        return home

    def _pinned(self) -> str:
        """Of all that decides what is built."""
        asked = repr((*self.packages, *self.options)).encode()
        return sha256((self.module / "go.mod").read_bytes() + asked).hexdigest()[:16]

    def _complete(self, home: Path) -> bool:
        return all((home / program).is_file() for program in self.programs)

    def _build(self, home: Path) -> None:
        unfinished = home.with_name(f"{home.name}.unfinished{os.getpid()}")
        unfinished.mkdir(parents=True)
        try:
            self._go_build(unfinished)
            shutil.rmtree(home, ignore_errors=True)
            unfinished.rename(home)
        except TaskError as error:
            raise OperatorError(f"{self.title} could not be built:", *str(error).splitlines()) from error
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        err.print(f"{self.title} are ready in {home}", markup=False)

    def _go_build(self, into: Path) -> None:
        arguments = ["build", "-C", str(self.module), "-v", *self.options, "-o", f"{into}/"]
        run_task(
            f"Building {self.title} with Go; it takes minutes, once",
            [*go_command(self.module), *arguments, *self.packages],
            timeout_seconds=_BUILD_SECONDS,
            environment={"GOFLAGS": "", "CGO_ENABLED": "0"},
        )
