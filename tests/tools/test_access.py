"""`airfield access`: every right that a stack declares is read, and a wide one has its reason."""

import json
from collections.abc import Callable, Mapping
from functools import cache, partial

import pytest

from tests.committed import landed
from tests.graphs import combinations
from tests.infra.aws import example as aws
from tests.infra.gcp.test_security import everything as on_google
from tests.infra.kubernetes.everything import BASE, BLOCKS
from tests.infra.swarm.example import everything as on_swarm
from tests.synth import Synthesis, synthesise_config
from tests.tools.toy import Toy
from tools.access.accepted import ACCEPTED, reason, without_reason
from tools.access.grant import DOCKER_API, Grant
from tools.access.read import grants
from tools.commands.access import as_json, lines
from tools.declared import Graph

ADMINISTRATOR = "arn:aws:iam::111122223333:role/operators"


@cache
def administered() -> Synthesis:
    return synthesise_config(aws.changed(target="eks", eks={"administratorArns": [ADMINISTRATOR]}))


@cache
def in_a_cluster(block: str) -> Synthesis:
    return synthesise_config({**BASE, "airfield:kubernetes": BLOCKS[block]})


STACKS: Mapping[str, Callable[[], Synthesis]] = {
    **{f"{stack} on {target}": partial(landed, stack, target) for stack, target in combinations()},
    "everything on aws": aws.named,
    "everything on eks": partial(aws.named, "eks"),
    "administrators on eks": administered,
    "everything on gcp": on_google,
    "operators on kubernetes": partial(in_a_cluster, "operators"),
    "everything on swarm": on_swarm,
}


def of(stack: str) -> list[Grant]:
    return grants(Graph(STACKS[stack]().resources))


@pytest.mark.parametrize("stack", STACKS)
def test_a_right_that_is_wider_than_a_name_has_its_reason(stack: str) -> None:
    assert without_reason(of(stack)) == []


def test_no_reason_is_left_of_a_right_that_is_gone() -> None:
    wide = [grant for stack in STACKS for grant in of(stack) if grant.is_wide]
    assert [each for each in ACCEPTED if not any(each.covers(grant) for grant in wide)] == []
    assert {grant for grant in wide if reason(grant) is None} == set()


WIDE = {
    "any action": Grant("api-task", "*", "arn:aws:s3:::acme/1"),
    "any action of a service": Grant("api-task", "s3:*", "arn:aws:s3:::acme/1"),
    "any resource": Grant("api-task", "s3:GetObject", "*"),
    "any resource of a kind": Grant("api-task", "iam:PassRole", "arn:aws:iam::111122223333:role/*"),
    "anybody": Grant("*", "s3:GetObject", "bucket static"),
    "anybody on Google Cloud": Grant("allUsers", "roles/secretmanager.secretAccessor", "secret KEY"),
    "owner": Grant("serviceAccount:api", "roles/owner", "project acme"),
    "editor": Grant("serviceAccount:api", "roles/editor", "project acme"),
    "an administrator of a service": Grant("serviceAccount:api", "roles/secretmanager.admin", "project acme"),
    "somebody else's place": Grant(
        "serviceAccount:api", "roles/iam.serviceAccountTokenCreator", "project acme"
    ),
    "cluster-admin": Grant("pods of api", "cluster-admin", "what that role names"),
    "any verb": Grant("pods of api", "*", "pods"),
    "any object": Grant("pods of api", "get", "*"),
    "AWS's administrator": Grant("api-task", "AdministratorAccess", "what AWS's policy of that name says"),
    "all of a service of AWS's": Grant(
        "api-task", "AmazonS3FullAccess", "what AWS's policy of that name says"
    ),
    "the Docker socket": Grant("tasks of api", DOCKER_API, "of its node, /var/run/docker.sock"),
    "the whole node": Grant("tasks of api", "reads", "of its node, /"),
    "a folder of the node": Grant("tasks of api", "writes", "of its node, /srv"),
}
NARROW = {
    "objects of one bucket": Grant("deploy-up", "s3:GetObject", "arn:aws:s3:::acme-state/*"),
    "streams of one log group": Grant(
        "api-task", "logs:PutLogEvents", "arn:aws:logs:us-east-1:111122223333:loggroup/api:*"
    ),
    "one secret": Grant("serviceAccount:api", "roles/secretmanager.secretAccessor", "secret KEY"),
}


@pytest.mark.parametrize("case", WIDE)
def test_a_wide_right_of_a_workload_is_refused(case: str) -> None:
    assert without_reason([WIDE[case]]) == [WIDE[case]]


@pytest.mark.parametrize("case", NARROW)
def test_a_right_on_what_is_named_needs_no_reason(case: str) -> None:
    assert not NARROW[case].is_wide


SECRETS = {
    "everything on aws": {
        ("api-execution", f"secretsmanager secret/secrets-{name}")
        for name in ("API_KEY", "DATABASE_URL", "REDIS_URL")
    },
    "everything on gcp": {
        ("serviceAccount:api-7e4e", f"secret {name}-7e4e")
        for name in ("API_KEY", "DATABASE_URL", "REDIS_URL")
    }
    | {("serviceAccount:prices-7e4e", "secret REDIS_URL-7e4e")},
    "everything on eks": {
        ("pods of api", f"api, {name}") for name in ("API_KEY", "DATABASE_URL", "REDIS_URL")
    },
    "dev on swarm": {
        ("tasks of api", "DATABASE_URL"),
        ("tasks of api", "REDIS_URL"),
        ("tasks of cache", "cache-password"),
        ("tasks of database", "database-password"),
        ("tasks of database-backup", "database-password"),
        ("tasks of grafana", "grafana-password"),
    },
}
READING = {"secretsmanager:GetSecretValue", "roles/secretmanager.secretAccessor", "reads the secret"}


@pytest.mark.parametrize("stack", SECRETS)
def test_secrets_are_read_by_those_who_name_them_alone(stack: str) -> None:
    readers = {(grant.principal, grant.on) for grant in of(stack) if grant.action in READING}
    assert readers == SECRETS[stack]


def test_operators_fetch_secrets_and_pods_read_them() -> None:
    readers = {
        (grant.principal, grant.on) for grant in of("operators on kubernetes") if grant.action in READING
    }
    assert ("pods of database", "database") in readers
    assert {"external-secrets", "pods of api", "pods of worker"} <= {who for who, _ in readers}


def test_a_binding_says_what_its_role_lets_do() -> None:
    assert {grant for grant in of("dev on kubernetes") if grant.principal == "pods of alloy"} == {
        Grant("pods of alloy", verb, resource)
        for verb in ("get", "list", "watch")
        for resource in ("pods", "pods/log")
    }


def test_rights_on_one_thing_stand_together_and_a_wide_one_says_why() -> None:
    found = [
        Grant("api-task", "logs:DescribeLogGroups", "*"),
        Grant("pods of api", "get", "pods"),
        Grant("pods of api", "list", "pods"),
        Grant("pods of api", "delete", "*"),
    ]
    assert list(lines(found)) == [
        "api-task",
        "  ! logs:DescribeLogGroups: * (IAM lets nobody narrow these to a resource)",
        "pods of api",
        "    get, list: pods",
        "  ! delete: * (nobody says why)",
    ]
    assert json.loads(as_json(found))[3] == {
        "principal": "pods of api",
        "action": "delete",
        "resource": "*",
        "wide": True,
        "reason": "nobody says why",
    }


@pytest.mark.long
def test_the_command_reads_the_same_from_the_real_engine(airfield: Toy) -> None:
    said = airfield.airfield("access", "dev", "--format", "json")
    assert said.code == 0, said.err
    assert json.loads(said.out) == json.loads(as_json(of("dev on kubernetes")))
