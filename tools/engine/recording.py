"""What the engine said while it worked, as plain values. Shows nothing."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, cast, get_args

from pulumi.automation.events import DiagnosticEvent, EngineEvent, OpType, StepEventMetadata

from tools.engine.values import Inputs, short_values
from tools.standin.wire import SECRET, SIGNATURE, Json

Operation = Literal["create", "update", "replace", "delete", "same"]
_OPERATIONS: Mapping[OpType, Operation] = {
    OpType.CREATE: "create",
    OpType.UPDATE: "update",
    OpType.REPLACE: "replace",
    OpType.DELETE: "delete",
    OpType.SAME: "same",
}
_COLOUR = re.compile(r"<\{%[^%]*%\}>")
_STACK_TYPE = "pulumi:pulumi:Stack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What happens to one resource."""

    operation: Operation
    urn: str
    type: str
    parent: str | None
    """The URN of its parent; none for what stands at the top."""
    paths: tuple[str, ...] = ()
    """The inputs that changed."""
    replacing: tuple[str, ...] = ()
    """Those that make it a replacement."""
    values: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    """Of changed inputs that are short and no secrets: what was, and what would be."""
    inputs: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """What is asked for, its secrets masked; nothing of what is deleted."""

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.rpartition("::")[2]

    @property
    def is_provider(self) -> bool:
        """Whether it is the configuration of a provider."""
        return self.type.startswith("pulumi:providers:")


@dataclass(slots=True)
class Recording:
    """Follows one run of the engine."""

    watch: Callable[[Step], None]
    """Is told of each change once it is made."""
    steps: dict[str, Step] = field(default_factory=dict[str, Step])
    warnings: list[str] = field(default_factory=list[str])
    errors: list[str] = field(default_factory=list[str])

    outputs: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """What the stack gives back, its secrets masked."""

    def take(self, event: EngineEvent) -> None:
        """What the engine's event stream calls."""
        if event.diagnostic_event:
            self._take_diagnostic(event.diagnostic_event)
        elif event.resource_pre_event:
            self._take_step(event.resource_pre_event.metadata)
        elif event.res_outputs_event:
            metadata = event.res_outputs_event.metadata
            if metadata.type == _STACK_TYPE and metadata.new:
                self.outputs = {name: _masked(value) for name, value in (metadata.new.outputs or {}).items()}
            step = self.steps.get(metadata.urn)
            if step and step.operation != "same" and _OPERATIONS.get(metadata.op) == step.operation:
                self.watch(step)

    def counts(self) -> Mapping[Operation, int]:
        """How many resources meet with each operation; the stack itself is none."""
        found = Counter(step.operation for step in self.steps.values())
        return {operation: found[operation] for operation in get_args(Operation)}

    def changes(self) -> Iterator[Step]:
        """The steps that change something."""
        return (step for step in self.steps.values() if step.operation != "same")

    def _take_diagnostic(self, event: DiagnosticEvent) -> None:
        message = _COLOUR.sub("", event.message).strip()
        if event.ephemeral or not message:
            return
        if event.severity == "warning":
            self.warnings.append(message)
        elif event.severity == "error":
            self.errors.append(message)

    def _take_step(self, metadata: StepEventMetadata) -> None:
        operation = _OPERATIONS.get(metadata.op)
        state = metadata.new or metadata.old
        if not operation or metadata.type == _STACK_TYPE or not state:
            return
        details = metadata.detailed_diff or {}
        old, new = (cast("Inputs", state.inputs if state else {}) for state in (metadata.old, metadata.new))
        self.steps[metadata.urn] = Step(
            operation=operation,
            urn=metadata.urn,
            type=metadata.type,
            parent=None if _STACK_TYPE in state.parent.split("::")[2:3] else state.parent or None,
            inputs={
                name: _masked(value) for name, value in ((metadata.new and metadata.new.inputs) or {}).items()
            },
            paths=tuple(sorted(details)),
            replacing=tuple(
                sorted(path for path, diff in details.items() if "replace" in diff.diff_kind.value)
            ),
            values=short_values(details, old, new),
        )


def _masked(value: Json) -> Json:
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            return "[secret]"
        return {key: _masked(item) for key, item in value.items()}
    return [_masked(item) for item in value] if isinstance(value, list) else value
