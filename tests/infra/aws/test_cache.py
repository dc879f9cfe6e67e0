"""ElastiCache: what is asked for arrives, encrypted on disk and on the way, behind a token."""

from typing import Any

import pytest

from tests.infra.aws.example import changed, everything
from tests.synth import Synthesis, synthesise_config


def group(said: Synthesis) -> dict[str, Any]:
    return said["elasticache/replicationGroup:ReplicationGroup", "cache"].inputs


def test_a_production_cache_is_exactly_this() -> None:
    assert {**group(everything()), "authToken": "…"} == {
        "description": "Of the stack's workloads",
        "engine": "valkey",
        "engineVersion": "8.2",
        "parameterGroupName": "default.valkey8",
        "autoMinorVersionUpgrade": True,
        "nodeType": "cache.t4g.small",
        "numCacheClusters": 2,
        "automaticFailoverEnabled": True,
        "multiAzEnabled": True,
        "port": 6379,
        "subnetGroupName": "cache-5e1ecee",
        "securityGroupIds": ["sg-5e1ecee06a7fc06f3"],
        "atRestEncryptionEnabled": True,
        "kmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/cache-key-89dd5bf",
        "transitEncryptionEnabled": True,
        "transitEncryptionMode": "required",
        "authToken": "…",
        "authTokenUpdateStrategy": "ROTATE",
        "snapshotRetentionLimit": 1,
        "snapshotWindow": "03:00-04:00",
        "maintenanceWindow": "sun:04:00-sun:05:00",
        "logDeliveryConfigurations": [
            {
                "destination": "cache-slow-2f41c71",
                "destinationType": "cloudwatch-logs",
                "logFormat": "text",
                "logType": "slow-log",
            }
        ],
    }


def test_the_token_is_a_secret_inside_a_url_that_speaks_tls() -> None:
    said = everything()
    token = group(said)["authToken"]["secret"]
    kept = said["secretsmanager/secretVersion:SecretVersion", "secrets-REDIS_URL"].inputs["secretString"]
    assert kept["secret"].startswith(f"rediss://:{token}@cache-")
    assert kept["secret"].endswith(".cache.amazonaws.com:6379/0")
    assert token.isalnum()


@pytest.mark.parametrize(("replicas", "nodes", "fails_over"), [(0, 1, False), (1, 2, True), (5, 6, True)])
def test_copies_take_over_where_there_are_any(replicas: int, nodes: int, *, fails_over: bool) -> None:
    got = group(synthesise_config(changed(redis={"replicas": replicas})))
    assert (got["numCacheClusters"], got["automaticFailoverEnabled"], got["multiAzEnabled"]) == (
        nodes,
        fails_over,
        fails_over,
    )


@pytest.mark.parametrize("environment", ["production", "staging"])
def test_it_is_protected_in_production(environment: str) -> None:
    said = everything(environment=environment)
    assert [
        said[kind, name].options.get("protect")
        for kind, name in (
            ("ReplicationGroup", "cache"),
            ("kms/key:Key", "cache-key"),
            ("RandomPassword", "cache-password"),
        )
    ] == [environment == "production"] * 3
