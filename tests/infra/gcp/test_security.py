"""Nothing is open, and nobody may more than they must, in any stack on Google Cloud."""

import json
from collections.abc import Callable
from functools import cache, partial
from typing import cast

import pytest

from tests.committed import landed
from tests.graphs import stacks
from tests.infra.gcp.stacks import full, gcp_config
from tests.synth import Declared, Synthesis, synthesise_config

WORKLOADS = {
    "api": {"public": True, "uses": ["postgres", "redis"], "secrets": ["API_KEY"], "calls": ["prices"]},
    "prices": {"port": 8001, "uses": ["redis"]},
}


@cache
def everything() -> Synthesis:
    return synthesise_config(
        gcp_config(
            workloads=WORKLOADS,
            postgres={},
            redis={"replicas": 2},
            secrets={"API_KEY": "canary"},
            gcp={
                "alertEmail": "oncall@example.com",
                "dnsZone": "example",
                "registry": "airfield",
                "pipeline": {"repository": "acme/airfield", "stack": "prod", "stateBucket": "acme-state"},
            },
        )
    )


STACKS: dict[str, Callable[[], Synthesis]] = {
    **{stack: partial(landed, stack, "gcp") for stack in stacks()},
    "data stores": full,
    "everything": everything,
}
WIDE_ROLES = {"roles/editor", "roles/owner"}
EVERYBODY = {"allAuthenticatedUsers", "allUsers"}


def grants(declared: Synthesis) -> list[Declared]:
    return [each for each in declared.resources if "role" in each.inputs or "members" in each.inputs]


@pytest.fixture(params=STACKS)
def declared(request: pytest.FixtureRequest) -> Synthesis:
    return STACKS[request.param]()


def test_nobody_gets_a_role_over_everything(declared: Synthesis) -> None:
    assert [str(grant) for grant in grants(declared) if grant.inputs["role"] in WIDE_ROLES] == []


def test_everybody_is_let_into_public_workloads_only(declared: Synthesis) -> None:
    open_to_all = {
        grant.parent.rpartition(" ")[2]
        for grant in grants(declared)
        if EVERYBODY & {str(grant.inputs.get("member")), *grant.inputs.get("members", [])}
    }
    public = {
        service.name
        for service in declared.of_type("cloudrunv2/service:Service")
        if service.inputs["ingress"] != "INGRESS_TRAFFIC_INTERNAL_ONLY"
    }
    assert open_to_all == public
    assert len(public) == 1


def test_no_key_of_an_account_is_made(declared: Synthesis) -> None:
    assert declared.of_type("serviceaccount/key:Key") == []
    assert [each for each in declared.resources if "privateKey" in json.dumps(each.inputs)] == []


def test_no_data_store_has_a_public_address(declared: Synthesis) -> None:
    for database in declared.of_type("sql/databaseInstance:DatabaseInstance"):
        address = database.inputs["settings"]["ipConfiguration"]
        assert (address["ipv4Enabled"], address["sslMode"]) == (False, "ENCRYPTED_ONLY")
        assert "authorizedNetworks" not in address
    for redis in declared.of_type("redis/instance:Instance"):
        assert redis.inputs["connectMode"] == "PRIVATE_SERVICE_ACCESS"
        assert redis.inputs["authEnabled"] is True
        assert redis.inputs["transitEncryptionMode"] == "SERVER_AUTHENTICATION"


def test_no_firewall_lets_the_internet_in(declared: Synthesis) -> None:
    assert [
        str(rule) for rule in declared.of_type("compute/firewall:Firewall") if "allows" in rule.inputs
    ] == []


def test_each_workload_has_an_account_of_its_own(declared: Synthesis) -> None:
    services = declared.of_type("cloudrunv2/service:Service")
    accounts = {service.inputs["template"]["serviceAccount"] for service in services}
    assert len(accounts) == len(services)
    assert not any("compute@developer" in account for account in accounts)


def texts(value: object, *, secret: bool) -> list[str]:
    """Every text inside a value: the secret ones, or the others."""
    if isinstance(value, dict):
        parts = cast("dict[str, object]", value)
        if set(parts) == {"secret"}:
            return [str(parts["secret"])] if secret else []
        return [text for inner in parts.values() for text in texts(inner, secret=secret)]
    if isinstance(value, list):
        return [text for inner in cast("list[object]", value) for text in texts(inner, secret=secret)]
    return [] if secret else [str(value)]


def test_a_secret_is_nowhere_in_plain_text() -> None:
    kept = {text for each in everything().resources for text in texts(each.inputs, secret=True)}
    assert "canary" in kept
    assert len(kept) == 4
    plain = " ".join(text for each in everything().resources for text in texts(each.inputs, secret=False))
    assert [text for text in kept if text in plain] == []


def test_each_workload_reads_its_own_secrets_only() -> None:
    assert {
        member.name: member.inputs["role"]
        for member in everything().of_type("secretmanager/secretIamMember:SecretIamMember")
    } == dict.fromkeys(
        ["api-reads-API_KEY", "api-reads-DATABASE_URL", "api-reads-REDIS_URL", "prices-reads-REDIS_URL"],
        "roles/secretmanager.secretAccessor",
    )


def test_who_is_called_lets_in_who_calls() -> None:
    (caller,) = (
        member
        for member in everything().of_type("cloudrunv2/serviceIamMember:ServiceIamMember")
        if member.inputs["member"] not in EVERYBODY
    )
    account = everything()["serviceaccount/account:Account", "api"].inputs["accountId"]
    assert caller.name == "prices-invoked-by-api"
    assert caller.inputs["member"].startswith(f"serviceAccount:{account}@")
    assert caller.inputs["role"] == "roles/run.invoker"
