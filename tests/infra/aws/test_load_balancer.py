from functools import cache
from typing import Any

import pytest

from infra.aws.load_balancer import LoadBalancer, LoadBalancerArgs
from infra.workload import Health, Workload
from tests.synth import Declared, Synthesis, synthesise


@cache
def balanced(
    domain: str | None = None,
    hosted_zone: str | None = None,
    timeout_seconds: int = 300,
    *,
    protected: bool = False,
) -> Synthesis:
    args = LoadBalancerArgs(
        workload=Workload(
            port=8001,
            timeout_seconds=timeout_seconds,
            drain_seconds=45,
            health=Health(readiness_path="/able"),
        ),
        vpc_id="vpc-1",
        subnet_ids=["subnet-1", "subnet-2"],
        domain=domain,
        hosted_zone=hosted_zone,
        protected=protected,
        behind_edge=False,
        access_log_bucket="logs",
    )
    return synthesise(lambda: LoadBalancer("api", args))


def without(resource: Declared, *keys: str) -> dict[str, Any]:
    return {key: value for key, value in resource.inputs.items() if key not in keys}


def openings(said: Synthesis) -> dict[str, int]:
    return {rule.name: rule.inputs["fromPort"] for rule in said.of_type("IngressRule")}


@pytest.mark.parametrize(("timeout", "idle"), [(1, 60), (60, 60), (300, 300), (3600, 3600)])
def test_the_balancer_waits_as_long_as_a_request_may_take(timeout: int, idle: int) -> None:
    (made,) = balanced(timeout_seconds=timeout).of_type("lb/loadBalancer:LoadBalancer")
    assert without(made, "securityGroups") == {
        "loadBalancerType": "application",
        "internal": False,
        "subnets": ["subnet-1", "subnet-2"],
        "idleTimeout": idle,
        "dropInvalidHeaderFields": True,
        "enableDeletionProtection": False,
        "accessLogs": {"enabled": True, "bucket": "logs"},
    }


@pytest.mark.parametrize("protected", [True, False])
def test_aws_refuses_to_delete_a_protected_balancer(*, protected: bool) -> None:
    (made,) = balanced(protected=protected).of_type("lb/loadBalancer:LoadBalancer")
    assert made.inputs["enableDeletionProtection"] is protected


def test_requests_go_only_to_replicas_that_say_they_are_ready() -> None:
    assert balanced()["TargetGroup", "api"].inputs == {
        "targetType": "ip",
        "protocol": "HTTP",
        "port": 8001,
        "vpcId": "vpc-1",
        "deregistrationDelay": 45,
        "healthCheck": {
            "path": "/able",
            "matcher": "200",
            "interval": 10,
            "timeout": 5,
            "healthyThreshold": 2,
            "unhealthyThreshold": 3,
        },
    }


def test_without_a_domain_plain_http_is_handed_to_the_workload() -> None:
    (listener,) = balanced().of_type("Listener")
    assert without(listener, "loadBalancerArn", "defaultActions") == {"port": 80, "protocol": "HTTP"}
    (action,) = listener.inputs["defaultActions"]
    assert (set(action), action["type"]) == ({"type", "targetGroupArn"}, "forward")
    assert openings(balanced()) == {"api-balancer-from-internet-80": 80}
    assert balanced().of_type("Certificate") == []


def test_with_a_domain_plain_http_is_sent_on_to_tls() -> None:
    said = balanced("api.example.com")
    assert without(said["Listener", "api-redirect"], "loadBalancerArn") == {
        "port": 80,
        "protocol": "HTTP",
        "defaultActions": [
            {
                "type": "redirect",
                "redirect": {"protocol": "HTTPS", "port": "443", "statusCode": "HTTP_301"},
            }
        ],
    }
    assert openings(said) == {"api-balancer-from-internet-80": 80, "api-balancer-from-internet-443": 443}


def test_tls_is_spoken_in_new_versions_only_and_once_the_certificate_is_valid() -> None:
    listener = balanced("api.example.com")["Listener", "api"]
    assert without(listener, "loadBalancerArn", "defaultActions", "certificateArn") == {
        "port": 443,
        "protocol": "HTTPS",
        "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
    }
    assert listener.inputs["defaultActions"][0]["type"] == "forward"
    assert "CertificateValidation api-valid" in listener.waits_for


def test_the_domain_leads_to_the_balancer_and_proves_the_certificate() -> None:
    said = balanced("api.example.com")
    assert said["acm/certificate:Certificate", "api"].inputs == {
        "domainName": "api.example.com",
        "validationMethod": "DNS",
    }
    address, proof = said["Record", "api-address"], said["Record", "api-proof"]
    assert (address.inputs["name"], address.inputs["type"]) == ("api.example.com", "A")
    assert address.inputs["aliases"][0]["evaluateTargetHealth"] is True
    assert "LoadBalancer api" in address.waits_for
    assert (proof.inputs["type"], proof.inputs["ttl"]) == ("CNAME", 60)
    assert proof.waits_for == {"Certificate api"}
    assert said["CertificateValidation", "api-valid"].waits_for == {"Certificate api", "Record api-proof"}
