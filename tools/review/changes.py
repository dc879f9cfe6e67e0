"""What becomes of a stack that was deployed from one project and then is from another, and why.

A difference of the settings is the reason of what it changes alone. So each is tried alone upon the old
state; what differs without any of them, the program changes.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import yaml
from pulumi.automation import PulumiCommand

from infra.portability import Target
from tools.deployment import Deployment, describe
from tools.engine.recording import Recording, Step
from tools.engine.run import Aside, deployed_aside, preview_upon_nothing
from tools.errors import OperatorError, ProgramError
from tools.picture.drawing import marked
from tools.picture.mermaid import fenced
from tools.picture.reading import drawing
from tools.project import Project, Settings, read_stack
from tools.rehearsed import recorded_graph
from tools.review.causes import Difference, differences, with_difference

PROGRAM = "the program"
TOGETHER = "several of these together"
_MAX_TRIED = 12
"""Differences that are tried alone; of more, a reader takes none in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A project before and after a change."""

    base: Project
    head: Project
    same_program: bool
    """Whether only settings differ."""


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one resource, and why."""

    step: Step
    causes: tuple[str, ...]
    protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One stack."""

    before: str | None = None
    """The platform that it is on; None: there was no such stack."""
    after: str | None = None
    """That it goes to; None: there is none any more."""
    changes: Sequence[Change] = ()
    warnings: Sequence[str] = ()
    """Those that there were none of before."""
    picture: str = ""
    """What is declared afterwards, as Mermaid, with what changes marked."""
    failure: str = ""


def review(pair: Pair, stack: str, target: str | None, command: PulumiCommand) -> Reviewed:
    """The stack on its own platform, or before and after on another."""
    reviewed = Reviewed()
    try:
        before, after = (_described(project, stack, target) for project in (pair.base, pair.head))
        reviewed = Reviewed(before=before and before.target, after=after and after.target)
        return _compared(reviewed, pair, before, after, command)
    except (OperatorError, ProgramError) as error:
        return replace(reviewed, failure=str(error))


def _described(project: Project, stack: str, target: str | None) -> Deployment | None:
    if not project.path(stack).is_file():
        return None
    return describe(project, stack, target=target, rehearse=True)


def _compared(
    platforms: Reviewed,
    pair: Pair,
    before: Deployment | None,
    after: Deployment | None,
    command: PulumiCommand,
) -> Reviewed:
    if after is None:
        return platforms
    if before is None:
        new = preview_upon_nothing(after, command)
        created = [Change(step, ("the stack is new",), protected=False) for step in _own(new)]
        return replace(platforms, changes=created, warnings=new.warnings, picture=_picture(after, new))
    found = differences(read_stack(pair.base, before.stack), read_stack(pair.head, after.stack))
    if pair.same_program and not found:
        return platforms
    with deployed_aside(before, command) as aside:
        recording = aside.preview(after)
        steps = [*_own(recording)]
        causes = _causes(pair, steps, found, _Tries(aside, after, read_stack(pair.base, before.stack)))
    changes = [Change(step, causes[step.urn], step.urn in aside.protected) for step in steps]
    warnings = [text for text in dict.fromkeys(recording.warnings) if text not in aside.warnings]
    return replace(platforms, changes=changes, warnings=warnings, picture=_picture(after, recording))


def _picture(after: Deployment, recording: Recording) -> str:
    operations = {f"{step.type} {step.name}": str(step.operation) for step in recording.changes()}
    whole = drawing(recorded_graph(recording), after.stack, cast("Target", after.target))
    return fenced(marked(whole, operations), beside=False)


def _own(recording: Recording) -> Iterator[Step]:
    """The changes of what a platform knows: components and providers are the program's own."""
    for step in recording.changes():
        if not step.is_provider and not step.type.startswith("airfield:"):
            yield step


def _causes(
    pair: Pair, steps: Sequence[Step], found: Sequence[Difference], tries: "_Tries"
) -> Mapping[str, tuple[str, ...]]:
    """The reasons of each change, by URN."""
    texts = tuple(difference.text(pair.head.name) for difference in found) or (PROGRAM,)
    if not found or (pair.same_program and len(found) == 1) or len(found) > _MAX_TRIED:
        return {step.urn: texts[:_MAX_TRIED] for step in steps}
    by_program: Mapping[str, Step] = {} if pair.same_program else tries.steps()
    alone = {
        text: _beyond(tries.steps(difference), by_program)
        for text, difference in zip(texts, found, strict=True)
    }
    reasons = {PROGRAM: by_program, **alone}
    return {step.urn: _reasons(step, reasons) for step in steps}


def _reasons(step: Step, reasons: Mapping[str, Mapping[str, Step]]) -> tuple[str, ...]:
    found = tuple(text for text, steps in reasons.items() if step.urn in steps)
    return found or (TOGETHER,)


def _beyond(steps: Mapping[str, Step], known: Mapping[str, Step]) -> Mapping[str, Step]:
    """What is not the same without the difference."""
    return {urn: step for urn, step in steps.items() if urn not in known or known[urn].values != step.values}


@dataclass(frozen=True, slots=True)
class _Tries:
    """The new program with other settings, upon the old state."""

    aside: Aside
    head: Deployment
    old: Settings

    def steps(self, difference: Difference | None = None) -> Mapping[str, Step]:
        """What changes with the old settings but for this, by URN; nothing where they are refused."""
        settings = with_difference(self.old, difference) if difference else self.old
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "settings.yaml"
            path.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
            try:
                found = self.aside.preview(replace(self.head, settings=path))
            except (OperatorError, ProgramError):
                return {}
        return {step.urn: step for step in _own(found)}
