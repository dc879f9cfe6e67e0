"""Puts an image into a stack's file, and leaves every other line as it is. Knows nothing of the engine."""

import re
from typing import cast

import yaml

from tools.errors import OperatorError
from tools.project import Project, Settings, read_stack

_DIGEST = re.compile(r"[a-z0-9][a-z0-9./:_-]*@sha256:[0-9a-f]{64}")
KEY = "image"


def checked_image(reference: str) -> str:
    """The reference itself. Raises OperatorError for one whose content may change."""
    if _DIGEST.fullmatch(reference):
        return reference
    raise OperatorError(f"--image: {reference} names no content; as in ghcr.io/acme/airfield@sha256:…")


def with_image(text: str, key: str, reference: str) -> str:
    """The file with another value of the key, or with the key as the first of `config`."""
    line = re.compile(
        rf"^(?P<before>[ \t]+{re.escape(key)}:)(?P<space>[ \t]*)[^\n#]*?(?P<after>[ \t]*(?:#[^\n]*)?)$",
        re.MULTILINE,
    )
    if line.search(text):

        def written(found: re.Match[str]) -> str:
            return f"{found['before']}{found['space'] or ' '}{reference}{found['after']}"

        return line.sub(written, text, count=1)
    return re.sub(r"^config:[ \t]*$", f"config:\n  {key}: {reference}", text, count=1, flags=re.MULTILINE)


def put_image(project: Project, stack: str, reference: str) -> None:
    """Write it, if it is not there. Raises OperatorError where the file does not take it."""
    key, path = f"{project.name}:{KEY}", project.path(stack)
    text = path.read_text(encoding="utf-8")
    changed = with_image(text, key, reference)
    expected = {**_config(text), key: reference}
    if _config(changed) != expected:
        by_hand = f"pulumi config set image {reference} -s {stack}"
        raise OperatorError(f"{path.name} is written in a form that is not changed here: {by_hand}")
    if changed != text:
        path.write_text(changed, encoding="utf-8")


def that_run_it(project: Project, stack: str) -> list[str]:
    """The workloads that run the stack's image. Raises OperatorError where none does."""
    config = cast("Settings", read_stack(project, stack).get("config") or {})
    if f"{project.name}:build" in config:
        raise OperatorError(
            f"Pulumi.{stack}.yaml builds its image: take `build` out to release one by digest"
        )
    found = config.get(f"{project.name}:workloads")
    workloads = cast("Settings", found) if isinstance(found, dict) else {}
    sharing = [name for name, each in workloads.items() if not (isinstance(each, dict) and KEY in each)]
    if not sharing:
        raise OperatorError(f"Pulumi.{stack}.yaml: no workload runs the stack's image")
    return sharing


def _config(text: str) -> Settings:
    loaded: object = yaml.safe_load(text)
    return cast("Settings", cast("Settings", loaded).get("config") or {}) if isinstance(loaded, dict) else {}
