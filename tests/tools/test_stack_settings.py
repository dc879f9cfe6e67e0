"""A stack file is read without the engine and without its key."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.project import find_project
from tools.stack_settings import StackSettings, read_stack_settings

THREE_OCTETS = "v1:X99o/sj7T3zGjiwf:BjR7idGSdzVY5SWbCmfj1Ga3sg=="
"""What the engine made of `abc`, with a passphrase."""
LEAST: dict[str, Any] = {"airfield:target": "gcp", "airfield:workloads": {"api": {}}}


def read(directory: Path, config: dict[str, Any]) -> StackSettings:
    (directory / "Pulumi.yaml").write_text("name: airfield\nruntime: python\n")
    (directory / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": config}))
    return read_stack_settings(find_project(directory), "dev")


def test_what_is_ours_and_the_providers_own_is_read(tmp_path: Path) -> None:
    ours = {"airfield:domain": "", "airfield:strict": "true", "airfield:workloads": '{"api": {"port": 9000}}'}
    said = read(tmp_path, {**LEAST, **ours, "gcp:project": "acme", "pulumi:tags": {"a": "b"}})
    assert said.settings is not None
    assert (said.settings.strict, said.settings.domain, said.settings.gcp_project) == (True, None, "acme")
    assert said.settings.workloads["api"].port == 9000
    assert sorted(said.raw) == ["gcp:project", "strict", "target", "workloads"]


SECRETS: dict[str, tuple[Any, dict[str, int | None]]] = {
    "encrypted by the engine": ({"KEY": {"secure": THREE_OCTETS}}, {"KEY": 3}),
    "encrypted by somebody else": ({"KEY": {"secure": "AAABAPx"}}, {"KEY": None}),
    "broken": ({"KEY": {"secure": "v1:nonce:?"}}, {"KEY": None}),
    "plain": ({"KEY": "größer"}, {"KEY": 8}),
    "encrypted as one": ({"secure": THREE_OCTETS}, {}),
    "none": (None, {}),
}


@pytest.mark.parametrize("case", SECRETS)
def test_the_size_of_a_secret_is_told_by_its_cipher(case: str, tmp_path: Path) -> None:
    secrets, sizes = SECRETS[case]
    assert read(tmp_path, {**LEAST, "airfield:secrets": secrets}).secrets == sizes


def test_what_is_wrong_is_left_to_the_program(tmp_path: Path) -> None:
    assert read(tmp_path, {"airfield:target": "azure"}).settings is None
