"""Runs the project's program in this process, as the Pulumi CLI would in its own. Knows not what is in it."""

import asyncio
import contextlib
import runpy
import sys
from collections.abc import Awaitable, Generator
from pathlib import Path

import pulumi


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
        # No command of ours shows the SDK's own debug messages, and each one waits for the engine.
        pulumi.log.debug = _unheard
        try:
            runpy.run_path(str(self._main), run_name="__main__")
        except BaseException as error:
            self.error = error
            raise
        return asyncio.sleep(0)


def _unheard(*_: object, **__: object) -> None:
    pass


@contextlib.contextmanager
def at_home(root: Path) -> Generator[None]:
    """Work in the project's directory, its packages first, as a program finds itself under the CLI."""
    _forget_others(root)
    sys.path.insert(0, str(root))
    try:
        with contextlib.chdir(root):
            yield
    finally:
        sys.path.remove(str(root))


def _forget_others(root: Path) -> None:
    """Another project's packages of the same names, which this process may have run before; but not these."""
    own = {path.parent.name for path in root.glob("*/__init__.py")} - {__name__.partition(".")[0]}
    for name, module in [*sys.modules.items()]:
        file = getattr(module, "__file__", None)
        if name.partition(".")[0] in own and not Path(file or "").is_relative_to(root):
            del sys.modules[name]
