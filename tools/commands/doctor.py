"""`airfield doctor`: what is missing to deploy a stack for good, and what mends it. Changes nothing."""

from collections.abc import Sequence
from pathlib import Path

from tools.console import out
from tools.deployment import describe
from tools.project import find_project
from tools.readiness import Machine, findings


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
    return not missing
