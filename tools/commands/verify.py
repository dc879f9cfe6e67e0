"""`airfield verify`: what really serves, asked of the platform, then of the API itself. Changes nothing."""

import contextlib
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import httpx2 as httpx
from rich.markup import escape

from tools.console import out
from tools.deployment import Deployment, describe
from tools.engine.obtain import obtained_engine
from tools.engine.real import RealStack, real_stack
from tools.errors import OperatorError
from tools.probe.report import MARKS
from tools.probe.suite import SMOKE, SUITE, Finding, Promise, visit
from tools.probe.visitor import BrokenError, Visitor, answered
from tools.project import find_project
from tools.serving.ask import standing
from tools.serving.standing import Standing

_PAUSE_SECONDS = 5.0
_COLOURS = {"kept": "green", "broken": "red", "not seen": "yellow", "not asked": "dim"}


def verify(stack: str, *, wait_seconds: float, probe: bool) -> None:
    """Say what serves. Raises OperatorError unless it is what was asked for, and answers well."""
    deployment = real_deployment(stack)
    with real_stack(deployment, obtained_engine()) as real:
        check(real, asked={}, wait_seconds=wait_seconds, suite=SUITE if probe else SMOKE)


def real_deployment(stack: str) -> Deployment:
    """What lies on a platform. Raises OperatorError for files, which nobody serves."""
    deployment = describe(find_project(Path.cwd()), stack)
    if deployment.render_to:
        raise OperatorError(
            f"{stack} is written to {deployment.render_to}/, and nothing here knows who applies that:"
            " ask the cluster by a stack without kubernetes.renderTo"
        )
    return deployment


def check(
    real: RealStack,
    *,
    asked: Mapping[str, str],
    wait_seconds: float,
    suite: tuple[Promise, ...] = SMOKE,
) -> None:
    """The whole verification; `asked` are images in place of those that the outputs name."""
    outputs = real.outputs()
    found = settled(outputs, asked, wait_seconds)
    show(found)
    wrong = [f"{name} is {each.state}" for name, each in found.items() if each.state != "serving"]
    if wrong:
        raise OperatorError(
            f"{real.deployment.stack}: the requested image is not serving: {'; '.join(wrong)}"
        )
    broken: list[str] = []
    for name, finding in findings(outputs, suite):
        _show_finding(finding)
        broken += [f"{name}: {finding.why}"] if finding.outcome == "broken" else []
    if broken:
        said = "; ".join(broken)
        raise OperatorError(f"{real.deployment.stack} serves what was asked for, and not well: {said}")
    out.print(f"[green]{escape(real.deployment.stack)} serves what was asked for[/]")


def settled(
    outputs: Mapping[str, object], asked: Mapping[str, str], wait_seconds: float
) -> Mapping[str, Standing]:
    """How each workload stands once none is on its way any more, or the time is over."""
    places = cast("Mapping[str, Mapping[str, str]]", outputs.get("services") or {})
    if not places:
        raise OperatorError("nothing was deployed yet: the stack has no output `services`")
    images = {**_texts(outputs, "images"), **asked}
    deadline = time.monotonic() + wait_seconds
    while True:
        found = {name: standing(name, place, images[name]) for name, place in places.items()}
        moving = any(each.state == "rolling" for each in found.values())
        if not moving or time.monotonic() + _PAUSE_SECONDS > deadline:
            return found
        time.sleep(_PAUSE_SECONDS)


def show(found: Mapping[str, Standing]) -> None:
    """A line for each workload."""
    for name, each in found.items():
        colour = "green" if each.state == "serving" else "red"
        out.print(f"[{colour}]{escape(name)}[/] {escape(str(each))}")


def findings(
    outputs: Mapping[str, object], suite: tuple[Promise, ...] = SMOKE
) -> Iterator[tuple[str, Finding]]:
    """What each public workload answers; asked the little that shows a deployment, unless for more."""
    for name, url in _texts(outputs, "urls").items():
        with Visitor(url=url) as visitor:
            for finding in visit(visitor, _kept_by(visitor, suite)):
                yield name, finding


def _kept_by(visitor: Visitor, suite: tuple[Promise, ...]) -> tuple[Promise, ...]:
    """Less what is about predictions, where the service says that it makes none."""
    with contextlib.suppress(httpx.TransportError, BrokenError):
        if "/predict" not in answered(visitor.get("/openapi.json")).get("paths", ()):
            return tuple(promise for promise in suite if not promise.of_predictions)
    return suite


def _show_finding(finding: Finding) -> None:
    colour = _COLOURS[finding.outcome]
    out.print(f"  [{colour}]{MARKS[finding.outcome]} {finding.name}[/]: {escape(finding.why)}")


def _texts(outputs: Mapping[str, object], name: str) -> dict[str, str]:
    return dict(cast("Mapping[str, str]", outputs.get(name) or {}))
