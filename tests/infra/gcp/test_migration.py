"""A migration on Cloud Run has succeeded before the revision that needs it is made."""

from functools import cache
from typing import Any

import pytest

from tests.infra.gcp.stacks import gcp_config
from tests.synth import Synthesis, synthesise_config

API: dict[str, Any] = {
    "public": True,
    "cpuMillicores": 1000,
    "memoryMib": 2048,
    "migrate": ["python", "-m", "app", "migrate"],
    "environment": {"LOG_LEVEL": "INFO"},
    "uses": ["postgres"],
}


@cache
def said() -> Synthesis:
    return with_api()


def with_api(**changed: object) -> Synthesis:
    config = gcp_config(workloads={"api": {**API, **changed}}, postgres={"external": True})
    return synthesise_config({**config, "airfield:secrets": {"DATABASE_URL": "postgresql://x"}})


def job(made: Synthesis) -> dict[str, Any]:
    return made["cloudrunv2/job:Job", "api-migrate"].inputs


def test_the_service_waits_for_it_and_it_for_its_secrets() -> None:
    assert "Job api-migrate" in said()["cloudrunv2/service:Service", "api"].waits_for
    assert "SecretIamMember api-reads-DATABASE_URL" in said()["cloudrunv2/job:Job", "api-migrate"].waits_for
    assert said().warnings == []


def test_it_is_the_workloads_container_with_another_command() -> None:
    service = said()["cloudrunv2/service:Service", "api"].inputs["template"]
    made = job(said())
    task = made["template"]["template"]
    (served,), (container,) = service["containers"], task["containers"]
    assert container == {
        "image": served["image"],
        "args": ["python", "-m", "app", "migrate"],
        "envs": served["envs"],
        "resources": {"limits": {"cpu": "1", "memory": "2048Mi"}},
    }
    assert {key: value for key, value in task.items() if key != "containers"} == {
        "executionEnvironment": "EXECUTION_ENVIRONMENT_GEN2",
        "serviceAccount": service["serviceAccount"],
        "timeout": "600s",
        "maxRetries": 3,
        "vpcAccess": service["vpcAccess"],
    }
    assert (made["deletionProtection"], made["template"]["taskCount"]) == (False, 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"image": f"ghcr.io/acme/other@sha256:{'1' * 64}"},
        {"migrate": ["other"]},
        {"environment": {}},
        {"memoryMib": 4096},
    ],
)
def test_it_runs_again_when_anything_that_it_is_made_of_changes(changed: dict[str, object]) -> None:
    token = job(said())["runExecutionToken"]
    assert len(token) == 8
    assert job(with_api(**changed))["runExecutionToken"] != token


def test_it_does_not_run_again_for_what_only_the_service_is_made_of() -> None:
    changed = with_api(scaling={"minReplicas": 5}, timeoutSeconds=60)
    assert job(changed)["runExecutionToken"] == job(said())["runExecutionToken"]


def test_a_workload_without_one_has_no_job() -> None:
    assert with_api(migrate=[]).of_type("cloudrunv2/job:Job") == []
