"""`airfield checklist`: gathers the facts, and shows what they come to. Changes nothing."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import cast, get_args

from rich.markup import escape

from tools import checklist as items
from tools.checklist import Item, Live, Phase, Plan
from tools.commands import verify
from tools.console import out
from tools.deployment import Deployment, describe
from tools.engine import run
from tools.engine.obtain import obtained_engine
from tools.engine.real import real_stack
from tools.errors import OperatorError, ProgramError
from tools.project import Settings, find_project, read_stack

_BOXES = {"holds": "[green]\\[x][/]", "fails": "[red]\\[!][/]", "ask": "[yellow]\\[?][/]"}


def checklist(stack: str, phase: str | None) -> bool:
    """Show the list of a phase, or of all; whether every check of it holds."""
    if phase and phase not in get_args(Phase):
        raise OperatorError(f"--phase: {phase} is none of {', '.join(get_args(Phase))}")
    deployment = describe(find_project(Path.cwd()), stack)
    plan = _plan(deployment)
    holds = _show("Before", items.before(plan)) if phase in {None, "before"} else True
    if phase == "before":
        return holds
    live = _live(verify.real_deployment(stack))
    if phase in {None, "during"}:
        holds &= _show("During", items.during(plan, live))
    if phase in {None, "after"}:
        holds &= _show("After", items.after(plan, live))
    return holds


def _show(title: str, found: Iterator[Item]) -> bool:
    out.print(f"[bold]{title}[/]")
    holds = True
    for item in found:
        holds &= item.outcome != "fails"
        out.print(f"- {_BOXES[item.outcome]} {escape(item.name)}: {escape(item.evidence)}")
    return holds


def _plan(deployment: Deployment) -> Plan:
    project = deployment.project
    declared, mistakes = [], list[str]()
    try:
        outcome = run.preview(
            describe(project, deployment.stack, target=deployment.target, rehearse=True), obtained_engine()
        )
        declared = [step.type for step in outcome.recording.steps.values()]
    except (OperatorError, ProgramError) as error:
        mistakes = str(error).splitlines()
    config = cast("Settings", read_stack(project, deployment.stack).get("config") or {})
    return Plan(
        target=deployment.target or "",
        config={key.removeprefix(f"{project.name}:"): value for key, value in config.items()},
        commit=_git(project.root, "rev-parse", "--short=12", "HEAD").strip(),
        uncommitted=len(_git(project.root, "status", "--porcelain").splitlines()),
        declared=declared,
        mistakes=mistakes,
    )


def _live(deployment: Deployment) -> Live:
    with real_stack(deployment, obtained_engine()) as real:
        outputs = real.outputs()
        return Live(
            standings=verify.settled(outputs, {}, 0),
            smoke=[finding for _, finding in verify.findings(outputs)],
            history=real.history(),
        )


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=root, capture_output=True, text=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
