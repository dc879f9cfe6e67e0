"""Makes a deployment that was killed half-way fit for the next one. Knows nothing of the program."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict, cast

from pulumi.automation import Stack

from tools.engine.workspace import Layout
from tools.errors import OperatorError
from tools.standin.manifests import remove_manifest
from tools.standin.wire import Properties

_PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.1
_INTERRUPTED = "airfieldInterrupted"


class _Resource(TypedDict, total=False):
    urn: str
    provider: str
    inputs: Properties


class _Pending(TypedDict):
    resource: _Resource
    type: str


class _Deployed(TypedDict, total=False):
    resources: list[_Resource]
    pending_operations: list[_Pending]


def release_locks(layout: Layout) -> None:
    """Remove the locks of engines that were killed, once those that still end have ended."""
    for path in (layout.backend / ".pulumi" / "locks").rglob("*.json"):
        process_id = _holder(path)
        give_up = time.monotonic() + _PATIENCE_SECONDS
        while process_id and path.exists() and _is_engine(process_id):
            if time.monotonic() > give_up:
                raise OperatorError(
                    f"the Pulumi engine of an earlier command (process {process_id}) still works on"
                    f" {layout.deployment.title}: wait for it, or end it"
                )
            time.sleep(_PAUSE_SECONDS)
        path.unlink(missing_ok=True)


def settle(layout: Layout, stack: Stack) -> int:
    """Leave no operation in doubt; how many there were. What was being made is made anew."""
    exported = layout.directory / "export.json"
    try:
        _pulumi(layout, stack, "export", exported)
        document = json.loads(exported.read_text(encoding="utf-8"))
        deployed = cast("_Deployed", document["deployment"] or {})  # null: killed before anything was begun
        pending = deployed.pop("pending_operations", [])
        if pending:
            for operation in pending:
                _undo(layout, deployed, operation)
            exported.write_text(json.dumps(document), encoding="utf-8")
            _pulumi(layout, stack, "import", exported)
        return len(pending)
    finally:
        exported.unlink(missing_ok=True)


def _pulumi(layout: Layout, stack: Stack, verb: str, file: Path) -> None:
    command = stack.workspace.pulumi_command
    arguments = ["stack", verb, "--stack", stack.name, "--file", str(file)]
    command.run(arguments, str(layout.workspace), stack.workspace.env_vars)


def _undo(layout: Layout, deployed: _Deployed, operation: _Pending) -> None:
    resources = deployed.get("resources", [])
    resource = operation["resource"]
    if operation["type"] == "creating":
        for directory in _rendered_to(layout, resources, resource):
            remove_manifest(directory, resource.get("inputs", {}), within=layout.deployment.project.root)
        return
    for known in resources:
        if known.get("urn") == resource.get("urn"):
            # It may be half written, or gone: whatever is asked for next differs from this, and is written.
            known.setdefault("inputs", {})[_INTERRUPTED] = True


def _rendered_to(layout: Layout, resources: list[_Resource], made: _Resource) -> Iterator[Path]:
    if layout.deployment.rehearsed:
        return
    provider = made.get("provider", "").rpartition("::")[0]
    for resource in resources:
        directory = resource.get("inputs", {}).get("renderYamlToDirectory")
        if resource.get("urn") == provider and directory:
            yield layout.deployment.project.root / str(directory)


def _holder(lock: Path) -> int | None:
    try:
        return int(json.loads(lock.read_text(encoding="utf-8"))["pid"])
    except (OSError, ValueError, KeyError):
        return None


def _is_engine(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False
    name = Path(f"/proc/{process_id}/comm")
    return not name.exists() or name.read_text(encoding="utf-8").strip() == "pulumi"
