"""The benchmark compares like with like."""

import importlib.util
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import PulumiCommand

from tools.deployment import describe
from tools.engine import run
from tools.project import find_project

BENCH = Path(__file__).parents[2] / "bench"


def projects() -> Any:  # noqa: ANN401 (a script's namespace)
    spec = importlib.util.spec_from_file_location("projects", BENCH / "projects.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("target", projects().TARGETS)
def test_the_flat_program_declares_what_ours_declares(
    tmp_path: Path, engine: PulumiCommand, target: str
) -> None:
    declared: list[Counter[str]] = []
    for style in ("ours", "flat"):
        directory = projects().project(tmp_path / style, style, target, 2)
        deployment = describe(find_project(directory), "prod", rehearse=True)
        steps = run.preview(deployment, engine).recording.steps.values()
        declared.append(Counter(step.type for step in steps if not step.type.startswith("airfield:")))
    ours, flat = declared
    assert flat == ours
