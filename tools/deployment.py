"""One stack on one platform, rehearsed or for good. Knows nothing of the engine.

A stack that renders Kubernetes manifests is done when its files are written, so it can be deployed here for
good. Whatever reaches a cloud or a cluster can only be rehearsed here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tools.project import Project, Settings, read_stack

REHEARSAL_SETTINGS: Mapping[str, Mapping[str, str]] = {
    "aws": {"aws:region": "us-east-1"},
    "eks": {"aws:region": "us-east-1"},
    "gcp": {"gcp:project": "airfield-rehearsal", "gcp:region": "us-central1"},
}
"""What a platform cannot do without, for a stack that is tried on it with `--target`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What an operator asks for."""

    project: Project
    stack: str
    target: str | None
    """The platform, as the stack's file or `--target` says; the program refuses a stack without."""
    rehearsed: bool
    overrides: Mapping[str, str]
    """Configuration in place of what the stack's file says."""
    assumed: Mapping[str, str]
    """That part of it which the platform needs and the stack's file does not have."""
    render_to: str | None
    """The directory that Kubernetes manifests go to."""
    settings: Path
    """The stack's file, or another that is read in its place."""

    @property
    def directory(self) -> Path:
        """Everything that is kept between two commands."""
        base = self.project.root / ".airfield"
        if self.rehearsed:
            return base / "rehearsed" / f"{self.stack}@{self.target}"
        return base / "deployed" / self.stack

    @property
    def title(self) -> str:
        """As in `dev (kubernetes)`."""
        return f"{self.stack} ({self.target or 'no target'})"


def describe(
    project: Project, stack: str, *, target: str | None = None, rehearse: bool = False
) -> Deployment:
    """What deploying the stack amounts to, on its own platform or on another."""
    settings = read_stack(project, stack)
    config = cast("Settings", settings.get("config") or {})
    own = _text(project, config, "target")
    effective = target or own
    other = target if target and target != own else None
    assumed = {
        key: value
        for key, value in REHEARSAL_SETTINGS.get(other or "", {}).items()
        if key not in config and key not in project.config
    }
    block = config.get(f"{project.name}:kubernetes")
    rendered = cast("Settings", block).get("renderTo") if isinstance(block, dict) else None
    render_to = str(rendered) if rendered and effective == "kubernetes" else None
    return Deployment(
        project=project,
        stack=stack,
        target=effective,
        rehearsed=rehearse or not render_to,
        overrides={f"{project.name}:target": other, **assumed} if other else {},
        assumed=assumed,
        render_to=render_to,
        settings=project.path(stack),
    )


def _text(project: Project, config: Settings, key: str) -> str | None:
    found = config.get(f"{project.name}:{key}")
    if found is None:
        declared = project.config.get(key, project.config.get(f"{project.name}:{key}"))
        found = cast("Settings", declared).get("default") if isinstance(declared, dict) else declared
    return str(found) if found is not None else None
