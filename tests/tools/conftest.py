"""What every test of the `airfield` command may ask for."""

import shutil
from pathlib import Path

import pytest
from pulumi.automation import PulumiCommand

from tests.synth import ROOT
from tests.tools.toy import PROGRAM, Toy


@pytest.fixture
def toy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], engine: PulumiCommand
) -> Toy:
    """A project with a stack `dev` that renders a few manifests."""
    monkeypatch.chdir(tmp_path)
    for command in ("access", "compare", "deploy", "plan", "review"):
        monkeypatch.setattr(f"tools.commands.{command}.obtained_engine", lambda: engine)
    project = Toy(tmp_path, capsys)
    (tmp_path / "Pulumi.yaml").write_text("name: airfield\nruntime: python\n", encoding="utf-8")
    project.program(PROGRAM)
    project.stack()
    return project


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a deployed project is kept, to be copied."""
    return tmp_path_factory.mktemp("template") / "deployed"


@pytest.fixture
def deployed(toy: Toy, template: Path) -> Toy:
    """The same project with its stack `dev` deployed, once for all who ask."""
    if template.exists():
        shutil.copytree(template, toy.root, dirs_exist_ok=True)
    else:
        assert toy.airfield("up", "dev").code == 0
        shutil.copytree(toy.root, template)
    return toy


@pytest.fixture
def airfield(toy: Toy) -> Toy:
    """The project itself, in a directory of its own."""
    toy.stack().unlink()
    for path in (*ROOT.glob("Pulumi*.yaml"), ROOT / "__main__.py", ROOT / "Dockerfile"):
        if path.exists():
            shutil.copy(path, toy.root)
    return toy
