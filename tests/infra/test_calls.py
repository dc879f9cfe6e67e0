"""`calls` opens the path for the named callers, on every platform, and tells them where to call."""

import json
from typing import Any, cast

import pytest

from tests.committed import landed
from tests.infra.swarm.example import members
from tests.synth import synthesise_config

CALLS = {("gateway", "orders"), ("gateway", "payments"), ("gateway", "stock")}
PORT = {"gateway": 8000, "orders": 8001, "payments": 8002, "stock": 8003}
URLS = {
    "aws": {
        "ORDERS_URL": "http://orders.airfield.internal:8001",
        "PAYMENTS_URL": "http://payments.airfield.internal:8002",
        "STOCK_URL": "http://stock.airfield.internal:8003",
    },
    "gcp": {
        "ORDERS_URL": "https://orders-",
        "PAYMENTS_URL": "https://payments-",
        "STOCK_URL": "https://stock-",
    },
    "kubernetes": {
        "ORDERS_URL": "http://orders.orders.svc.cluster.local",
        "PAYMENTS_URL": "http://payments.orders.svc.cluster.local",
        "STOCK_URL": "http://stock.orders.svc.cluster.local",
    },
    "swarm": {
        "ORDERS_URL": "http://orders:8001",
        "PAYMENTS_URL": "http://payments:8002",
        "STOCK_URL": "http://stock:8003",
    },
}


def environment(target: str, workload: str) -> dict[str, Any]:
    said = landed("orders", target)
    if target == "kubernetes":
        return cast("dict[str, Any]", said["ConfigMap", f"{workload}-environment"].inputs["data"])
    if target == "swarm":
        service = said["index/service:Service", workload].inputs
        return cast("dict[str, Any]", service["taskSpec"]["containerSpec"]["env"])
    if target == "aws":
        (container,) = json.loads(said["TaskDefinition", workload].inputs["containerDefinitions"])
        return {each["name"]: each["value"] for each in container["environment"]}
    (container,) = said["cloudrunv2/service:Service", workload].inputs["template"]["containers"]
    return {each["name"]: each["value"] for each in container["envs"]}


@pytest.mark.parametrize("target", URLS)
def test_a_caller_is_told_where_each_of_its_callees_is(target: str) -> None:
    told = environment(target, "gateway")
    assert told.pop("ENVIRONMENT") == "staging"
    assert set(told) == set(URLS[target])
    if target == "gcp":
        assert all(told[variable].startswith(url) for variable, url in URLS[target].items())
    else:
        assert told == URLS[target]


@pytest.mark.parametrize("target", URLS)
@pytest.mark.parametrize("workload", ["orders", "payments", "stock"])
def test_a_callee_is_told_of_nobody(target: str, workload: str) -> None:
    assert environment(target, workload) == {"ENVIRONMENT": "staging"}


def test_aws_opens_each_path_at_both_ends_and_no_other() -> None:
    said = landed("orders", "aws")
    into = {
        (rule.name, rule.inputs["fromPort"], rule.inputs["toPort"], rule.inputs["ipProtocol"])
        for rule in said.of_type("SecurityGroupIngressRule")
    }
    out = {(rule.name, rule.inputs["fromPort"]) for rule in said.of_type("SecurityGroupEgressRule")}
    assert into == {
        ("gateway-balancer-from-internet-80", 80, 80, "tcp"),
        ("gateway-from-gateway-balancer", 8000, 8000, "tcp"),
        *((f"{callee}-from-{caller}", PORT[callee], PORT[callee], "tcp") for caller, callee in CALLS),
    }
    assert out == {
        ("gateway-balancer-to-gateway", 8000),
        *((f"{name}-to-internet-443", 443) for name in PORT),
        *((f"{caller}-to-{callee}", PORT[callee]) for caller, callee in CALLS),
    }


def test_a_swarm_has_a_network_for_each_pair_and_for_no_other() -> None:
    shared = {name: on_it for name, on_it in members(landed("orders", "swarm")).items() if len(on_it) > 1}
    assert all(sorted(name.split("-to-")) == on_it for name, on_it in shared.items())
    assert {name for name in shared if set(name.split("-to-")) <= set(PORT)} == {
        f"{caller}-to-{callee}" for caller, callee in CALLS
    }


def test_google_cloud_lets_each_caller_invoke_each_callee_and_no_other() -> None:
    members = landed("orders", "gcp").of_type("ServiceIamMember")
    assert {(m.name, m.inputs["member"].split("-")[0]) for m in members} == {
        ("gateway-invoked-by-allUsers", "allUsers"),
        *((f"{callee}-invoked-by-{caller}", f"serviceAccount:{caller}") for caller, callee in CALLS),
    }


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (
            "aws",
            (
                "airfield:workloads.api: Fargate does not sell 750 millicores with 1024 MiB; "
                "rounded up to 1000 millicores with 2048 MiB"
            ),
        ),
        (
            "gcp",
            (
                "airfield:workloads.api: Cloud Run does not accept 750 millicores with 1024 MiB; "
                "rounded up to 1000 millicores with 1024 MiB"
            ),
        ),
        ("kubernetes", None),
    ],
)
def test_a_size_that_is_rounded_up_is_told_once(target: str, said: str | None) -> None:
    config = {
        "airfield:target": target,
        "airfield:image": "us-docker.pkg.dev/acme/apps/airfield:1",
        "airfield:workloads": {"api": {"cpuMillicores": 750, "memoryMib": 1024}},
        "gcp:project": "acme",
    }
    told = [line for line in synthesise_config(config).warnings if "rounded up" in line]
    assert told == ([said] if said else [])
