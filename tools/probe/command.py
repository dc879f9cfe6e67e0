"""The probe's command line: an address in, a report and an exit code out. Knows no promise."""

import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import httpx2 as httpx
import typer

from tools.errors import OperatorError
from tools.probe.report import as_json, as_markdown, summary
from tools.probe.suite import visit
from tools.probe.visitor import Draining, Visitor, plain_reason

_BROKEN, _MISTAKE = 1, 2
_ERR = 2
"""The file descriptor."""
_SCHEMES = ("http", "https")

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def checked_url(text: str) -> str:
    """The address without its last slash. Raises OperatorError for what is none."""
    try:
        parts = urlsplit(text)
        sound = parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        parts, sound = urlsplit(""), False
    if not sound:
        raise OperatorError(f"{text}: no address to ask; as in https://api.example.com")
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise OperatorError(f"{text}: an address without user, query and fragment is needed")
    return text.rstrip("/")


def reach(visitor: Visitor) -> None:
    """Raises OperatorError where nobody answers, whatever the answer is."""
    try:
        visitor.get("/health")
    except httpx.TransportError as error:
        raise OperatorError(f"{visitor.url} does not answer: {plain_reason(error)}") from None


def draining(command: str | None, watch_seconds: float) -> Draining | None:
    """What replaces replicas, if a command is given: by argument list, through no shell."""
    if command is None:
        return None
    arguments = shlex.split(command)

    def begin() -> None:
        try:
            subprocess.run(arguments, check=True, stdout=_ERR)
        except (OSError, subprocess.CalledProcessError) as error:
            raise OperatorError(f"--drain-command: {error}") from None

    return Draining(begin=begin, watch_seconds=watch_seconds)


@app.command()
def probe(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where the API is deployed")],
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the report there too")] = None,
    markdown_file: Annotated[Path | None, typer.Option("--markdown", help="Write the table there")] = None,
    drain_command: Annotated[
        str | None, typer.Option(help="Replaces replicas, as `kubectl rollout restart deployment/api`")
    ] = None,
    drain_seconds: Annotated[float, typer.Option(help="How long to ask on after that", min=1)] = 60,
) -> None:
    """Ask a deployed API whether it keeps every promise; leaves some 40 predictions there.

    The table is the same for two platforms that behave the same, so `diff` compares them.
    """
    with Visitor(url=checked_url(url), draining=draining(drain_command, drain_seconds)) as visitor:
        reach(visitor)
        findings = list(visit(visitor))
    table = as_markdown(findings)
    if json_file:
        json_file.write_text(as_json(findings, visitor.url, visitor.measured), encoding="utf-8")
    if markdown_file:
        markdown_file.write_text(table, encoding="utf-8")
    typer.echo(table)
    typer.echo(f"{visitor.url}: {summary(findings)}", err=True)
    if any(finding.outcome == "broken" for finding in findings):
        raise typer.Exit(_BROKEN)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the probe; its exit code: 1 for a broken promise, 2 where nothing could be asked."""
    try:
        app(args=arguments, prog_name="probe")
    except OperatorError as error:
        typer.echo(f"error: {error}", err=True)
        return _MISTAKE
    except SystemExit as end:
        return int(end.code or 0)
    return 0
