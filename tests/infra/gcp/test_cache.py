"""Redis asks for TLS and a password, and whoever holds the URL can tell it from an impostor."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from infra.datastores import Redis
from infra.gcp.cache import redis_url
from infra.gcp.cache_size import CacheSize, cache_size
from tests.infra.gcp.stacks import full, gcp_config
from tests.synth import synthesise_config

SIZES = {
    "as small as it gets": (
        Redis(memory_mib=256, replicas=0),
        CacheSize("BASIC", 1, 0, "READ_REPLICAS_DISABLED"),
    ),
    "by default": (Redis(), CacheSize("STANDARD_HA", 1, 1, "READ_REPLICAS_DISABLED")),
    "rounded up to whole GiB": (
        Redis(memory_mib=1025),
        CacheSize("STANDARD_HA", 2, 1, "READ_REPLICAS_DISABLED"),
    ),
    "copies that answer reads need 5 GiB": (
        Redis(memory_mib=512, replicas=2),
        CacheSize("STANDARD_HA", 5, 2, "READ_REPLICAS_ENABLED"),
    ),
    "the largest": (
        Redis(memory_mib=65536, replicas=5),
        CacheSize("STANDARD_HA", 64, 5, "READ_REPLICAS_ENABLED"),
    ),
}


@pytest.mark.parametrize("case", SIZES)
def test_a_size_is_one_that_is_sold(case: str) -> None:
    asked, sold = SIZES[case]
    assert cache_size(asked) == sold


def test_the_instance_is_what_was_asked_for() -> None:
    inputs = dict(full()["redis/instance:Instance", "cache"].inputs)
    assert "network" in inputs.pop("authorizedNetwork")
    assert inputs == {
        "authEnabled": True,
        "connectMode": "PRIVATE_SERVICE_ACCESS",
        "deletionProtection": True,
        "maintenancePolicy": {
            "weeklyMaintenanceWindows": [
                {"day": "SUNDAY", "startTime": {"hours": 5, "minutes": 0, "nanos": 0, "seconds": 0}}
            ]
        },
        "memorySizeGb": 1,
        "readReplicasMode": "READ_REPLICAS_DISABLED",
        "redisConfigs": {"maxmemory-policy": "allkeys-lru"},
        "redisVersion": "REDIS_7_2",
        "region": "us-central1",
        "replicaCount": 1,
        "tier": "STANDARD_HA",
        "transitEncryptionMode": "SERVER_AUTHENTICATION",
    }


def test_the_url_carries_whom_to_trust() -> None:
    first, second = "-----BEGIN CERTIFICATE-----\nA+/=\n", "-----BEGIN CERTIFICATE-----\nB\n"
    url = urlsplit(redis_url("5cc4-secret", "10.64.1.3", 6378, [first, second]))
    assert (url.scheme, url.password, url.hostname, url.port, url.path) == (
        "rediss",
        "5cc4-secret",
        "10.64.1.3",
        6378,
        "/0",
    )
    assert parse_qs(url.query) == {"ssl_ca_data": [f"{first}\n{second}"], "ssl_check_hostname": ["false"]}


def test_its_url_is_a_secret() -> None:
    version = full()["secretmanager/secretVersion:SecretVersion", "secrets-REDIS_URL"].inputs
    url = version["secretData"]["secret"]
    assert re.match(r"rediss://:drawn-[0-9a-f]{20}@10\.64\.1\.3:6378/0\?ssl_ca_data=rehearsal&", url)


def test_an_external_cache_is_not_made() -> None:
    declared = synthesise_config(
        gcp_config(redis={"external": True}, secrets={"REDIS_URL": "rediss://elsewhere"})
    )
    assert declared.of_type("redis/instance:Instance") == []
