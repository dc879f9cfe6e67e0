"""The values by which Cloud Run is known to run the API well, one by one."""

from functools import reduce
from typing import Any

import pytest

from tests.committed import landed
from tests.infra.gcp.stacks import full, gcp_config
from tests.synth import synthesise_config

VALUES: dict[str, object] = {
    "ingress": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
    "labels.workload": "api",
    "traffics.0.type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST",
    "traffics.0.percent": 100,
    "template.executionEnvironment": "EXECUTION_ENVIRONMENT_GEN2",
    "template.labels.workload": "api",
    "template.scaling.minInstanceCount": 2,
    "template.scaling.maxInstanceCount": 100,
    "template.maxInstanceRequestConcurrency": 80,
    "template.timeout": "300s",
    "template.vpcAccess.egress": "PRIVATE_RANGES_ONLY",
    "template.containers.0.ports.containerPort": 8000,
    "template.containers.0.resources.limits.cpu": "1",
    "template.containers.0.resources.limits.memory": "2048Mi",
    "template.containers.0.resources.cpuIdle": False,
    "template.containers.0.resources.startupCpuBoost": True,
    "template.containers.0.livenessProbe.httpGet.path": "/health",
    "template.containers.0.livenessProbe.initialDelaySeconds": 30,
    "template.containers.0.livenessProbe.periodSeconds": 10,
    "template.containers.0.startupProbe.httpGet.path": "/ready",
    "template.containers.0.startupProbe.periodSeconds": 5,
    "template.containers.0.envs.0.name": "ENVIRONMENT",
    "template.containers.0.envs.0.value": "production",
}


def at(path: str, inputs: dict[str, Any]) -> object:
    def step(found: Any, key: str) -> Any:  # noqa: ANN401
        return found[int(key)] if key.isdigit() else found[key]

    return reduce(step, path.split("."), inputs)


@pytest.mark.parametrize("path", VALUES)
def test_the_api_runs_with_the_values_of_the_guide(path: str) -> None:
    service = landed("prod", "gcp")["cloudrunv2/service:Service", "api"]
    assert at(path, service.inputs) == VALUES[path]


def test_without_a_domain_the_internet_asks_the_service_itself() -> None:
    service = synthesise_config(gcp_config(domain=""))["cloudrunv2/service:Service", "api"].inputs
    assert service["ingress"] == "INGRESS_TRAFFIC_ALL"


def test_what_is_not_public_is_reached_from_inside_only() -> None:
    assert full()["cloudrunv2/service:Service", "prices"].inputs["ingress"] == "INGRESS_TRAFFIC_INTERNAL_ONLY"


def test_secrets_come_by_reference_to_one_version() -> None:
    (container,) = full()["cloudrunv2/service:Service", "api"].inputs["template"]["containers"]
    suffix = full()["serviceaccount/account:Account", "api"].inputs["accountId"].removeprefix("api-")
    assert [variable for variable in container["envs"] if "valueSource" in variable] == [
        {
            "name": name,
            "valueSource": {"secretKeyRef": {"secret": f"{name}-{suffix}", "version": "1"}},
        }
        for name in ("DATABASE_URL", "REDIS_URL")
    ]


def test_a_service_reads_exactly_its_own_secrets() -> None:
    grants = {
        (member.name, member.inputs["role"], member.inputs["member"])
        for member in full().of_type("secretmanager/secretIamMember:SecretIamMember")
    }
    suffix = full()["serviceaccount/account:Account", "api"].inputs["accountId"]
    member = f"serviceAccount:{suffix}@acme-production.iam.gserviceaccount.com"
    assert {(name, role) for name, role, _ in grants} == {
        ("api-reads-DATABASE_URL", "roles/secretmanager.secretAccessor"),
        ("api-reads-REDIS_URL", "roles/secretmanager.secretAccessor"),
    }
    assert {who.partition("@")[0] for _, _, who in grants} == {member.partition("@")[0]}
