"""What every test of the `airfield` command may ask for."""

from pathlib import Path

import pytest
from pulumi.automation import PulumiCommand

from tests.tools.toy import PROGRAM, Toy


@pytest.fixture
def toy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], engine: PulumiCommand
) -> Toy:
    """A project with a stack `dev` that renders a few manifests."""
    assert engine.version
    monkeypatch.chdir(tmp_path)
    project = Toy(tmp_path, capsys)
    (tmp_path / "Pulumi.yaml").write_text("name: airfield\nruntime: python\n", encoding="utf-8")
    project.program(PROGRAM)
    project.stack()
    return project
