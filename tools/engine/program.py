"""Runs the project's program in this process, as the Pulumi CLI would in its own. Knows not what is in it."""

import contextlib
import runpy
import sys
from collections.abc import Generator
from pathlib import Path


class Program:
    """The project's `__main__.py`, and how it ended."""

    def __init__(self, root: Path) -> None:
        self._main = root / "__main__.py"
        self.error: BaseException | None = None

    def __call__(self) -> None:
        """Run it once."""
        self.error = None
        try:
            runpy.run_path(str(self._main), run_name="__main__")
        except BaseException as error:
            self.error = error
            raise


@contextlib.contextmanager
def at_home(root: Path) -> Generator[None]:
    """Work in the project's directory, its packages first, as a program finds itself under the CLI."""
    sys.path.insert(0, str(root))
    try:
        with contextlib.chdir(root):
            yield
    finally:
        sys.path.remove(str(root))
