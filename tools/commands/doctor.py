"""`airfield doctor`: what is missing to deploy a stack for good, and what mends it. Changes nothing."""

from collections.abc import Sequence
from pathlib import Path

from stacks.preflight import Trap, traps
from tools.console import out
from tools.deployment import describe
from tools.project import Project, find_project
from tools.readiness import Machine, findings
from tools.stack_settings import read_stack_settings


def doctor(stacks: Sequence[str]) -> bool:
    """Show it for each stack; whether nothing is missing."""
    project = find_project(Path.cwd())
    missing = 0
    for stack in stacks or project.stacks():
        deployment = describe(project, stack)
        out.print(f"{deployment.title} needs:", markup=False, style="bold")
        for finding in findings(deployment, Machine.here()):
            sign = "[red]missing[/]" if finding.mend else "[green]ok     [/]"
            out.print(f"  {sign} ", end="")
            out.print(finding.what + (f": {finding.mend}" if finding.mend else ""), markup=False)
            missing += bool(finding.mend)
        missing += _show_traps(project, stack, deployment.target)
    return not missing


def traps_of(project: Project, stack: str) -> list[Trap]:
    """Those of every platform; none where the file cannot be read, which the program answers."""
    read = read_stack_settings(project, stack)
    return traps(read.settings, read.raw, read.secrets) if read.settings else []


def _show_traps(project: Project, stack: str, target: str | None) -> int:
    """How many of them its own platform has, past those that only round."""
    found = traps_of(project, stack)
    if not found:
        return 0
    out.print("  traps, on its own platform or after a switch:")
    for trap in found:
        out.print(f"  [yellow]{trap.effect:8}[/] ", end="")
        out.print(str(trap).removeprefix(f"{trap.effect} "), markup=False)
    return sum(trap.target == target and trap.effect != "rounded" for trap in found)
