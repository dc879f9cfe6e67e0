"""The way in is the one that was asked for, and nobody comes in without TLS."""

from typing import Any

import pulumi
import pytest

from infra.kubernetes.ingress import ingress_annotations
from infra.workload import Health, Workload
from tests.synth import Synthesis, synthesise_config

API: dict[str, object] = {
    "airfield:target": "kubernetes",
    "airfield:image": "api",
    "airfield:workloads": {"api": {"public": True, "timeoutSeconds": 30}, "worker": {}},
}


def deployed(block: dict[str, object], domain: str | None = "api.example.com") -> Synthesis:
    named = {"airfield:domain": domain} if domain else {}
    return synthesise_config({**API, **named, "airfield:kubernetes": block})


def test_a_gateway_is_used_by_two_routes_of_which_one_redirects() -> None:
    said = deployed({"edge": "gateway", "gateway": "public", "gatewayNamespace": "edge"})
    route, redirect = (said["HTTPRoute", name].inputs["spec"] for name in ("api-route", "api-redirect"))
    listener = {"name": "public", "namespace": "edge"}
    assert route == {
        "parentRefs": [{**listener, "sectionName": "https"}],
        "hostnames": ["api.example.com"],
        "rules": [
            {
                "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
                "backendRefs": [{"name": "api", "port": 80}],
                "timeouts": {"request": "30s"},
            }
        ],
    }
    assert redirect == {
        "parentRefs": [{**listener, "sectionName": "http"}],
        "hostnames": ["api.example.com"],
        "rules": [
            {
                "filters": [
                    {"type": "RequestRedirect", "requestRedirect": {"scheme": "https", "statusCode": 301}}
                ]
            }
        ],
    }
    assert said.outputs["url"] == "https://api.example.com"


ANNOTATIONS: dict[str, dict[str, str]] = {
    "nginx": {
        "cert-manager.io/cluster-issuer": "issuer",
        "nginx.ingress.kubernetes.io/force-ssl-redirect": "true",
        "nginx.ingress.kubernetes.io/proxy-read-timeout": "30",
        "nginx.ingress.kubernetes.io/limit-rpm": "10",
    },
    "haproxy": {
        "cert-manager.io/cluster-issuer": "issuer",
        "haproxy.org/ssl-redirect": "true",
        "haproxy.org/timeout-server": "30s",
        "haproxy.org/rate-limit-period": "1m",
        "haproxy.org/rate-limit-requests": "10",
    },
    "alb": {
        "alb.ingress.kubernetes.io/scheme": "internet-facing",
        "alb.ingress.kubernetes.io/target-type": "ip",
        "alb.ingress.kubernetes.io/listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]',
        "alb.ingress.kubernetes.io/ssl-redirect": "443",
        "alb.ingress.kubernetes.io/healthcheck-path": "/able",
        "alb.ingress.kubernetes.io/load-balancer-attributes": (
            "routing.http.drop_invalid_header_fields.enabled=true,idle_timeout.timeout_seconds=30"
        ),
    },
    "traefik": {"cert-manager.io/cluster-issuer": "issuer"},
    "another": {"cert-manager.io/cluster-issuer": "issuer"},
}


@pytest.mark.parametrize("ingress_class", ANNOTATIONS)
def test_an_ingress_is_annotated_in_the_words_of_its_class(ingress_class: str) -> None:
    workload = Workload(timeout_seconds=30, health=Health(readiness_path="/able"))
    said = ingress_annotations(workload, "issuer", ingress_class, 10)
    assert said == ANNOTATIONS[ingress_class]


def test_a_load_balancer_behind_an_edge_listens_with_tls_alone() -> None:
    workload = Workload(timeout_seconds=30, health=Health(readiness_path="/able"))
    told = ingress_annotations(workload, "issuer", "alb", behind_edge=True)
    redirected = ANNOTATIONS["alb"].keys() - {"alb.ingress.kubernetes.io/ssl-redirect"}
    assert told == {key: ANNOTATIONS["alb"][key] for key in redirected} | {
        "alb.ingress.kubernetes.io/listen-ports": '[{"HTTPS": 443}]'
    }


def test_no_rate_is_set_where_none_was_asked_for() -> None:
    assert not [key for key in ingress_annotations(Workload(), "issuer", "nginx") if "limit" in key]


def test_a_path_arrives_as_it_was_sent() -> None:
    spec = str(deployed({})["Ingress", "api-ingress"].inputs)
    assert "rewrite" not in spec


@pytest.mark.parametrize(
    ("block", "domain", "service", "objects"),
    [
        ({}, "api.example.com", "ClusterIP", {"Ingress"}),
        ({"edge": "gateway"}, "api.example.com", "ClusterIP", {"HTTPRoute"}),
        ({"edge": "none"}, "api.example.com", "ClusterIP", set[str]()),
        ({}, None, "LoadBalancer", set[str]()),
        ({"withoutDomain": "clusterIp"}, None, "ClusterIP", set[str]()),
    ],
)
def test_a_public_workload_is_met_one_way(
    block: dict[str, object], domain: str | None, service: str, objects: set[str]
) -> None:
    said = deployed(block, domain)
    found: Any = said["core/v1:Service", "api-service"].inputs["spec"]["type"]
    assert found == service
    assert said["core/v1:Service", "worker-service"].inputs["spec"]["type"] == "ClusterIP"
    assert {kind for kind in ("Ingress", "HTTPRoute") if said.of_type(f":{kind}")} == objects


def test_a_rate_that_nobody_would_keep_is_refused() -> None:
    with pytest.raises(
        pulumi.RunError, match=r"requestsPerMinute is kept by .* only: haproxy, nginx, traefik"
    ):
        deployed({"ingressClass": "alb", "requestsPerMinute": 10})


@pytest.mark.parametrize(("ingress_class", "told"), [("traefik", False), ("alb", False), ("another", True)])
def test_a_class_that_cannot_be_told_to_redirect_is_a_loss(*, ingress_class: str, told: bool) -> None:
    lost = "airfield:kubernetes.ingressClass: nothing redirects to TLS here"
    warnings = deployed({"ingressClass": ingress_class}).warnings
    assert any(line.startswith(lost) for line in warnings) == told


def test_traefik_redirects_and_limits_by_middlewares_that_the_ingress_names() -> None:
    said = deployed({"ingressClass": "traefik", "requestsPerMinute": 10, "namespace": "shop"})
    assert {each.name: each.inputs["spec"] for each in said.of_type(":Middleware")} == {
        "api-redirect": {"redirectScheme": {"scheme": "https", "permanent": True}},
        "api-rate": {"rateLimit": {"average": 10, "period": "1m", "burst": 10}},
    }
    assert said["Ingress", "api-ingress"].inputs["metadata"]["annotations"] == {
        "cert-manager.io/cluster-issuer": "letsencrypt-prod",
        "traefik.ingress.kubernetes.io/router.middlewares": (
            "shop-api-redirect@kubernetescrd,shop-api-rate@kubernetescrd"
        ),
    }


def test_a_load_balancer_is_no_pod_and_brings_its_own_certificate() -> None:
    said = deployed({"ingressClass": "alb"})
    assert said["Ingress", "api-ingress"].inputs["spec"]["tls"] == [{"hosts": ["api.example.com"]}]
    (reached,) = [
        rule["from"]
        for rule in said["NetworkPolicy", "api-policy"].inputs["spec"]["ingress"]
        if "namespaceSelector" not in rule["from"][0]
    ]
    assert reached == [{"ipBlock": {"cidr": "0.0.0.0/0"}}]
    assert [each.name for each in said.of_type("NetworkPolicy") if "certificate" in each.name] == []
