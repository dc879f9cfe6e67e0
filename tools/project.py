"""Finds the project and its stack files. Changes neither."""

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import yaml

from tools.errors import OperatorError

Settings = dict[str, object]
"""A YAML mapping, as it is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A directory with a Pulumi.yaml, and what that says."""

    root: Path
    name: str
    config: Settings
    """The project's own configuration: descriptions and defaults for every stack."""

    def stacks(self) -> list[str]:
        """The names of the stacks that have a file, in order."""
        return sorted(path.name[len("Pulumi.") : -len(".yaml")] for path in self.root.glob("Pulumi.?*.yaml"))

    def path(self, stack: str) -> Path:
        """The stack's file."""
        return self.root / f"Pulumi.{stack}.yaml"


def find_project(start: Path) -> Project:
    """The project that the directory lies in."""
    for directory in (start, *start.parents):
        if (directory / "Pulumi.yaml").is_file():
            settings = read_settings(directory / "Pulumi.yaml")
            name, config = settings.get("name"), settings.get("config", {})
            if not isinstance(name, str) or not isinstance(config, dict):
                raise OperatorError("Pulumi.yaml: `name` must be a text, and `config` a mapping")
            return Project(root=directory, name=name, config=cast("Settings", config))
    raise OperatorError(f"{start} lies in no project: there is no Pulumi.yaml here or above")


def read_stack(project: Project, stack: str) -> Settings:
    """What a stack's file says."""
    if project.path(stack).is_file():
        return read_settings(project.path(stack))
    known = project.stacks()
    near = difflib.get_close_matches(stack, known, n=1)
    hint = f"; did you mean `{near[0]}`?" if near else f": there is {', '.join(known) or 'none'}"
    raise OperatorError(f"there is no stack `{stack}`, as Pulumi.{stack}.yaml is missing{hint}")


def read_settings(path: Path) -> Settings:
    """A YAML file that holds a mapping."""
    try:
        loaded: object = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise OperatorError(f"{path.name}{line}: {error.problem or error.context}") from None
    if not isinstance(loaded, dict):
        raise OperatorError(f"{path.name}: a mapping is expected, as in `config:`")
    return cast("Settings", loaded)
