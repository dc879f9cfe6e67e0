"""A migration runs once for each image, and ends before the pods that need it are replaced."""

from typing import cast

import pytest

from tests.infra.kubernetes.everything import BASE, config, said
from tests.synth import Declared, Synthesis, synthesise_config


def job(declared: Synthesis) -> Declared:
    return declared["batch/v1:Job", "api-migrate"]


def test_its_name_follows_the_image_and_no_setting_that_it_does_not_read() -> None:
    names = {
        what: job(synthesise_config(config("own", **overrides))).inputs["metadata"]["name"]
        for what, overrides in {
            "as it is": {},
            "another setting": {"environment": "staging"},
            "another image": {"image": "ghcr.io/acme/airfield:2"},
        }.items()
    }
    assert names["as it is"] == names["another setting"]
    assert names["as it is"] != names["another image"]
    assert names["as it is"].startswith("api-migrate-")
    assert len(names["as it is"]) == len("api-migrate-") + 8


@pytest.mark.parametrize(
    "changed",
    [
        {"memoryMib": 1024},
        {"cpuMillicores": 1000},
        {"memoryRequestMib": 128},
        {"cpuRequestMillicores": 50},
        {"drainSeconds": 10},
        {"secrets": []},
        {"uses": ["postgres"]},
        {"migrate": ["upgrade"]},
        {"port": 9001, "command": ["serve"], "scaling": {"minReplicas": 4}, "environment": {"A": "b"}},
    ],
)
def test_a_job_of_one_name_has_one_pod_since_no_cluster_changes_it(changed: dict[str, object]) -> None:
    given = cast("dict[str, dict[str, object]]", BASE["airfield:workloads"])
    workloads = {**given, "api": {**given["api"], **changed}}
    before, after = job(said("own")), job(synthesise_config(config("own", workloads=workloads)))
    same_pod = before.inputs["spec"]["template"] == after.inputs["spec"]["template"]
    assert (before.inputs["metadata"]["name"] == after.inputs["metadata"]["name"]) == same_pod


def test_the_deployment_waits_for_it() -> None:
    waits = said("own")["apps/v1:Deployment", "api"].options["dependencies"]
    assert [urn for urn in waits if urn.endswith("Job::api-migrate")]
    annotations = said("own")["apps/v1:Deployment", "api"].inputs["metadata"]["annotations"]
    assert annotations == {"argocd.argoproj.io/sync-wave": "1"}


def test_it_waits_for_the_database() -> None:
    waits = said("own")["airfield:kubernetes:KubernetesWorkload", "api"].options["dependencies"]
    assert [urn for urn in waits if urn.endswith("StatefulSet::database")]
    assert job(said("own")).parent == "airfield:kubernetes:KubernetesWorkload api"


def test_it_runs_the_workloads_image_with_its_own_command_and_serves_nobody() -> None:
    served = said("own")["apps/v1:Deployment", "api"].inputs["spec"]["template"]["spec"]["containers"][0]
    spec = job(said("own")).inputs["spec"]
    container = spec["template"]["spec"]["containers"][0]
    assert container == {
        **{
            key: value
            for key, value in served.items()
            if key not in {"ports", "startupProbe", "livenessProbe", "readinessProbe", "lifecycle"}
        },
        "args": ["migrate"],
    }
    assert spec["template"]["spec"]["restartPolicy"] == "Never"
    assert spec["template"]["metadata"]["labels"]["app.kubernetes.io/name"] == "api-migrate"
