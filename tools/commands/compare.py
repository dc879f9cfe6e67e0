"""`airfield compare`: what one stack comes to on each platform, side by side. Always a rehearsal."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from pulumi.automation import PulumiCommand
from rich.markup import escape
from rich.table import Table

from infra.portability import Target
from tools import parallel, show
from tools.commands.output import write
from tools.compare.facts import Facts
from tools.compare.table import READERS, Row, as_json, markdown, rows
from tools.console import err, out
from tools.engine.obtain import obtained_engine
from tools.errors import OperatorError, ProgramError
from tools.project import Project, find_project, read_stack
from tools.rehearsed import rehearsed_graph
from tools.targets import checked_target, supported_targets

Form = Literal["table", "markdown", "json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What reading one platform came to."""

    facts: Facts | None
    failure: str = ""


def compare(stack: str, targets: Sequence[str], form: Form, output: Path | None) -> bool:
    """Show it; whether every platform takes the stack."""
    project = find_project(Path.cwd())
    read_stack(project, stack)
    chosen = [checked_target(target) for target in dict.fromkeys(targets)] or supported_targets()
    quiet = form != "table" and output is None
    results = _read(project, obtained_engine(), stack, chosen, quiet=quiet)
    found = {target: each.facts for target, each in results.items() if each.facts}
    if found:
        _show(stack, rows(found), form, output)
    refused = {target: each.failure for target, each in results.items() if each.failure}
    for target, failure in refused.items():
        err.print(f"[red]error:[/] {escape(stack)} on {target}:\n{escape(failure)}")
    return not refused


def _read(
    project: Project, command: PulumiCommand, stack: str, targets: Sequence[str], *, quiet: bool
) -> Mapping[str, Compared]:
    work = functools.partial(_read_one, project, command, stack)
    if quiet:
        return parallel.each(work, targets, lambda _: None)
    with show.progress(f"Rehearsing {stack} on {show.counted(len(targets), 'platform')}") as watch:
        return parallel.each(work, targets, watch)


def _read_one(project: Project, command: PulumiCommand, stack: str, target: str) -> Compared:
    """Runs in a process of its own."""
    try:
        graph = rehearsed_graph(project, command, stack, target)
    except (OperatorError, ProgramError) as error:
        return Compared(facts=None, failure=str(error))
    return Compared(facts=READERS[cast("Target", target)](graph))


def _show(stack: str, compared: Sequence[Row], form: Form, output: Path | None) -> None:
    if form == "markdown":
        write(markdown(stack, compared), output)
    elif form == "json":
        write(as_json(stack, compared), output)
    elif output:
        raise OperatorError("--output: a table is for the terminal; take --format markdown or json")
    else:
        out.print(table(stack, compared), soft_wrap=False)


def table(stack: str, compared: Sequence[Row]) -> Table:
    """One line for each value, and who has it: five columns of prose would not fit a terminal."""
    shown = Table(title=f"{stack}, read from what is declared; ≠ marks what differs", title_justify="left")
    shown.add_column("aspect", min_width=14)
    shown.add_column("on", style="cyan")
    shown.add_column("comes to", ratio=1)
    everywhere = len(compared[0].values)
    subject: str | None = None
    for row in compared:
        if row.subject != subject:
            subject = row.subject
            shown.add_section()
            shown.add_row(f"[bold]{escape(subject or 'the stack')}[/]")
        for index, (value, targets) in enumerate(row.groups().items()):
            aspect = f"{row.sign} {row.aspect}" if index == 0 else ""
            on = "all" if len(targets) == everywhere > 1 else ", ".join(targets)
            shown.add_row(f"[bold]{aspect}[/]" if row.differs else aspect, on, escape(value))
    return shown
