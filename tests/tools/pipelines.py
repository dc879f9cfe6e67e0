"""The committed pipelines of four systems as plain data, and every line that they run. Knows no rule."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import yaml

from tests.synth import ROOT

GITHUB = tuple(sorted(ROOT.glob(".github/workflows/*.yml")))
GITEA = tuple(sorted(ROOT.glob(".gitea/workflows/*.yml")))
GITLAB = ROOT / ".gitlab-ci.yml"
CLOUD_BUILD = ROOT / "cloudbuild.yaml"
TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)


@dataclass(frozen=True)
class Line:
    """One that a pipeline runs."""

    where: str
    text: str


def read(path: Any) -> dict[str, Any]:  # noqa: ANN401 (a path, or what stands for one)
    """A YAML file; `on` is the text that it is, not what YAML 1.1 takes it for."""
    loaded = cast("dict[Any, Any]", yaml.safe_load(path.read_text(encoding="utf-8")))
    return {"on" if key is True else key: value for key, value in loaded.items()}


def jobs(path: Any) -> Mapping[str, dict[str, Any]]:  # noqa: ANN401 (as above)
    """Of a workflow of GitHub's or Gitea's."""
    return read(path)["jobs"]


def actions() -> Iterator[str]:
    """Everything that a step uses, with the comment behind it."""
    for path in (*GITHUB, *GITEA):
        for found in re.findall(r"^\s+(?:- )?uses: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE):
            yield found.strip()


def lines() -> Iterator[Line]:
    """Every line of shell in every pipeline."""
    for path in (*GITHUB, *GITEA):
        for name, job in jobs(path).items():
            for step in job["steps"]:
                for text in str(step.get("run", "")).splitlines():
                    yield Line(f"{path.parent.parent.name}/{path.name}: {name}", text)
    for name, job in read(GITLAB).items():
        if isinstance(job, dict):
            given = cast("dict[str, Any]", job)
            for text in (*given.get("before_script", ()), *given.get("script", ())):
                yield Line(f"gitlab: {name}", text)
    for step in read(CLOUD_BUILD)["steps"]:
        arguments = " ".join((step.get("entrypoint", ""), *step.get("args", ())))
        yield Line(f"cloudbuild: {step['id']}", step.get("script") or arguments)


def make_targets() -> set[str]:
    """What `make` knows."""
    return set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
