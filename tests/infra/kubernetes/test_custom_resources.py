"""What operators are told is what their own definitions take, without a field that they would drop."""

# The validator is typed in part.
# pyright: reportUnknownMemberType=false

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.infra.kubernetes.everything import CUSTOM, manifests
from tests.infra.kubernetes.manifests import Manifest, of_kind
from tools.custom_resources.obtain import obtained_definitions

Schema = dict[str, Any]


@pytest.fixture(scope="module")
def definitions() -> list[Path]:
    return obtained_definitions()


@cache
def versions(definition: Path) -> dict[tuple[str, str], Schema]:
    """The schema of each version that is served, by `apiVersion` and kind."""
    spec = yaml.load(definition.read_text(encoding="utf-8"), yaml.CSafeLoader)["spec"]
    return {
        (f"{spec['group']}/{version['name']}", spec["names"]["kind"]): closed(
            version["schema"]["openAPIV3Schema"]
        )
        for version in spec["versions"]
        if version["served"]
    }


def closed(schema: Schema) -> Schema:
    """As a strict API server reads it: a field that is not named is refused, but in metadata."""
    found = {key: inner_closed(value) for key, value in schema.items()}
    open_ended = {"additionalProperties", "x-kubernetes-preserve-unknown-fields"} & schema.keys()
    if schema.get("properties") and not open_ended:
        found["additionalProperties"] = False
    return found


def inner_closed(value: object) -> object:
    if isinstance(value, list):
        return [inner_closed(inner) for inner in cast("list[object]", value)]
    return closed(cast("Schema", value)) if isinstance(value, dict) else value


def told() -> list[Manifest]:
    """Every custom resource of the stacks that have any."""
    return [*manifests("operators"), *manifests("shop")]


def faults(manifest: Manifest, definitions: list[Path]) -> Iterator[str]:
    known = {kind: schema for definition in definitions for kind, schema in versions(definition).items()}
    schema = known[manifest["apiVersion"], manifest["kind"]]
    for error in Draft202012Validator(schema).iter_errors(manifest):
        yield f"{error.json_path}: {error.message[:200]}"


@pytest.mark.parametrize("kind", sorted(CUSTOM))
def test_an_operator_takes_what_it_is_told(kind: str, definitions: list[Path]) -> None:
    those = of_kind(told(), kind)
    assert those
    assert [(name, fault) for name, each in those.items() for fault in faults(each, definitions)] == []


@pytest.mark.parametrize(
    ("kind", "path", "answer"),
    [
        ("Cluster", ["instancez"], "'instancez' was unexpected"),
        ("Cluster", ["storage", "siez"], "'siez' was unexpected"),
        ("HTTPRoute", ["hostname"], "'hostname' was unexpected"),
        ("ExternalSecret", ["target", "deletionPolicy"], "is not one of"),
        ("ServiceMonitor", ["selector", "matchLabel"], "'matchLabel' was unexpected"),
        ("Middleware", ["rateLimit"], "is not of type 'object'"),
        ("PrometheusRule", ["groups"], "is not of type 'array'"),
    ],
)
def test_a_misspelt_field_would_be_found(
    kind: str, path: list[str], answer: str, definitions: list[Path]
) -> None:
    broken = deepcopy(next(iter(of_kind(told(), kind).values())))
    *way, last = ["spec", *path]
    place = broken
    for step in way:
        place = place[step]
    place[last] = "x"
    assert [fault for fault in faults(broken, definitions) if answer in fault]
