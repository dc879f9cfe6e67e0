"""A platform is chosen in one place, and its SDK is imported only then."""

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


@pytest.mark.parametrize("target", SDKS)
def test_only_the_chosen_platforms_sdk_is_imported(target: str) -> None:
    program = (
        "import sys; from tests.synth import synthesise_stack;"
        f"synthesise_stack('staging', target='{target}');"
        f"print(sorted({ALL} & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == str(SDKS[target])


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
