"""The one way to the operator's terminal, or log. Decides nothing."""

import os

from rich.console import Console

_LOG_COLUMNS = 160


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr, highlight=False, soft_wrap=True)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _LOG_COLUMNS
    return console


out = _console(stderr=False)
err = _console(stderr=True)
