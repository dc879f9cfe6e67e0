"""Rules that hold for every resource of every stack on AWS; each exception has its reason."""

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest

from tests.infra.aws.example import everything, named
from tests.synth import Declared, Synthesis

STACKS = {
    "aws": lambda: everything("aws"),
    "aws, everything named": lambda: named("aws"),
    "aws, staging": lambda: everything("aws", "staging"),
    "eks": lambda: everything("eks"),
    "eks, everything named": lambda: named("eks"),
}
ANY_RESOURCE = {
    # Actions that know no resource: exec sessions, log groups by name, a registry's token.
    ("api-task", "ssmmessages:CreateControlChannel"),
    ("model-task", "ssmmessages:CreateControlChannel"),
    ("api-task", "logs:DescribeLogGroups"),
    ("model-task", "logs:DescribeLogGroups"),
    ("api-execution", "ecr:GetAuthorizationToken"),
    ("model-execution", "ecr:GetAuthorizationToken"),
    ("network-flows", "logs:DescribeLogGroups"),
    # In a key's policy `*` is that key, and the account keeps every right over it.
    ("alarms-key", "kms:*"),
    ("alarms-key", "kms:Decrypt"),
    # Reading changes nothing, and a refresh asks about every id.
    ("deploy-preview", "acm:Describe*"),
    ("deploy-preview", "secretsmanager:DescribeSecret"),
    # Physical names carry random suffixes, so that no ARN is known before the deployment.
    ("deploy-up", "acm:*"),
    ("deploy-up", "iam:Get*"),
    ("deploy-up", "iam:CreateServiceLinkedRole"),
}
"""Who may name every resource: the policy's place, and the first action of the statement."""
ANY_ACTION = {"alarms-key", "deploy-up"}
"""Whose statements may name every action of a service."""
OPEN_TO_THE_INTERNET = {"api-balancer-from-internet-80", "api-balancer-from-internet-443"}


def statements(said: Synthesis) -> Iterator[tuple[str, dict[str, Any]]]:
    for resource in said.resources:
        for key in ("policy", "assumeRolePolicy"):
            text = resource.inputs.get(key)
            if isinstance(text, str) and "Statement" in text:
                for statement in cast("list[dict[str, Any]]", json.loads(text)["Statement"]):
                    yield resource.name, statement


def as_list(value: object) -> list[str]:
    return cast("list[str]", value) if isinstance(value, list) else [str(value)]


def readable(value: object) -> Iterator[str]:
    """Every text that is not inside a secret."""
    match value:
        case {"secret": _}:
            return
        case dict():
            for inner in cast("dict[str, object]", value).values():
                yield from readable(inner)
        case list():
            for inner in cast("list[object]", value):
                yield from readable(inner)
        case str():
            yield value
        case _:
            return


@pytest.fixture(params=STACKS)
def said(request: pytest.FixtureRequest) -> Synthesis:
    return STACKS[request.param]()


def test_no_statement_names_every_resource_without_a_reason(said: Synthesis) -> None:
    found = {
        (name, as_list(statement["Action"])[0])
        for name, statement in statements(said)
        if statement["Effect"] == "Allow" and "*" in as_list(statement.get("Resource", []))
    }
    assert found <= ANY_RESOURCE


def test_no_statement_names_every_action_without_a_reason(said: Synthesis) -> None:
    found = {
        name
        for name, statement in statements(said)
        for action in as_list(statement["Action"])
        if statement["Effect"] == "Allow" and (action == "*" or action.endswith(":*"))
    }
    assert found <= ANY_ACTION


def test_everybody_is_named_only_where_something_is_refused(said: Synthesis) -> None:
    assert {s["Effect"] for _, s in statements(said) if s.get("Principal") in ("*", {"AWS": "*"})} <= {"Deny"}


def test_the_internet_comes_in_at_the_public_listener_alone(said: Synthesis) -> None:
    open_rules = {r.name for r in said.of_type("IngressRule") if {"cidrIpv4", "cidrIpv6"} & r.inputs.keys()}
    assert open_rules <= OPEN_TO_THE_INTERNET
    assert all("ingress" not in r.inputs for r in said.of_type("ecurityGroup"))


def test_rules_open_single_ports(said: Synthesis) -> None:
    rules = [r for r in said.resources if r.type.startswith("aws:vpc/securityGroup")]
    assert rules
    assert all(r.inputs["ipProtocol"] == "tcp" and r.inputs["fromPort"] == r.inputs["toPort"] for r in rules)


def test_whatever_is_stored_is_encrypted(said: Synthesis) -> None:
    for database in said.of_type("rds/instance:Instance"):
        assert database.inputs["storageEncrypted"] is True
        assert database.inputs["kmsKeyId"]
    for cache in said.of_type("ReplicationGroup"):
        assert cache.inputs["atRestEncryptionEnabled"] is True
        assert cache.inputs["transitEncryptionEnabled"] is True
    for topic in said.of_type("sns/topic:Topic"):
        assert topic.inputs["kmsMasterKeyId"]
    for repository in said.of_type("ecr/repository:Repository"):
        assert repository.inputs["encryptionConfigurations"] == [{"encryptionType": "KMS"}]
    for cluster in said.of_type("eks/cluster:Cluster"):
        assert cluster.inputs["encryptionConfig"]["resources"] == ["secrets"]
    assert all(key.inputs["enableKeyRotation"] for key in said.of_type("kms/key:Key"))


def test_every_bucket_is_closed_encrypted_versioned_and_tls_only(said: Synthesis) -> None:
    buckets = {bucket.name for bucket in said.of_type("s3/bucket:Bucket")}
    for kind, role in (
        ("BucketPublicAccessBlock", "closed"),
        ("BucketOwnershipControls", "owned"),
        ("BucketServerSideEncryptionConfiguration", "encrypted"),
        ("BucketVersioning", "versions"),
        ("BucketLifecycleConfiguration", "lifecycle"),
        ("BucketPolicy", "policy"),
    ):
        assert {r.name for r in said.of_type(f":{kind}")} == {f"{bucket}-{role}" for bucket in buckets}
    for policy in said.of_type(":BucketPolicy"):
        assert "aws:SecureTransport" in policy.inputs["policy"]


def test_no_secret_is_readable(said: Synthesis) -> None:
    drawn = [
        r.inputs[key]["secret"]
        for r in said.resources
        for key in ("password", "authToken")
        if key in r.inputs
    ]
    assert drawn
    texts = [text for r in said.resources for text in readable(r.inputs)]
    assert [text for text in texts for secret in ("canary", *drawn) if secret in text] == []


def test_nothing_has_a_public_address_of_its_own(said: Synthesis) -> None:
    assert not any(r.inputs["publiclyAccessible"] for r in said.of_type("rds/instance:Instance"))
    assert not any(r.inputs["mapPublicIpOnLaunch"] for r in said.of_type(":Subnet"))
    assert not any(
        r.inputs["networkConfiguration"]["assignPublicIp"] for r in said.of_type("ecs/service:Service")
    )
    assert not any(r.inputs["vpcConfig"]["endpointPublicAccess"] for r in said.of_type("eks/cluster:Cluster"))


def test_every_log_ends(said: Synthesis) -> None:
    assert all(group.inputs["retentionInDays"] == 30 for group in said.of_type("LogGroup"))


def test_plain_http_only_sends_to_tls(said: Synthesis) -> None:
    for listener in said.of_type("lb/listener:Listener"):
        (action,) = listener.inputs["defaultActions"]
        if listener.inputs["protocol"] == "HTTP":
            assert action["redirect"]["protocol"] == "HTTPS"
        else:
            assert listener.inputs["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"


HOLDS_DATA = (
    "ecr/repository:Repository",
    "eks/cluster:Cluster",
    "elasticache/replicationGroup:ReplicationGroup",
    "rds/instance:Instance",
    "s3/bucket:Bucket",
)


@pytest.mark.parametrize("target", ["aws", "eks"])
def test_production_does_not_lose_data_by_mistake(target: str) -> None:
    kept = [r for kind in HOLDS_DATA for r in named(target).of_type(kind)]
    assert len(kept) >= 4
    assert [str(r) for r in kept if not r.options["protect"]] == []
    refused = [
        r
        for r in named(target).resources
        if {"deletionProtection", "enableDeletionProtection"} & r.inputs.keys()
    ]
    assert all(r.inputs.get("deletionProtection", r.inputs.get("enableDeletionProtection")) for r in refused)


LIMITS = {
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
    "lb/loadBalancer:LoadBalancer": 32,
    "lb/targetGroup:TargetGroup": 32,
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    "iam/role:Role": 64,
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    "s3/bucket:Bucket": 63,
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
    "elasticache/replicationGroup:ReplicationGroup": 40,
}
SUFFIX = len("-1234567")
"""What Pulumi adds."""


def longest(resource: Declared) -> int:
    return len(resource.name.replace("model", "m" * 24)) + SUFFIX


@pytest.mark.parametrize("kind", LIMITS)
def test_names_fit_for_the_longest_workload(kind: str) -> None:
    found = [*named("aws").of_type(kind), *named("eks").of_type(kind)]
    assert found
    assert [str(r) for r in found if longest(r) > LIMITS[kind]] == []
