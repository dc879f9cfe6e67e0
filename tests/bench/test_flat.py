"""The benchmark compares like with like."""

import contextlib
import importlib.util
import runpy
import sys
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.synth import synthesise

BENCH = Path(__file__).parents[2] / "bench"


def projects() -> Any:  # noqa: ANN401 (a script's namespace)
    spec = importlib.util.spec_from_file_location("projects", BENCH / "projects.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def at_home(directory: Path) -> Generator[None]:
    """A program's own modules are found beside it, as under the CLI, and forgotten afterwards."""
    sys.path.insert(0, str(directory))
    try:
        yield
    finally:
        sys.path.remove(str(directory))
        for name in [name for name in sys.modules if name.startswith("flat_")]:
            del sys.modules[name]


@pytest.mark.parametrize("target", projects().TARGETS)
def test_the_flat_program_declares_what_ours_declares(tmp_path: Path, target: str) -> None:
    declared: list[Counter[str]] = []
    for style in ("ours", "flat"):
        directory = projects().project(tmp_path / style, style, target, 2)
        config = yaml.safe_load((directory / "Pulumi.prod.yaml").read_text(encoding="utf-8"))["config"]
        main = str(directory / "__main__.py")
        with at_home(directory):
            said = synthesise(lambda main=main: runpy.run_path(main, run_name="__main__"), config)
        types = [resource.type for resource in said.resources]
        declared.append(Counter(of_type for of_type in types if not of_type.startswith("airfield:")))
    ours, flat = declared
    assert flat == ours
