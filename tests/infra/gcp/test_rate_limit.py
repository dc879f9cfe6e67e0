"""One address cannot ask for all that the domain gives."""

from tests.infra.gcp.stacks import full, gcp_config
from tests.synth import synthesise_config

EVERYBODY = {"config": {"srcIpRanges": ["*"]}, "versionedExpr": "SRC_IPS_V1"}


def test_one_address_is_slowed_down_and_everybody_else_let_through() -> None:
    policy = synthesise_config(gcp_config(gcp={"requestsAMinute": 300}))[
        "compute/securityPolicy:SecurityPolicy", "api"
    ]
    assert policy.inputs == {
        "rules": [
            {
                "action": "throttle",
                "description": "Requests a minute of one address",
                "match": EVERYBODY,
                "priority": 1000,
                "rateLimitOptions": {
                    "conformAction": "allow",
                    "enforceOnKey": "IP",
                    "exceedAction": "deny(429)",
                    "rateLimitThreshold": {"count": 300, "intervalSec": 60},
                },
            },
            {
                "action": "allow",
                "description": "Everything else",
                "match": EVERYBODY,
                "priority": 2147483647,
            },
        ],
        "type": "CLOUD_ARMOR",
    }


def test_the_limit_stands_before_the_service() -> None:
    backend = full()["compute/backendService:BackendService", "api"]
    assert "api" in backend.inputs["securityPolicy"]
    assert backend.inputs["logConfig"] == {"enable": True, "sampleRate": 1}
    assert full()["cloudrunv2/service:Service", "api"].inputs["ingress"] == (
        "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
    )


def test_without_a_domain_there_is_no_edge() -> None:
    declared = synthesise_config(gcp_config(domain="")).of_type("airfield:gcp:Edge")
    assert declared == []
