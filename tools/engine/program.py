"""Runs the project's program in this process, as the Pulumi CLI would in its own. Knows not what is in it."""

import asyncio
import contextlib
import runpy
import sys
from collections.abc import Awaitable, Generator
from pathlib import Path


class Program:
    """The project's `__main__.py`, and how it ended."""

    def __init__(self, root: Path) -> None:
        self._main = root / "__main__.py"
        self.error: BaseException | None = None

    def __call__(self) -> Awaitable[None]:
        """Run it once; what is returned lets its registrations begin.

        The SDK waits for those that have begun in one go, and else for every output in turn, which takes time
        that grows with their square.
        """
        self.error = None
        try:
            runpy.run_path(str(self._main), run_name="__main__")
        except BaseException as error:
            self.error = error
            raise
        return asyncio.sleep(0)


@contextlib.contextmanager
def at_home(root: Path) -> Generator[None]:
    """Work in the project's directory, its packages first, as a program finds itself under the CLI."""
    sys.path.insert(0, str(root))
    try:
        with contextlib.chdir(root):
            yield
    finally:
        sys.path.remove(str(root))
