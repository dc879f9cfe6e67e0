"""A platform is chosen in one place, and its SDK is imported only then."""

import json
import re
import subprocess
import sys

import pytest

from tests.synth import ROOT, synthesise_stack

SDKS = {
    "aws": ["pulumi_aws"],
    "eks": ["pulumi_aws", "pulumi_kubernetes"],
    "gcp": ["pulumi_gcp"],
    "kubernetes": ["pulumi_kubernetes"],
    "swarm": ["pulumi_docker"],
}
ALL = {sdk for sdks in SDKS.values() for sdk in sdks}
PROGRAM = """
import json, sys, types
from tests.synth import synthesise_stack
declared = synthesise_stack("prod", target=sys.argv[1]).resources
modules = {name: module for name, module in sys.modules.items() if type(module) is types.ModuleType}
loaded = [name for name, module in modules.items() if hasattr(module, "__path__")]
print(json.dumps({"types": [resource.type for resource in declared], "loaded": loaded}))
"""
"""A module that its package loads on demand is of another type until then."""
SHARED = {"config", "meta"}
"""What an SDK's other modules are made of."""


@pytest.mark.parametrize(
    "target",
    ["kubernetes", *(pytest.param(each, marks=pytest.mark.long) for each in SDKS if each != "kubernetes")],
)
def test_only_what_a_stack_declares_is_imported(target: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM, target], cwd=ROOT, capture_output=True, text=True, check=True
    )
    said = json.loads(answer.stdout)
    names = [str(name).split(".") for name in said["loaded"]]
    assert sorted(ALL & {name[0] for name in names}) == SDKS[target]
    loaded = {name[1] for name in names if name[0] in ALL and len(name) == 2}
    declared = {re.split(r"[:/.]", of_type)[1] for of_type in said["types"]}
    assert loaded - SHARED - declared == set()


@pytest.mark.parametrize("target", SDKS)
def test_no_resource_is_left_to_a_default_provider(target: str) -> None:
    declared = synthesise_stack("orders", target=target).resources
    without = [
        str(resource)
        for resource in declared
        if not resource.type.startswith(("airfield:", "pulumi:")) and not resource.options.get("provider")
    ]
    assert without == []


@pytest.mark.parametrize("target", SDKS)
def test_what_a_target_loses_is_told(target: str) -> None:
    expected = {
        "aws": "airfield:workloads.api.scaling.concurrency: approximated on aws: ",
        "eks": "airfield:workloads.api.scaling.concurrency: unsupported on eks: ",
        "gcp": "airfield:workloads.api.scaling.memoryPercent: unsupported on gcp: ",
        "kubernetes": "airfield:workloads.api.scaling.concurrency: unsupported on kubernetes: ",
        "swarm": "airfield:workloads.api.scaling.cpuPercent: unsupported on swarm: ",
    }
    told = synthesise_stack("prod", target=target).warnings
    assert [line for line in told if line.startswith(expected[target])]
