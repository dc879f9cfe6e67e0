"""All mistakes of a stack file are answered at once, one line each, with where and what would be right."""

import asyncio
import contextvars
from collections.abc import Collection
from typing import Any

import pulumi
import pytest
from pulumi.runtime import set_all_config

from infra.datastores import Postgres
from stacks.settings import Settings, load_secrets, load_settings
from tests.synth import synthesise_config

GOOD: dict[str, object] = {
    "airfield:target": "aws",
    "airfield:image": "ghcr.io/acme/api:1",
    "airfield:workloads": {"api": {}},
}
DIGEST = "ghcr.io/acme/api@sha256:" + "0" * 64


def answers(config: dict[str, object]) -> list[str]:
    """The lines with which the real program refuses a configuration."""
    with pytest.raises(pulumi.RunError) as refused:
        synthesise_config(config)
    return str(refused.value).splitlines()


def with_api(**fields: object) -> dict[str, object]:
    """A good configuration whose one workload says this."""
    return {**GOOD, "airfield:workloads": {"api": fields}}


MISTAKES: dict[str, tuple[dict[str, object], str]] = {
    "an unknown key, with the nearest right one": (
        with_api(memoryMb=512),
        "airfield:workloads.api.memoryMb: unknown key; did you mean memoryMib?",
    ),
    "an unknown key at the top": (
        {**GOOD, "airfield:workload": "api"},
        "airfield:workload: unknown key; did you mean workloads?",
    ),
    "an unknown key that is near to none": (
        with_api(health={"x": 1}),
        (
            "airfield:workloads.api.health.x: unknown key;"
            " known: command, livenessPath, readinessPath, startSeconds"
        ),
    ),
    "Python's spelling of a key": (
        with_api(memory_mib=512),
        "airfield:workloads.api.memory_mib: unknown key; did you mean memoryMib?",
    ),
    "a wrong type": (
        with_api(cpuMillicores="much"),
        "airfield:workloads.api.cpuMillicores: must be a whole number, not 'much'",
    ),
    "a text where a mapping belongs": (
        {**GOOD, "airfield:workloads": "api"},
        "airfield:workloads: must be a mapping of keys to values, not 'api'",
    ),
    "neither true nor false": (
        {**GOOD, "airfield:strict": "maybe"},
        "airfield:strict: must be true or false, not 'maybe'",
    ),
    "a value that must be text": (
        with_api(environment={"DEBUG": True}),
        "airfield:workloads.api.environment.DEBUG: must be text, quoted, not True",
    ),
    "an unknown platform": (
        {**GOOD, "airfield:target": "gpc"},
        "airfield:target: must be aws, eks, gcp, kubernetes or swarm, not 'gpc'; did you mean gcp?",
    ),
    "no platform": (
        {key: value for key, value in GOOD.items() if key != "airfield:target"},
        "airfield:target: missing: The platform: aws, eks, gcp, kubernetes or swarm.",
    ),
    "a minimum above the maximum": (
        with_api(scaling={"minReplicas": 9, "maxReplicas": 2}),
        "airfield:workloads.api.scaling: minReplicas (9) must not exceed maxReplicas (2)",
    ),
    "more memory set aside than there is": (
        with_api(memoryRequestMib=1024),
        "airfield:workloads.api: memoryRequestMib (1024) must not exceed memoryMib (512)",
    ),
    "no image": (
        {key: value for key, value in GOOD.items() if key != "airfield:image"},
        "airfield:image: missing; name an image, or let airfield:build make one",
    ),
    "an image named and built": (
        {**GOOD, "airfield:build": {"repository": "ghcr.io/acme/api"}},
        "airfield:image: set together with airfield:build; keep one of the two",
    ),
    "an image without digest in production": (
        {**GOOD, "airfield:environment": "production"},
        (
            "airfield:image: 'ghcr.io/acme/api:1' has no digest, which production asks for: "
            "ghcr.io/acme/api@sha256:…"
        ),
    ),
    "a workload's own image without digest in production": (
        {
            **GOOD,
            "airfield:image": DIGEST,
            "airfield:environment": "production",
            "airfield:workloads": {"api": {"image": "api"}},
        },
        "airfield:workloads.api.image: 'api' has no digest, which production asks for: api@sha256:…",
    ),
    "no project on Google Cloud": (
        {**GOOD, "airfield:target": "gcp"},
        "gcp:project: missing; set it: pulumi config set gcp:project PROJECT",
    ),
    "a name longer than any platform allows": (
        {**GOOD, "airfield:workloads": {"a" * 25: {}}},
        f"airfield:workloads.{'a' * 25}: must be at most 24 characters long, not 25",
    ),
    "a name that no platform allows": (
        {**GOOD, "airfield:workloads": {"My_Api": {}}},
        (
            "airfield:workloads.My_Api: must be lower-case letters, digits and hyphens, a letter first,"
            " not 'My_Api'"
        ),
    ),
    "a call of a workload that is not there": (
        {**GOOD, "airfield:workloads": {"api": {"calls": ["order"]}, "orders": {}}},
        "airfield:workloads.api.calls[0]: no workload is called 'order'; did you mean orders?",
    ),
    "a call of itself": (
        with_api(calls=["api"]),
        "airfield:workloads.api.calls[0]: a workload does not call itself",
    ),
    "postgres used and not asked for": (
        with_api(uses=["postgres"]),
        "airfield:workloads.api.uses[0]: needs airfield:postgres, which is not set",
    ),
    "a secret that has no value": (
        with_api(secrets=["API_KEY"]),
        (
            "airfield:workloads.api.secrets[0]: API_KEY has no value; "
            "set it: pulumi config set --secret --path 'secrets.API_KEY'"
        ),
    ),
    "a call of one workload twice": (
        {**GOOD, "airfield:workloads": {"api": {"calls": ["orders", "orders"]}, "orders": {}}},
        "airfield:workloads.api.calls[1]: orders is named twice",
    ),
    "a store used twice": (
        {
            **GOOD,
            "airfield:workloads": {"api": {"uses": ["redis", "redis"]}},
            "airfield:redis": {"external": True},
            "airfield:secrets": {"REDIS_URL": "1"},
        },
        "airfield:workloads.api.uses[1]: redis is named twice",
    ),
    "a secret with the name of a plain variable": (
        {**with_api(secrets=["ENVIRONMENT"]), "airfield:secrets": {"ENVIRONMENT": "1"}},
        "airfield:workloads.api.secrets[0]: ENVIRONMENT is already set by airfield:environment",
    ),
    "a store whose variable is that of a callee": (
        {
            **GOOD,
            "airfield:workloads": {"api": {"uses": ["redis"], "calls": ["redis"]}, "redis": {}},
            "airfield:redis": {"external": True},
            "airfield:secrets": {"REDIS_URL": "1"},
        },
        "airfield:workloads.api.uses[0]: REDIS_URL is already set by calls redis",
    ),
    "a public workload under a name that AWS keeps for itself": (
        {**GOOD, "airfield:target": "aws", "airfield:workloads": {"internal-api": {"public": True}}},
        (
            "airfield:workloads.internal-api: AWS keeps names that begin with internal- for itself; "
            "a public workload needs another"
        ),
    ),
    "a variable that two sources set": (
        with_api(environment={"ENVIRONMENT": "mine"}),
        "airfield:workloads.api.environment.ENVIRONMENT: already set by airfield:environment",
    ),
    "a port below 1024": (
        with_api(port=80),
        "airfield:workloads.api.port: must be greater than or equal to 1024, not 80",
    ),
    "a path that is none": (
        with_api(health={"livenessPath": "health"}),
        "airfield:workloads.api.health.livenessPath: must be a path such as /health, not 'health'",
    ),
    "a domain that nobody answers": (
        {**GOOD, "airfield:domain": "api.example.com"},
        "airfield:domain: needs exactly one public workload, not none",
    ),
    "more than Cloud Run has": (
        {**with_api(cpuMillicores=16000), "airfield:target": "gcp", "gcp:project": "acme"},
        "airfield:workloads.api.cpuMillicores: Cloud Run has 8000 at most",
    ),
    "a circle of calls on Cloud Run": (
        {
            **GOOD,
            "airfield:target": "gcp",
            "gcp:project": "acme",
            "airfield:workloads": {"a": {"calls": ["b"]}, "b": {"calls": ["a"]}},
        },
        (
            "airfield:workloads: Cloud Run gives a workload its URL when it is made, "
            "so nobody can call in a circle: a → b → a"
        ),
    ),
    "a network too small for its subnets": (
        {**GOOD, "airfield:aws": {"vpcCidr": "10.0.0.0/24"}},
        "airfield:aws.vpcCidr: must be /16 to /20, so that every zone finds room in it, not /24",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_one_mistake_is_answered_by_one_line(case: str) -> None:
    config, answer = MISTAKES[case]
    assert answers(config) == [answer]


def test_all_mistakes_are_answered_at_once() -> None:
    workload: dict[str, Any] = {
        "prot": 8000,
        "port": 80,
        "scaling": {"minReplicas": 9, "maxReplicas": 2, "cpu": 3},
        "calls": ["nobody"],
        "secrets": ["API_KEY"],
    }
    config: dict[str, object] = {
        "airfield:target": "azure",
        "airfield:environment": "production",
        "airfield:image": "api",
        "airfield:postgres": {"storageGib": 200},
        "airfield:workloads": {"api": workload},
    }
    assert [line.partition(": ")[0] for line in answers(config)] == [
        "airfield:target",
        "airfield:workloads.api.port",
        "airfield:workloads.api.scaling.cpu",
        "airfield:workloads.api.prot",
        "airfield:workloads.api.scaling",
        "airfield:postgres",
        "airfield:image",
        "airfield:workloads.api.calls[0]",
        "airfield:workloads.api.secrets[0]",
    ]


def test_what_cannot_be_read_is_not_also_called_missing() -> None:
    config = with_api(uses=["postgres"]) | {"airfield:postgres": "yes", "airfield:image": ["a"]}
    assert [line.partition(": ")[0] for line in answers(config)] == ["airfield:image", "airfield:postgres"]


def read(config: dict[str, str], secret_keys: Collection[str] = ()) -> tuple[Settings, dict[str, object]]:
    """Settings and secrets of a small good configuration with these keys beside."""
    small = {"airfield:target": "aws", "airfield:image": "api", "airfield:workloads": '{"api": {}}'}

    async def load() -> tuple[Settings, dict[str, object]]:
        set_all_config(small | config, [*secret_keys])
        return load_settings(), {**load_secrets()}

    return contextvars.Context().run(lambda: asyncio.run(load()))


def test_an_encrypted_value_outside_the_secrets_is_refused() -> None:
    with pytest.raises(pulumi.RunError, match=r"^airfield:workloads: holds an encrypted value"):
        read({}, secret_keys=["airfield:workloads"])


def test_a_version_may_be_written_as_a_number() -> None:
    settings, _ = read({"airfield:postgres": '{"version": 16}'})
    assert settings.postgres == Postgres(version="16")


def test_a_key_with_an_empty_value_is_not_set() -> None:
    settings, secrets = read({"airfield:domain": "", "airfield:secrets": ""})
    assert (settings.domain, secrets) == (None, {})


def test_a_setting_cannot_be_changed_once_it_is_read() -> None:
    settings, _ = read({})
    with pytest.raises(ValueError, match="frozen"):
        settings.domain = "example.com"  # pyright: ignore[reportAttributeAccessIssue]


def test_the_values_of_secrets_stay_out_of_the_settings() -> None:
    settings, secrets = read(
        {
            "airfield:secrets": '{"API_KEY": "canary"}',
            "airfield:workloads": '{"api": {"secrets": ["API_KEY"]}}',
        },
        secret_keys=["airfield:secrets"],
    )
    assert "canary" not in repr(settings)
    assert list(secrets) == ["API_KEY"]
