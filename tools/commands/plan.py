"""`airfield plan`: what every stack would change on every platform. Always a rehearsal; changes nothing."""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pulumi.automation import PulumiCommand
from rich.markup import escape
from rich.table import Table

from tools import parallel, show
from tools.commands.doctor import traps_of
from tools.console import err, out
from tools.deployment import describe
from tools.engine import run
from tools.engine.obtain import obtained_engine
from tools.engine.recording import Operation, Recording
from tools.errors import OperatorError, ProgramError
from tools.project import Project, find_project, read_stack
from tools.targets import checked_target, supported_targets

_COLUMNS: Sequence[Operation] = ("create", "update", "replace", "delete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """One stack on one platform."""

    stack: str
    target: str
    own: bool
    """Whether it is the platform of the stack's file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What planning one came to."""

    recording: Recording | None
    seconds: float
    failure: str = ""


def plan(stacks: Sequence[str], targets: Sequence[str]) -> bool:
    """Show what would change; whether all could be planned."""
    project = find_project(Path.cwd())
    combinations = list(_combinations(project, stacks or project.stacks(), targets))
    command = obtained_engine()
    out.print("[bold]Rehearsal[/]: no cloud is touched, and nothing is changed")
    results = _planned(project, command, combinations)
    _show_changes(results)
    _show_assumptions(project, combinations)
    out.print(_table(results))
    _show_traps(project, combinations)
    failures = [(combination, planned) for combination, planned in results.items() if planned.failure]
    for combination, planned in failures:
        err.print(f"[red]error:[/] {combination.stack} on {combination.target}:\n{escape(planned.failure)}")
    return not failures


def _combinations(project: Project, stacks: Iterable[str], targets: Sequence[str]) -> Iterator[Combination]:
    chosen = [checked_target(target) for target in targets] or supported_targets()
    for stack in dict.fromkeys(stacks):
        read_stack(project, stack)
        own = describe(project, stack).target
        for target in dict.fromkeys(chosen):
            yield Combination(stack=stack, target=target, own=target == own)


def _planned(
    project: Project, command: PulumiCommand, combinations: Sequence[Combination]
) -> Mapping[Combination, Planned]:
    with show.progress(f"Planning {show.counted(len(combinations), 'combination')}") as watch:
        return parallel.each(
            functools.partial(_plan_one, project, command),
            combinations,
            lambda combination: watch(f"{combination.stack} on {combination.target}"),
        )


def _plan_one(project: Project, command: PulumiCommand, combination: Combination) -> Planned:
    """Runs in a process of its own."""
    deployment = describe(project, combination.stack, target=combination.target)
    if not deployment.directory.exists():
        deployment = describe(project, combination.stack, target=combination.target, rehearse=True)
    try:
        outcome = run.preview(deployment, command)
    except (OperatorError, ProgramError) as error:
        return Planned(recording=None, seconds=0.0, failure=str(error))
    return Planned(recording=outcome.recording, seconds=outcome.seconds)


def _show_changes(results: Mapping[Combination, Planned]) -> None:
    for combination, planned in results.items():
        recording = planned.recording
        if recording and recording.counts()["create"] != sum(1 for _ in recording.changes()):
            out.print(f"{escape(combination.stack)} on {combination.target}:")
            show.changes(recording)


def _show_assumptions(project: Project, combinations: Iterable[Combination]) -> None:
    assumed = {
        f"{key}={value}"
        for combination in combinations
        for key, value in describe(project, combination.stack, target=combination.target).assumed.items()
    }
    if assumed:
        out.print(f"Assumed where a stack's file sets none: {', '.join(sorted(assumed))}", markup=False)


def _show_traps(project: Project, combinations: Iterable[Combination]) -> None:
    """What the engine does not meet, since no platform is asked: quotas, sizes, limits of what is behind."""
    planned = {(combination.stack, combination.target) for combination in combinations}
    lines = [
        f"  {stack} {trap}"
        for stack in sorted({stack for stack, _ in planned})
        for trap in traps_of(project, stack)
        if (stack, trap.target) in planned
    ]
    if lines:
        out.print("Traps:")
        out.print("\n".join(lines), markup=False)


def _table(results: Mapping[Combination, Planned]) -> Table:
    table = Table(title="What would change", title_justify="left")
    for heading in ("stack", "target"):
        table.add_column(heading)
    for heading in (*(f"{operation}s" for operation in _COLUMNS), "seconds"):
        table.add_column(heading, justify="right")
    for combination, planned in results.items():
        target = f"[bold]{combination.target}[/]" if combination.own else combination.target
        if planned.recording:
            counts = planned.recording.counts()
            cells = [str(counts[operation]) for operation in _COLUMNS] + [f"{planned.seconds:.1f}"]
        else:
            cells = ["[red]failed[/]"]
        table.add_row(combination.stack, target, *cells)
    return table
