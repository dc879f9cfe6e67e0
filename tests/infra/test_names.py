"""Every name stays within every platform's limit, for the longest and the shortest name of a workload."""

import re
from functools import cache
from typing import Any

import pytest

from tests.synth import Declared, Synthesis, synthesise_config

LONGEST, SHORTEST = "a-name-of-24-letters-abc", "a"
PULUMI_SUFFIX = len("-1a2b3c4")

# Type, longest physical name, and where the limit stands.
AUTONAMED = {
    "lb/loadBalancer:LoadBalancer": 32,  # elasticloadbalancing API_CreateLoadBalancer
    "lb/targetGroup:TargetGroup": 32,  # elasticloadbalancing API_CreateTargetGroup
    "iam/role:Role": 64,  # IAM API_CreateRole
    "iam/rolePolicy:RolePolicy": 128,  # IAM API_PutRolePolicy
    "ec2/securityGroup:SecurityGroup": 255,  # EC2 API_CreateSecurityGroup
    "ecs/service:Service": 255,  # ECS API_CreateService
    "ecs/cluster:Cluster": 255,  # ECS API_CreateCluster
    "cloudrunv2/service:Service": 49,  # Cloud Run, service names
    "compute/backendService:BackendService": 63,  # RFC 1035, as all of Compute Engine
    "compute/uRLMap:URLMap": 63,
    "compute/globalForwardingRule:GlobalForwardingRule": 63,
    "compute/targetHttpProxy:TargetHttpProxy": 63,
    "compute/managedSslCertificate:ManagedSslCertificate": 63,
}


@cache
def said(target: str, name: str) -> Synthesis:
    return synthesise_config(
        {
            "airfield:target": target,
            "airfield:image": "us-docker.pkg.dev/acme/apps/airfield:1",
            "airfield:domain": "api.example.com",
            "airfield:workloads": {
                name: {"public": True, "secrets": ["API_KEY"], "calls": ["b"]},
                "b": {"calls": []},
            },
            "airfield:secrets": {"API_KEY": "1"},
            "gcp:project": "acme",
        }
    )


def autonamed(target: str, name: str) -> list[tuple[Declared, int]]:
    return [
        (resource, AUTONAMED[kind])
        for resource in said(target, name).resources
        if (kind := resource.type.partition(":")[2]) in AUTONAMED and "name" not in resource.inputs
    ]


@pytest.mark.parametrize("target", ["aws", "gcp"])
def test_a_logical_name_leaves_room_for_the_suffix(target: str) -> None:
    assert len(LONGEST) == 24
    assert [
        (str(resource), limit)
        for resource, limit in autonamed(target, LONGEST)
        if len(resource.name) + PULUMI_SUFFIX > limit
    ] == []
    assert len(autonamed(target, LONGEST)) >= 7


def test_the_target_group_uses_all_that_aws_allows() -> None:
    assert {g.name for g in said("aws", LONGEST).of_type("TargetGroup")} == {LONGEST}
    assert len(LONGEST) + PULUMI_SUFFIX == 32


@pytest.mark.parametrize("name", [LONGEST, SHORTEST])
def test_a_service_account_has_six_to_thirty_characters(name: str) -> None:
    accounts = [a.inputs["accountId"] for a in said("gcp", name).of_type("serviceaccount/account:Account")]
    assert [a for a in accounts if not re.fullmatch("[a-z][a-z0-9-]{4,28}[a-z0-9]", a)] == []
    assert len(accounts) == 2


@pytest.mark.parametrize("name", [LONGEST, SHORTEST])
def test_every_name_in_a_cluster_is_a_label_of_dns(name: str) -> None:
    objects = [r.inputs for r in said("kubernetes", name).resources if r.type.startswith("kubernetes:")]
    names: list[Any] = [each["metadata"]["name"] for each in objects]
    tls = [entry["secretName"] for each in objects for entry in each.get("spec", {}).get("tls", [])]
    assert [n for n in names + tls if not re.fullmatch("[a-z]([a-z0-9-]{0,61}[a-z0-9])?", n)] == []


@pytest.mark.parametrize("name", [LONGEST, SHORTEST])
def test_every_label_value_is_short_enough(name: str) -> None:
    objects = [r.inputs for r in said("kubernetes", name).resources if r.type.startswith("kubernetes:")]
    values = [value for each in objects for value in each["metadata"].get("labels", {}).values()]
    assert [value for value in values if len(value) > 63] == []


@pytest.mark.parametrize("name", [LONGEST, SHORTEST])
def test_every_name_in_a_swarm_is_one_that_it_takes(name: str) -> None:
    """A service's has 63 characters at most, a secret's and a config's 64."""
    named = {r.inputs["name"]: r.type for r in said("swarm", name).resources if "name" in r.inputs}
    assert [n for n in named if not re.fullmatch("[a-zA-Z0-9]([a-zA-Z0-9_.-]*[a-zA-Z0-9])?", n)] == []
    limits = {"service": 63, "secret": 64, "serviceConfig": 64}
    assert [
        n for n, kind in named.items() if len(n) > limits.get(kind.split("/")[1].split(":")[0], 128)
    ] == []


@pytest.mark.parametrize("target", ["aws", "gcp", "kubernetes", "swarm"])
def test_no_logical_name_is_the_region_the_account_or_the_stack(target: str) -> None:
    text = " ".join(resource.name for resource in said(target, LONGEST).resources)
    assert not re.search("us-east-1|us-central1|111122223333|acme", text)
