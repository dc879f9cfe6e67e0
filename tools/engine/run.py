"""Drives the real engine over stand-in providers: up, down, preview. Shows nothing."""

import contextlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi.automation import PulumiCommand

from tools.deployment import Deployment
from tools.engine.recording import Recording, Step
from tools.engine.session import session
from tools.engine.workspace import Layout
from tools.errors import OperatorError


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run came to."""

    recording: Recording
    seconds: float
    settled: int = 0
    """Operations of a killed run that were in doubt."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What is deployed aside, to be compared with."""

    layout: Layout
    command: PulumiCommand
    warnings: Sequence[str]
    protected: frozenset[str]
    """The URNs of what no engine would remove without being told so twice."""

    def preview(self, head: Deployment) -> Recording:
        """Say what deploying this upon it would change."""
        layout = Layout(deployment=head, directory=self.layout.directory.with_name("head"))
        shutil.rmtree(layout.directory, ignore_errors=True)
        return _previewed(layout, self.command, upon=self.layout.directory)


def ignore(step: Step) -> None:
    """Watch nothing."""
    del step


def up(deployment: Deployment, command: PulumiCommand, watch: Callable[[Step], None] = ignore) -> Outcome:
    """Make what the program declares."""
    layout, started = _layout(deployment), time.monotonic()
    recording = Recording(watch)
    before = _checkpoints(layout)
    try:
        with (
            session(layout, command, render=not deployment.rehearsed) as engine,
            engine.changing() as settled,
        ):
            engine.run(lambda stack: stack.up(on_event=recording.take), recording)
    except OperatorError:
        if not any(recording.changes()):
            _restore(layout, before)
        raise
    return Outcome(recording=recording, seconds=time.monotonic() - started, settled=settled)


def down(deployment: Deployment, command: PulumiCommand, watch: Callable[[Step], None] = ignore) -> Outcome:
    """Unmake everything, and forget that it was there."""
    layout, started = _layout(deployment), time.monotonic()
    recording = Recording(watch)
    opened = session(layout, command, render=not deployment.rehearsed, settings="kept")
    with opened as engine, engine.changing() as settled:
        if deployment.rehearsed:
            _lift_protection(layout)
        engine.run(lambda stack: stack.destroy(on_event=recording.take), recording)
    _forget(layout)
    return Outcome(recording=recording, seconds=time.monotonic() - started, settled=settled)


def preview(deployment: Deployment, command: PulumiCommand) -> Outcome:
    """Say what `up` would change. Works on a copy of the state, so that nothing is touched."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="airfield-") as directory:
        layout = Layout(deployment=deployment, directory=Path(directory) / "copy")
        recording = _previewed(layout, command, upon=deployment.directory)
    return Outcome(recording=recording, seconds=time.monotonic() - started)


def preview_upon_nothing(deployment: Deployment, command: PulumiCommand) -> Recording:
    """Say all that the program declares, whatever is deployed or rehearsed here."""
    with tempfile.TemporaryDirectory(prefix="airfield-") as directory:
        return _previewed(Layout(deployment=deployment, directory=Path(directory) / "empty"), command)


def _previewed(layout: Layout, command: PulumiCommand, upon: Path | None = None) -> Recording:
    """Preview in a layout of its own, upon a copy of the state that lies in a folder, if it is there."""
    if upon and upon.exists():
        shutil.copytree(upon, layout.directory, ignore=shutil.ignore_patterns("home", "lock*"))
    recording = Recording(ignore)
    with session(layout, command, render=False) as engine:
        engine.run(lambda stack: stack.preview(on_event=recording.take), recording)
    return recording


@contextlib.contextmanager
def deployed_aside(base: Deployment, command: PulumiCommand) -> Generator[Aside]:
    """Deploy for the time of the block, apart from what is deployed or rehearsed here."""
    with tempfile.TemporaryDirectory(prefix="airfield-") as directory:
        layout = Layout(deployment=base, directory=Path(directory) / "base")
        recording = Recording(ignore)
        with session(layout, command, render=False) as engine:
            engine.run(lambda stack: stack.up(on_event=recording.take), recording)
        yield Aside(layout, command, warnings=recording.warnings, protected=_lift_protection(layout))


def _lift_protection(layout: Layout) -> frozenset[str]:
    """What was protected. The engine stops at the first of them that would go."""
    checkpoint: Any = json.loads(layout.state.read_text(encoding="utf-8"))
    latest: dict[str, list[dict[str, Any]]] = checkpoint["checkpoint"]["latest"] or {}
    resources = latest.get("resources") or []
    protected = frozenset(str(resource["urn"]) for resource in resources if resource.pop("protect", False))
    if protected:
        layout.write_state(checkpoint)
    return protected


def _layout(deployment: Deployment) -> Layout:
    return Layout(deployment=deployment, directory=deployment.directory)


def _checkpoints(layout: Layout) -> Mapping[Path, bytes]:
    return {path: path.read_bytes() for path in layout.state.parent.glob("*") if path.is_file()}


def _restore(layout: Layout, before: Mapping[Path, bytes]) -> None:
    if not before:
        _forget(layout)
    for path, content in before.items():
        path.write_bytes(content)


def _forget(layout: Layout) -> None:
    shutil.rmtree(layout.directory, ignore_errors=True)
    for parent in (layout.directory.parent, layout.directory.parent.parent):
        if parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()
