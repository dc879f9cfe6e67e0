from functools import cache

from infra.gcp.edge import Edge, EdgeArgs
from tests.synth import Synthesis, synthesise


@cache
def edge(dns_zone: str | None = None) -> Synthesis:
    args = EdgeArgs(
        domain="api.example.com",
        service_name="api-1",
        region="europe-west1",
        dns_zone=dns_zone,
        requests_a_minute=600,
    )
    return synthesise(lambda: Edge("api", args))


def test_tls_is_spoken_in_new_versions_only() -> None:
    assert edge()["SSLPolicy", "api"].inputs == {"profile": "MODERN", "minTlsVersion": "TLS_1_2"}
    assert edge()["TargetHttpsProxy", "api"].waits_for == {
        "ManagedSslCertificate api",
        "SSLPolicy api",
        "URLMap api",
    }
    assert edge()["ManagedSslCertificate", "api"].inputs == {"managed": {"domains": ["api.example.com"]}}


def test_plain_http_is_sent_on_to_tls() -> None:
    assert edge()["URLMap", "api-redirect"].inputs == {
        "defaultUrlRedirect": {
            "httpsRedirect": True,
            "redirectResponseCode": "MOVED_PERMANENTLY_DEFAULT",
            "stripQuery": False,
        }
    }
    assert edge()["TargetHttpProxy", "api-redirect"].waits_for == {"URLMap api-redirect"}


def test_both_listeners_share_one_address() -> None:
    rules = edge().of_type("GlobalForwardingRule")
    assert {rule.name: rule.inputs["portRange"] for rule in rules} == {"api": "443", "api-redirect": "80"}
    assert {rule.inputs["loadBalancingScheme"] for rule in rules} == {"EXTERNAL_MANAGED"}
    assert all("GlobalAddress api" in rule.waits_for for rule in rules)
    assert "TargetHttpsProxy api" in rules[0].waits_for
    assert "TargetHttpProxy api-redirect" in rules[1].waits_for


def test_requests_reach_the_service_in_its_region() -> None:
    assert edge()["RegionNetworkEndpointGroup", "api"].inputs == {
        "networkEndpointType": "SERVERLESS",
        "region": "europe-west1",
        "cloudRun": {"service": "api-1"},
    }
    assert edge()["BackendService", "api"].inputs["loadBalancingScheme"] == "EXTERNAL_MANAGED"
    assert edge()["BackendService", "api"].waits_for == {
        "RegionNetworkEndpointGroup api",
        "SecurityPolicy api",
    }
    assert edge()["URLMap", "api"].waits_for == {"BackendService api"}


def test_somebody_else_points_the_name_here_where_no_zone_is_named() -> None:
    assert edge().of_type("RecordSet") == []


def test_a_named_zone_points_the_name_here() -> None:
    assert edge("example")["RecordSet", "api"].inputs == {
        "managedZone": "example",
        "name": "api.example.com.",
        "type": "A",
        "ttl": 300,
        "rrdatas": ["203.0.113.20"],
    }
