"""Where a command finds its project, and what it says where it finds none."""

from pathlib import Path

import pytest

from tests.tools.toy import Toy


def test_a_command_finds_its_project_from_any_directory_of_it(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = toy.root / "a" / "b"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert toy.airfield("up", "dev").code == 0
    assert len(toy.files()) == 5


def test_outside_of_a_project_a_command_says_so(
    toy: Toy, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    monkeypatch.chdir(outside)
    said = toy.airfield("up", "dev")
    assert said.code == 1
    assert said.err == f"error: {outside} lies in no project: there is no Pulumi.yaml here or above\n"


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        (
            "Pulumi.dev.yaml",
            "config:\n  a: [\n",
            "error: Pulumi.dev.yaml:3: expected the node content",
        ),
        ("Pulumi.dev.yaml", "- a\n", "error: Pulumi.dev.yaml: a mapping is expected, as in `config:`"),
        ("Pulumi.yaml", "config: 3\n", "error: Pulumi.yaml: `name` must be a text, and `config` a mapping"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_line(toy: Toy, name: str, text: str, line: str) -> None:
    Path(toy.root / name).write_text(text)
    said = toy.airfield("up", "dev")
    assert said.code == 1
    assert said.err.startswith(line)


def test_misuse_is_answered_without_a_traceback(toy: Toy) -> None:
    said = toy.airfield("up")
    assert said.code == 2
    assert "Missing argument" in said.err
    assert toy.airfield("--help").code == 0
