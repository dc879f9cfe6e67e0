"""The project's own stacks on the real engine: production on every platform, manifests of the others."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.tools.toy import Toy
from tools.targets import supported_targets


@pytest.mark.parametrize("target", supported_targets())
def test_production_goes_up_once_and_comes_down_whole(airfield: Toy, target: str) -> None:
    command = ("prod", "--target", target, "--rehearse")
    said = airfield.airfield("up", *command)
    assert said.code == 0, said.err
    assert " created, in " in said.out
    assert "Nothing changes" in airfield.airfield("up", *command).out
    assert airfield.airfield("down", *command).code == 0
    assert not (airfield.root / ".airfield").exists()


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


@pytest.mark.parametrize("stack", ["dev", "orders"])
def test_rendered_manifests_are_what_kubernetes_accepts(airfield: Toy, stack: str) -> None:
    path = airfield.root / f"Pulumi.{stack}.yaml"
    settings = yaml.safe_load(path.read_text())
    settings["config"].setdefault("airfield:kubernetes", {})["renderTo"] = "build/here"
    path.write_text(yaml.safe_dump(settings))
    said = airfield.airfield("up", stack)
    assert said.code == 0, said.err
    manifests = sorted(map(str, airfield.root.glob("build/**/*.yaml")))
    assert len(manifests) > 8
    validate = Path(sys.executable).with_name("kubernetes-validate")
    checked = subprocess.run([validate, "--strict", *manifests], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "Nothing changes" in airfield.airfield("up", stack).out
