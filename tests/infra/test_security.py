"""What no committed stack does on any platform."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, cast

import pytest

from infra.datastores import URL_VARIABLE
from tests.committed import landed
from tests.graphs import combinations, stacks
from tests.synth import Synthesis, stack_config

ANYWHERE = {"0.0.0.0/0", "::/0"}
WITHOUT_RESOURCE = {
    "ecr:GetAuthorizationToken": "a login is to the registry, not to a repository",
    "logs:DescribeLogGroups": "listing has no group yet",
    "ssmmessages:CreateControlChannel": "channels exist only while a session does",
    "ssmmessages:CreateDataChannel": "as above",
    "ssmmessages:OpenControlChannel": "as above",
    "ssmmessages:OpenDataChannel": "as above",
}
"""Actions that IAM lets nobody narrow to a resource, and why.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""
STACKS = stacks()
EVERYWHERE = pytest.mark.parametrize(("stack", "target"), combinations())


def workloads(stack: str) -> dict[str, dict[str, Any]]:
    return cast("dict[str, dict[str, Any]]", stack_config(stack)["airfield:workloads"])


def public(stack: str) -> set[str]:
    return {name for name, workload in workloads(stack).items() if workload.get("public")}


def statements(said: Synthesis) -> Iterator[dict[str, Any]]:
    """What policies allow. In a key's own policy `*` is that key: tests/infra/aws/test_rules.py has those."""
    for resource in said.resources:
        for key in ("policy", "assumeRolePolicy"):
            if isinstance(resource.inputs.get(key), str) and not resource.type.endswith(":Key"):
                found = json.loads(resource.inputs[key])["Statement"]
                yield from (statement for statement in found if statement["Effect"] == "Allow")


def listed(value: object) -> list[str]:
    return [value] if isinstance(value, str) else cast("list[str]", value)


@pytest.mark.parametrize("stack", STACKS)
def test_no_policy_allows_every_action(stack: str) -> None:
    actions = [action for each in statements(landed(stack, "aws")) for action in listed(each["Action"])]
    assert [action for action in actions if "*" in action] == []
    assert len(actions) >= 10


@pytest.mark.parametrize("stack", STACKS)
def test_no_policy_allows_every_resource_but_where_iam_knows_none(stack: str) -> None:
    wide = {
        action
        for each in statements(landed(stack, "aws"))
        for action in listed(each["Action"])
        if "*" in listed(each.get("Resource", []))
    }
    assert wide <= set(WITHOUT_RESOURCE)


@pytest.mark.parametrize("stack", STACKS)
def test_roles_are_assumed_by_tasks_and_by_what_keeps_logs_alone(stack: str) -> None:
    principals = [
        each["Principal"]["Service"]
        for role in landed(stack, "aws").of_type("iam/role:Role")
        for each in json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    ]
    assert set(principals) <= {
        "ecs-tasks.amazonaws.com",
        "monitoring.rds.amazonaws.com",
        "vpc-flow-logs.amazonaws.com",
    }
    assert "ecs-tasks.amazonaws.com" in principals


@pytest.mark.parametrize("stack", STACKS)
def test_the_internet_enters_aws_by_the_public_listeners_alone(stack: str) -> None:
    open_rules = {
        (rule.parent, rule.inputs["fromPort"], rule.inputs["toPort"])
        for rule in landed(stack, "aws").of_type("SecurityGroupIngressRule")
        if {rule.inputs.get("cidrIpv4"), rule.inputs.get("cidrIpv6")} & ANYWHERE
    }
    ports = (80, 443) if "airfield:domain" in stack_config(stack) else (80,)
    assert open_rules == {
        (f"airfield:aws:SecurityGroup {name}-balancer", port, port)
        for name in public(stack)
        for port in ports
    }


@pytest.mark.parametrize("stack", STACKS)
def test_no_security_group_carries_rules_that_this_test_does_not_see(stack: str) -> None:
    said = landed(stack, "aws")
    inline = [
        group.name for group in said.of_type("SecurityGroup") if {"ingress", "egress"} & set(group.inputs)
    ]
    assert inline == []
    assert said.of_type("SecurityGroupRule") == []


@pytest.mark.parametrize("stack", STACKS)
def test_the_internet_enters_a_cluster_by_public_workloads_without_a_domain_alone(stack: str) -> None:
    entered = {
        policy.inputs["metadata"]["name"]
        for policy in landed(stack, "kubernetes").of_type("NetworkPolicy")
        for rule in policy.inputs["spec"].get("ingress", [])
        if not rule.get("from") or any(peer.get("ipBlock") for peer in rule["from"])
    }
    assert entered == (set() if "airfield:domain" in stack_config(stack) else public(stack))


@pytest.mark.parametrize("stack", STACKS)
def test_only_public_services_have_a_load_balancer_in_a_cluster(stack: str) -> None:
    types = {
        service.inputs["metadata"]["name"]: service.inputs["spec"]["type"]
        for service in landed(stack, "kubernetes").of_type("core/v1:Service")
    }
    met = set[str]() if "airfield:domain" in stack_config(stack) else public(stack)
    assert set(types) >= set(workloads(stack))
    assert types == {name: "LoadBalancer" if name in met else "ClusterIP" for name in types}


@pytest.mark.parametrize("stack", STACKS)
def test_google_cloud_lets_anyone_invoke_public_workloads_alone(stack: str) -> None:
    members = landed(stack, "gcp").of_type("ServiceIamMember")
    anyone = {m.name for m in members if m.inputs["member"] in {"allUsers", "allAuthenticatedUsers"}}
    assert anyone == {f"{name}-invoked-by-allUsers" for name in public(stack)}
    reached = {
        service.name
        for service in landed(stack, "gcp").of_type("cloudrunv2/service:Service")
        if service.inputs["ingress"] != "INGRESS_TRAFFIC_INTERNAL_ONLY"
    }
    assert reached == public(stack)


@pytest.mark.parametrize("stack", STACKS)
def test_google_cloud_grants_single_rights_and_no_basic_role(stack: str) -> None:
    granted = [resource.inputs for resource in landed(stack, "gcp").resources if "role" in resource.inputs]
    assert {each["role"] for each in granted} <= {
        "roles/run.invoker",
        "roles/secretmanager.secretAccessor",
    }
    on_project = [r.name for r in landed(stack, "gcp").resources if r.type.startswith("gcp:projects/iam")]
    assert on_project == []


@pytest.mark.parametrize("stack", STACKS)
def test_no_task_has_a_public_address_or_runs_as_root(stack: str) -> None:
    said = landed(stack, "aws")
    services = said.of_type("ecs/service:Service")
    assert {s.inputs["networkConfiguration"]["assignPublicIp"] for s in services} == {False}
    assert {subnet.inputs["mapPublicIpOnLaunch"] for subnet in said.of_type(":Subnet")} == {False}
    for task in said.of_type("TaskDefinition"):
        for container in json.loads(task.inputs["containerDefinitions"]):
            assert container["user"] == "1000"
            assert container["readonlyRootFilesystem"] is True
            assert container["linuxParameters"]["capabilities"] == {"drop": ["ALL"]}
            assert not container.get("privileged")


@EVERYWHERE
def test_no_name_of_a_variable_promises_a_secret_in_plain_text(stack: str, target: str) -> None:
    inputs = [r.inputs for r in landed(stack, target).resources if "secret" not in r.type.lower()]
    promising = ("PASSWORD", "API_KEY", "TOKEN", *URL_VARIABLE.values())
    assert [name for name in plain_variables(inputs) if name.endswith(promising)] == []
    text = json.dumps(inputs)
    assert not [word for word in ("PRIVATE KEY", "postgres://", "postgresql://") if word in text]


def plain_variables(value: object) -> Iterator[str]:
    """Names of variables whose values stand beside them, also inside JSON documents."""
    match value:
        case str() if value.startswith(("[", "{")):
            with suppress(json.JSONDecodeError):
                yield from plain_variables(json.loads(value))
        case {"name": str(name), "value": str()}:
            yield name
        case dict():
            parts = cast("dict[str, object]", value)
            yield from (key for key, inner in parts.items() if key.isupper() and isinstance(inner, str))
            yield from (name for inner in parts.values() for name in plain_variables(inner))
        case list():
            yield from (name for inner in cast("list[object]", value) for name in plain_variables(inner))
        case _:
            pass


@EVERYWHERE
def test_every_resource_has_a_named_provider_and_a_component_above_it(stack: str, target: str) -> None:
    top = {
        resource.type
        for resource in landed(stack, target).resources
        if not resource.parent and not resource.type.startswith(("airfield:", "pulumi:providers:"))
    }
    # A suffix that all components share, and EKS's switch for network policies, which no component owns.
    assert top <= {"random:index/randomId:RandomId", "kubernetes:core/v1:ConfigMap"}
    for resource in landed(stack, target).resources:
        if not resource.type.startswith(("airfield:", "pulumi:")):
            package = resource.type.partition(":")[0]
            assert f"pulumi:providers:{package}::{package}" in resource.options["provider"]


@EVERYWHERE
def test_production_alone_is_protected_from_deletion(stack: str, target: str) -> None:
    keys = {"enableDeletionProtection", "deletionProtection"}
    protected = {
        value for r in landed(stack, target).resources for key, value in r.inputs.items() if key in keys
    }
    expected = stack_config(stack)["airfield:environment"] == "production"
    assert protected == ({expected} if target not in {"kubernetes", "swarm"} else set())
