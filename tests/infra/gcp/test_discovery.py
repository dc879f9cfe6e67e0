"""What is declared has only fields, values and types that Google's own API descriptions know."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest

from tests.infra.gcp.discovery import schemas, strangers
from tests.infra.gcp.stacks import full, gcp_config
from tests.synth import Declared, synthesise_config


@dataclass(frozen=True)
class Counterpart:
    """What a resource is called by its API, and where the provider has words of its own."""

    api: str
    schema: str
    renamed: Mapping[str, str] = field(default_factory=dict[str, str])
    only_here: frozenset[str] = frozenset()
    """Fields of the provider's own at the top, or parts of the resource's path."""


COUNTERPARTS: dict[str, Counterpart] = {
    "cloudrunv2/service:Service": Counterpart(
        "run.v2",
        "GoogleCloudRunV2Service",
        {"envs": "env", "traffics": "traffic"},
        frozenset({"deletionProtection", "location"}),
    ),
    "cloudrunv2/job:Job": Counterpart(
        "run.v2", "GoogleCloudRunV2Job", {"envs": "env"}, frozenset({"deletionProtection", "location"})
    ),
    "sql/databaseInstance:DatabaseInstance": Counterpart(
        "sqladmin.v1",
        "DatabaseInstance",
        {
            "diskAutoresize": "storageAutoResize",
            "diskAutoresizeLimit": "storageAutoResizeLimit",
            "diskSize": "dataDiskSizeGb",
            "diskType": "dataDiskType",
        },
        frozenset({"deletionProtection"}),
    ),
    "redis/instance:Instance": Counterpart(
        "redis.v1",
        "Instance",
        {"weeklyMaintenanceWindows": "weeklyMaintenanceWindow"},
        frozenset({"deletionProtection", "region"}),
    ),
    "monitoring/alertPolicy:AlertPolicy": Counterpart("monitoring.v3", "AlertPolicy"),
    "monitoring/slo:Slo": Counterpart(
        "monitoring.v3",
        "ServiceLevelIndicator",
        {"requestBasedSli": "requestBased"},
        frozenset({"displayName", "goal", "rollingPeriodDays", "service", "userLabels"}),
    ),
    "monitoring/customService:CustomService": Counterpart("monitoring.v3", "Service"),
    "monitoring/uptimeCheckConfig:UptimeCheckConfig": Counterpart("monitoring.v3", "UptimeCheckConfig"),
    "compute/securityPolicy:SecurityPolicy": Counterpart("compute.v1", "SecurityPolicy"),
    "compute/backendService:BackendService": Counterpart("compute.v1", "BackendService"),
    "compute/firewall:Firewall": Counterpart(
        "compute.v1", "Firewall", {"denies": "denied", "protocol": "IPProtocol"}
    ),
    "artifactregistry/repository:Repository": Counterpart(
        "artifactregistry.v1",
        "Repository",
        only_here=frozenset({"cleanupPolicies", "location", "repositoryId"}),
    ),
}


@cache
def declared() -> list[Declared]:
    migrated = {"api": {"public": True, "migrate": ["migrate"], "environment": {"LOG_LEVEL": "INFO"}}}
    other = synthesise_config(gcp_config(gcp={"registry": "airfield"}, workloads=migrated))
    return [
        *full().resources,
        *other.of_type("repository:Repository"),
        *other.of_type("cloudrunv2/job:Job"),
    ]


def unknown(inputs: Mapping[str, Any], counterpart: Counterpart) -> list[str]:
    known = schemas(counterpart.api)
    sent = {key: value for key, value in inputs.items() if key not in counterpart.only_here}
    return list(strangers(sent, known[counterpart.schema], known, counterpart.renamed))


@pytest.mark.parametrize("end_of_type", COUNTERPARTS)
def test_the_api_knows_all_that_is_declared(end_of_type: str) -> None:
    found = [resource for resource in declared() if resource.type.endswith(end_of_type)]
    assert found
    assert [line for each in found for line in unknown(each.inputs, COUNTERPARTS[end_of_type])] == []


def test_the_api_knows_the_cleanup_policies() -> None:
    known = schemas("artifactregistry.v1")
    (repository,) = (each for each in declared() if each.type.endswith("repository:Repository"))
    policies = repository.inputs["cleanupPolicies"]
    lines = [
        line
        for policy in policies
        for line in strangers(
            policy, known["CleanupPolicy"], known, {"mostRecentVersions": "mostRecentVersions"}
        )
    ]
    assert lines == []


def test_the_api_knows_the_dashboard() -> None:
    known = schemas("monitoring.v1")
    shown = json.loads(full()["monitoring/dashboard:Dashboard", "monitoring"].inputs["dashboardJson"])
    assert list(strangers(shown, known["Dashboard"], known, {})) == []


@pytest.mark.parametrize(
    ("inputs", "line"),
    [
        ({"ingres": "x"}, ".ingres: unknown field"),
        ({"ingress": "INGRESS_TRAFFIC_SOME"}, ".ingress: 'INGRESS_TRAFFIC_SOME' is none of "),
        ({"template": {"timeout": 300}}, ".template.timeout: 300 is no string"),
        (
            {"template": {"containers": [{"livenesProbe": ""}]}},
            ".template.containers[0].livenesProbe: unknown",
        ),
    ],
)
def test_what_the_api_does_not_know_is_found(inputs: dict[str, Any], line: str) -> None:
    (found,) = unknown(inputs, COUNTERPARTS["cloudrunv2/service:Service"])
    assert found.startswith(line)
