"""The project's own stacks on the real engine: production on every platform, manifests of the others."""

import json
import os
import re
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from typing import Any, cast

import pytest
import yaml
from pulumi.automation import PulumiCommand

from tests.tools.toy import Toy
from tools.engine.workspace import PLACEHOLDER
from tools.standin.wire import SIGNATURE
from tools.targets import supported_targets

SHORTEST = 12
"""Letters of what is taken for a secret: shorter texts may stand anywhere by chance."""
CHECKSUM = re.compile("[0-9a-f]{64}")
"""Of a workload's secrets: another one rolls its pods."""
KEPT = {
    "aws": {"SecretVersion", "Instance", "ReplicationGroup"},
    "gcp": {"SecretVersion", "Instance", "User"},
    "kubernetes": {"Secret"},
    "swarm": {"Secret"},
}
"""Types, beside what draws, in whose state a secret is."""
KEPT["eks"] = KEPT["aws"] | KEPT["kubernetes"]


def with_secrets(airfield: Toy) -> None:
    """Production with data stores, and a secret that the operator has encrypted."""
    path = airfield.root / "Pulumi.prod.yaml"
    settings = yaml.safe_load(path.read_text())
    config = settings["config"]
    config["airfield:workloads"]["api"] |= {"uses": ["postgres", "redis"], "secrets": ["API_KEY"]}
    config |= {"airfield:postgres": {}, "airfield:redis": {}}
    config["airfield:secrets"] = {"API_KEY": {"secure": "v1:somebody:elses"}}
    path.write_text(yaml.safe_dump(settings))


def opened(airfield: Toy, engine: PulumiCommand, target: str) -> list[dict[str, Any]]:
    """Every resource of the rehearsal, its secrets decrypted."""
    home = airfield.root / ".airfield" / "rehearsed" / f"prod@{target}"
    environment = {
        "PULUMI_BACKEND_URL": f"file://{home}/backend?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE": "rehearsal",
        "PULUMI_HOME": str(home / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    exported = subprocess.check_output(
        [engine.command, "stack", "export", "--show-secrets", "--stack", "prod"],
        env={**os.environ, **environment},
        cwd=home / "workspace",
    )
    return json.loads(exported)["deployment"]["resources"]


def texts(value: Any) -> Iterator[str]:  # noqa: ANN401  as above
    match value:
        case str():
            yield value
        case dict():
            yield from (text for inner in cast("dict[str, Any]", value).values() for text in texts(inner))
        case _:
            pass


def apart(value: Any, secrets: set[str]) -> Any:  # noqa: ANN401  any part of a state
    """The value without what is secret in it, which goes to `secrets`."""
    match value:
        case {"plaintext": str(text), **rest} if SIGNATURE in rest:
            secrets.update(texts(json.loads(text)))
            return None
        case dict():
            return {key: apart(inner, secrets) for key, inner in cast("dict[str, Any]", value).items()}
        case list():
            return [apart(inner, secrets) for inner in cast("list[Any]", value)]
        case _:
            return value


@pytest.mark.long
@pytest.mark.parametrize("target", supported_targets())
def test_production_goes_up_once_tells_no_secret_and_comes_down_whole(
    airfield: Toy, engine: PulumiCommand, target: str
) -> None:
    with_secrets(airfield)
    command = ("prod", "--target", target, "--rehearse")
    said = airfield.airfield("up", *command)
    assert said.code == 0, said.err
    assert " created, in " in said.out
    resources = opened(airfield, engine, target)
    found: list[set[str]] = [set() for _ in resources]
    plain = [apart(each, inside) for each, inside in zip(resources, found, strict=True)]
    secrets = {text for inside in found for text in inside if len(text) >= SHORTEST}
    assert {PLACEHOLDER, b64encode(PLACEHOLDER.encode()).decode()} & secrets
    assert len(secrets) >= 5
    files = [path.read_text(errors="replace") for path in airfield.root.rglob("*") if path.is_file()]
    told = "\n".join([said.out, said.err, *files, json.dumps(plain)])
    assert [text for text in secrets if text in told] == []
    holders = {
        each["type"].rpartition(":")[2]
        for each, inside in zip(resources, found, strict=True)
        if any(not CHECKSUM.fullmatch(text) for text in inside)
    }
    assert holders - {"RandomPassword", "Stack"} <= KEPT[target]
    assert "Nothing changes" in airfield.airfield("up", *command).out
    assert airfield.airfield("down", *command).code == 0
    assert not (airfield.root / ".airfield").exists()


@pytest.mark.long
def test_changed_scaling_changes_the_autoscaler_and_no_count_of_tasks(airfield: Toy) -> None:
    command = ("up", "prod", "--target", "aws", "--rehearse")
    assert airfield.airfield(*command).code == 0
    path = airfield.root / "Pulumi.prod.yaml"
    settings = yaml.safe_load(path.read_text())
    scaling = settings["config"]["airfield:workloads"]["api"]["scaling"]
    scaling |= {"minReplicas": 4, "cpuPercent": 50}
    path.write_text(yaml.safe_dump(settings))
    said = airfield.airfield(*command)
    changed = re.findall(r"── [~±+-] (\S+ \S+)", said.out)
    assert sorted(changed) == [
        "api aws:appautoscaling/target:Target",
        "api-cpu aws:appautoscaling/policy:Policy",
    ]
    assert "2 updated, " in said.out


def test_the_manifests_of_several_services_are_what_kubernetes_accepts(airfield: Toy) -> None:
    path = airfield.root / "Pulumi.orders.yaml"
    settings = yaml.safe_load(path.read_text())
    settings["config"].setdefault("airfield:kubernetes", {})["renderTo"] = "build/here"
    path.write_text(yaml.safe_dump(settings))
    said = airfield.airfield("up", "orders")
    assert said.code == 0, said.err
    assert [path for path in airfield.files() if "v1-secret-" in path] == []
    assert airfield.refused_manifests() == ""
    assert "Nothing changes" in airfield.airfield("up", "orders").out
