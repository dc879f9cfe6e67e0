"""What a stack declares on a platform, as a rehearsal on the real engine records it. Touches nothing."""

from dataclasses import dataclass

from pulumi.automation import PulumiCommand

from tools.declared import Body, Graph
from tools.deployment import describe
from tools.engine.recording import Recording, Step
from tools.engine.run import preview_upon_nothing
from tools.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One resource, its secrets masked."""

    type: str
    name: str
    parent: str
    inputs: Body


def rehearsed_graph(project: Project, command: PulumiCommand, stack: str, target: str | None) -> Graph:
    """Everything that the stack would make on an empty platform.

    Raises:
        OperatorError: the platform refuses what the stack's file says.
    """
    deployment = describe(project, stack, target=target, rehearse=True)
    return recorded_graph(preview_upon_nothing(deployment, command))


def recorded_graph(recording: Recording) -> Graph:
    """Everything that is there once what was recorded is done."""
    kept = [step for step in recording.steps.values() if step.operation != "delete"]
    return Graph([_recorded(step, recording) for step in kept])


def _recorded(step: Step, recording: Recording) -> Recorded:
    parent = recording.steps.get(step.parent or "")
    return Recorded(
        type=step.type,
        name=step.name,
        parent=f"{parent.type} {parent.name}" if parent else "",
        inputs=dict(step.inputs),
    )
