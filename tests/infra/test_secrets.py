"""A secret's value reaches the platform's own store and nothing else."""

import json
from base64 import b64encode
from functools import cache
from typing import Any

import pytest

from tests.synth import Synthesis, synthesise_config

CANARIES = {"API_KEY": "canary-1", "DATABASE_URL": "canary-2", "REDIS_URL": "canary-3"}
STORES = {
    "aws": {("secretsmanager/secretVersion:SecretVersion", "secretString")},
    "eks": {("core/v1:Secret", "stringData")},
    "gcp": {("secretmanager/secretVersion:SecretVersion", "secretData")},
    "kubernetes": {("core/v1:Secret", "stringData")},
    "swarm": {("index/secret:Secret", "data")},
}
SONG = ("canary", b64encode(b"canary").decode())
"""A canary as it is, and as a Swarm takes it."""


@cache
def said(target: str, api_key: str = "canary-1") -> Synthesis:
    return synthesise_config(
        {
            "airfield:target": target,
            "airfield:image": "us-docker.pkg.dev/acme/apps/airfield:1",
            "airfield:workloads": {
                "api": {
                    "public": True,
                    "secrets": ["API_KEY"],
                    "uses": ["postgres", "redis"],
                    "calls": ["worker"],
                },
                "worker": {"secrets": ["API_KEY"]},
            },
            "airfield:postgres": {"external": True},
            "airfield:redis": {"external": True},
            "airfield:secrets": {**CANARIES, "API_KEY": api_key},
            "gcp:project": "acme",
        }
    )


def places(target: str) -> set[tuple[str, str]]:
    """Type and key of every input in which a canary sings."""
    return {
        (resource.type.partition(":")[2], key)
        for resource in said(target).resources
        for key, value in resource.inputs.items()
        if sings(value)
    }


def sings(value: object) -> bool:
    """Whether a canary can be heard in it."""
    return any(song in json.dumps(value) for song in SONG)


def without_secrets(value: Any) -> Any:  # noqa: ANN401  any input
    match value:
        case {"secret": _}:
            return None
        case dict():
            return {key: without_secrets(inner) for key, inner in value.items()}  # pyright: ignore[reportUnknownVariableType]
        case list():
            return [without_secrets(inner) for inner in value]  # pyright: ignore[reportUnknownVariableType]
        case _:
            return value


@pytest.mark.parametrize("target", STORES)
def test_a_secrets_value_is_in_the_secret_store_and_nowhere_else(target: str) -> None:
    assert places(target) == STORES[target]


@pytest.mark.parametrize("target", STORES)
def test_even_there_it_is_marked_secret(target: str) -> None:
    unmarked = [without_secrets(resource.inputs) for resource in said(target).resources]
    assert not sings(unmarked)


@pytest.mark.parametrize("target", STORES)
def test_no_options_outputs_or_warnings_tell_it(target: str) -> None:
    options = [resource.options for resource in said(target).resources]
    assert not sings([options, said(target).outputs, said(target).warnings])


def test_a_changed_secret_of_a_swarm_is_another_secret_and_rolls_its_users_alone() -> None:
    def mounted(said: Synthesis, name: str) -> object:
        container = said["index/service:Service", name].inputs["taskSpec"]["containerSpec"]
        return {each["fileName"]: each["secretName"] for each in container["secrets"]}

    first, changed = said("swarm"), said("swarm", "canary-4")
    assert mounted(first, "worker") != mounted(changed, "worker")
    again = said.__wrapped__("swarm")
    assert mounted(first, "worker") == mounted(again, "worker")
    names = {each.inputs["name"] for each in first.of_type("index/secret:Secret")}
    assert len(names - {each.inputs["name"] for each in changed.of_type("index/secret:Secret")}) == 1


def test_a_changed_secret_makes_new_pods_and_an_unchanged_one_does_not() -> None:
    def checksum(said: Synthesis, name: str) -> object:
        template = said["Deployment", name].inputs["spec"]["template"]
        return template["metadata"]["annotations"]["airfield/checksum"]

    first, changed = said("kubernetes"), said("kubernetes", "canary-4")
    assert checksum(first, "worker") != checksum(changed, "worker")
    again = said.__wrapped__("kubernetes")
    assert checksum(first, "worker") == checksum(again, "worker")
