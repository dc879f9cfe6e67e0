"""Runs a program under Pulumi's mocks and returns what it declared, as plain data. Knows no platform.

The engine and the providers are mocks here: what they would compute, the stand-ins of
a rehearsal do. The real engine runs the same program in tests/tools.
"""
# Pulumi's mocks carry bare dicts.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false

import asyncio
import contextvars
import copy
import json
import logging
import runpy
from collections.abc import Awaitable, Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

import pulumi
import yaml
from google.protobuf import json_format
from pulumi.runtime import get_root_resource, mocks, set_all_config
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.proto.source_pb2 import StackTrace
from pulumi.runtime.stack import Stack, run_pulumi_func

from tools.standin.resource import Resource
from tools.standin.server import standins

ROOT = Path(__file__).parent.parent
STAND_INS = {each.package: each for each in standins(root=ROOT, render=False, seed=b"")}
SPECIAL_VALUE = "4dabf18193072939515e22adb298388d"
"""The key by which Pulumi's wire format marks special values.

https://github.com/pulumi/pulumi/blob/master/sdk/proto/go/README.md
"""


@dataclass(frozen=True, slots=True)
class Declared:
    """One resource, as the engine would have been told of it."""

    type: str
    name: str
    parent: str
    """Type and name of its parent; empty right below the stack."""
    inputs: dict[str, Any]
    """Keys in camelCase; whole numbers as int; a secret as {"secret": value}; a JSON document as its text."""
    options: dict[str, Any]
    """protect, ignoreChanges, dependencies, provider …: those that were set."""

    @property
    def waits_for(self) -> set[str]:
        """End of type and name of everything that must exist before it: `{"Vpc network"}`."""
        urns = [urn.split("::") for urn in self.options.get("dependencies", [])]
        return {f"{parts[2].rpartition(':')[2]} {parts[3]}" for parts in urns}

    def __str__(self) -> str:
        """One line of a graph file."""
        return f"{self.type} {self.name}" + (f" ← {self.parent}" if self.parent else "")


@dataclass(slots=True)
class Synthesis:
    """Everything that a program said while it ran."""

    resources: list[Declared] = field(default_factory=list[Declared])
    outputs: dict[str, Any] = field(default_factory=dict[str, Any])
    warnings: list[str] = field(default_factory=list[str])

    def __getitem__(self, key: tuple[str, str]) -> Declared:
        """The one resource with this end of a type, and this name: `["ecs/service:Service", "api"]`."""
        found = [r for r in self.resources if r.type.endswith(key[0]) and r.name == key[1]]
        assert len(found) == 1, f"{key}: {len(found)} found in\n{self.graph()}"
        return found[0]

    def of_type(self, end_of_type: str) -> list[Declared]:
        """All resources with this end of a type, sorted by name."""
        return [r for r in self.resources if r.type.endswith(end_of_type)]

    def graph(self) -> str:
        """A line for each resource, sorted."""
        return "".join(f"{line}\n" for line in sorted(str(resource) for resource in self.resources))


def synthesise(program: Callable[[], object], config: Mapping[str, object] | None = None) -> Synthesis:
    """Runs `program` under mocks, with `config` as the stack's configuration.

    Raises:
        pulumi.RunError: the operator's mistakes, as the program raises them.
    """
    said = Synthesis()

    def begun() -> Awaitable[None]:
        program()
        return asyncio.sleep(0)

    async def run() -> None:
        asyncio.get_running_loop().set_default_executor(thread)
        set_all_config({k: v if isinstance(v, str) else json.dumps(v) for k, v in (config or {}).items()})
        mocks.set_mocks(
            Mocks(), "airfield", "test", logger=_warnings_to(said), monitor=RecordingMonitor(said)
        )
        await run_pulumi_func(begun)
        stack = cast("Stack", get_root_resource())
        said.outputs = await pulumi.Output.all(**stack.outputs).future() or {}

    # Where in the source a resource was declared costs a tenth of a run, and nobody reads it here.
    with thread_of_the_monitor() as thread, patch("pulumi.runtime.resource._get_stack_trace", StackTrace):
        contextvars.Context().run(lambda: asyncio.run(run()))
    said.resources.sort(key=lambda resource: (resource.type, resource.name))
    return said


def synthesise_stack(stack: str, **overrides: object) -> Synthesis:
    """Runs the real `__main__.py` with a committed stack file; `overrides` replaces keys of ours."""
    return synthesise_config({**stack_config(stack), **{f"airfield:{k}": v for k, v in overrides.items()}})


def synthesise_config(config: Mapping[str, object]) -> Synthesis:
    """Runs the real `__main__.py` with a configuration, once for all who ask; each gets a copy."""
    return copy.deepcopy(_said_with(json.dumps(config)))


@cache
def _said_with(config: str) -> Synthesis:
    program = partial(runpy.run_path, str(ROOT / "__main__.py"), run_name="__main__")
    return synthesise(program, json.loads(config))


def stack_config(stack: str) -> dict[str, object]:
    """The configuration in a committed stack file."""
    return cast("dict[str, object]", yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"])


class Mocks(mocks.Mocks):
    """Providers that accept everything and compute what the rehearsal's stand-ins do."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        package = args.typ.partition(":")[0]
        if package not in STAND_INS:
            return f"{args.name}-id", args.inputs
        inputs = plain(args.inputs)
        resource = Resource(
            type=args.typ, name=args.name, urn=args.name, inputs=inputs, provider={}, fixed={}
        )
        stand_in = STAND_INS[package]
        return stand_in.identity(resource), {**stand_in.computed(resource), **args.inputs}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        package = args.token.partition(":")[0]
        return dict(STAND_INS[package].answer(args.token, args.args, {})), []


class RecordingMonitor(mocks.MockMonitor):
    """Records what the mock monitor drops: parents and options."""

    def __init__(self, said: Synthesis) -> None:
        super().__init__(Mocks())
        self.said = said

    def RegisterResource(self, request: resource_pb2.RegisterResourceRequest) -> Any:  # noqa: ANN401, N802
        if request.type != "pulumi:pulumi:Stack":
            self.said.resources.append(declared(request))
        return super().RegisterResource(request)


@contextmanager
def thread_of_the_monitor() -> Generator[ThreadPoolExecutor]:
    """One thread, with the event loop that the mock monitor else makes at each call, and never closes."""
    with (
        closing(asyncio.new_event_loop()) as loop,
        ThreadPoolExecutor(1, initializer=asyncio.set_event_loop, initargs=(loop,)) as executor,
    ):
        yield executor


def declared(request: resource_pb2.RegisterResourceRequest) -> Declared:
    """What a registration says, without the wire format's own keys."""
    options = json_format.MessageToDict(request)
    for part_of_declared in ("type", "name", "parent", "object"):
        options.pop(part_of_declared, None)
    return Declared(
        type=request.type,
        name=request.name,
        parent=_type_and_name(request.parent),
        inputs=plain(json_format.MessageToDict(request.object)),
        options={key: value for key, value in options.items() if key in OPTIONS},
    )


OPTIONS = {
    "aliases",
    "deleteBeforeReplace",
    "dependencies",
    "ignoreChanges",
    "protect",
    "provider",
    "retainOnDelete",
}


def plain(value: Any) -> Any:  # noqa: ANN401
    """A value of the wire format as people write it."""
    match value:
        case {"value": inner, **rest} if SPECIAL_VALUE in rest:
            return {"secret": plain(inner)}
        case dict():
            return {key: plain(inner) for key, inner in cast("dict[str, Any]", value).items()}
        case list():
            return [plain(inner) for inner in cast("list[Any]", value)]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value


def _type_and_name(urn: str) -> str:
    if not urn:
        return ""
    _, _, qualified_type, name = urn.split("::")
    own_type = qualified_type.rpartition("$")[2]
    return "" if own_type == "pulumi:pulumi:Stack" else f"{own_type} {name}"


def _warnings_to(said: Synthesis) -> logging.Logger:
    logger = logging.Logger("synthesis", logging.WARNING)  # noqa: LOG001  one logger a run, known to nobody else

    def keep(record: logging.LogRecord) -> bool:
        said.warnings.append(record.getMessage())
        return False

    logger.addFilter(keep)
    return logger
