"""Where a document goes that a command makes: to the terminal, or to a file. Knows no command."""

from pathlib import Path

from tools.console import out
from tools.errors import OperatorError


def write(text: str, output: Path | None) -> None:
    """Print it, or write it to the file and say so."""
    if output is None:
        out.print(text, end="", markup=False, emoji=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OperatorError(f"--output: {output} cannot be written: {error.strerror}") from None
    out.print(f"Written to {output}", markup=False)
