"""Drives the real engine over stand-in providers: up, down, preview. Shows nothing."""

import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pulumi.automation import PulumiCommand

from tools.deployment import Deployment
from tools.engine.recording import Recording, Step
from tools.engine.session import Session, session
from tools.engine.workspace import Layout
from tools.errors import OperatorError


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run came to."""

    recording: Recording
    seconds: float
    settled: int = 0
    """Operations of a killed run that were in doubt."""


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
            _unprotect(engine)
        engine.run(lambda stack: stack.destroy(on_event=recording.take), recording)
    _forget(layout)
    return Outcome(recording=recording, seconds=time.monotonic() - started, settled=settled)


def preview(deployment: Deployment, command: PulumiCommand) -> Outcome:
    """Say what `up` would change. Works on a copy of the state, so that nothing is touched."""
    started = time.monotonic()
    recording = Recording(ignore)
    with tempfile.TemporaryDirectory(prefix="airfield-") as directory:
        layout = Layout(deployment=deployment, directory=Path(directory) / "copy")
        if deployment.directory.exists():
            shutil.copytree(
                deployment.directory, layout.directory, ignore=shutil.ignore_patterns("home", "locks")
            )
        with session(layout, command, render=False) as engine:
            engine.run(lambda stack: stack.preview(on_event=recording.take), recording)
    return Outcome(recording=recording, seconds=time.monotonic() - started)


def _layout(deployment: Deployment) -> Layout:
    return Layout(deployment=deployment, directory=deployment.directory)


def _unprotect(engine: Session) -> None:
    if '"protect":true' not in engine.layout.state.read_text(encoding="utf-8"):
        return  # half a second less
    stack = engine.stack
    arguments = ["state", "unprotect", "--all", "--yes", "--stack", stack.name]
    stack.workspace.pulumi_command.run(arguments, str(engine.layout.workspace), stack.workspace.env_vars)


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
