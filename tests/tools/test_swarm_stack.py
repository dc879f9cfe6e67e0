"""The file for `docker stack deploy` says what was recorded, and is what Docker takes."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.graphs import stacks
from tests.infra.swarm.example import everything, identity
from tests.synth import Synthesis, synthesise_stack
from tools.swarm_stack import stack_file


def rendered(stack: Synthesis) -> tuple[dict[str, Any], Any]:
    return stack_file(
        [{"type": each.type, "id": identity(each), "inputs": each.inputs} for each in docker(stack)]
    )


def docker(stack: Synthesis) -> list[Any]:
    return [each for each in stack.resources if each.type.startswith("docker:")]


def test_every_service_network_and_config_is_in_the_file_and_nothing_else() -> None:
    stack = everything()
    file, configs = rendered(stack)
    recorded = {
        kind: {each.inputs["name"] for each in stack.of_type(kind)} for kind in ("Network", "ServiceConfig")
    }
    assert {f"airfield_{name}" for name in file["services"]} == {
        each.inputs["name"] for each in stack.of_type("index/service:Service")
    }
    assert {each["name"] for each in file["networks"].values()} == recorded["Network"]
    assert set(configs) == recorded["ServiceConfig"] == set(file["configs"])


def test_a_service_of_the_file_is_the_recorded_one() -> None:
    api = rendered(everything())[0]["services"]["api"]
    assert api["environment"]["API_KEY_FILE"] == "/run/secrets/API_KEY"
    assert api["networks"] == ["api", "api-to-worker", "edge-to-api", "prometheus-to-api"]
    assert api["deploy"]["endpoint_mode"] == "dnsrr"
    assert api["deploy"]["update_config"]["order"] == "start-first"
    assert api["deploy"]["resources"]["limits"] == {"cpus": "1", "memory": "2147483648B"}
    assert api["deploy"]["labels"]["traefik.http.routers.api.rule"] == "Host(`api.example.com`)"
    assert (api["read_only"], api["user"], api["cap_drop"]) == (True, "1000:1000", ["ALL"])


def test_a_secret_has_a_name_for_each_version_and_no_value() -> None:
    file, configs = rendered(everything())
    assert file["secrets"]["airfield_API_KEY"] == {
        "name": "airfield_API_KEY_${API_KEY_VERSION:-1}",
        "external": True,
    }
    assert "canary" not in yaml.safe_dump(file) + "".join(configs.values())


@pytest.mark.skipif(shutil.which("docker") is None, reason="no docker CLI: apt-get install docker-cli")
@pytest.mark.parametrize("stack", [*stacks(), None])
def test_docker_takes_the_file_and_changes_no_dollar_sign(tmp_path: Path, stack: str | None) -> None:
    file, configs = rendered(synthesise_stack(stack, target="swarm") if stack else everything())
    (tmp_path / "configs").mkdir()
    for name, text in configs.items():
        (tmp_path / "configs" / name).write_text(text)
    (tmp_path / "docker-stack.yml").write_text(yaml.safe_dump(file))
    command = ["docker", "stack", "config", "--compose-file", "docker-stack.yml"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    taken = yaml.safe_load(said.stdout)
    assert set(taken["services"]) == set(file["services"])
    if "cache" in taken["services"]:
        assert "$$(cat" in file["services"]["cache"]["entrypoint"][-1]
        assert "$(cat" in taken["services"]["cache"]["entrypoint"][-1].replace("$$", "$")
