"""Entries of a list that its keys cannot tell apart, which server-side apply refuses. Knows no stack.

https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy: the schema names each list's
keys, which a validation against it does not look at.
"""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, cast

from tests.infra.kubernetes.manifests import Manifest

Schema = dict[str, Any]


def doubled(manifest: Manifest, version: str) -> list[str]:
    """Where two entries have the same keys."""
    group, _, api_version = manifest["apiVersion"].rpartition("/")
    (name,) = [
        name
        for name, schema in definitions(version).items()
        for kind in schema.get("x-kubernetes-group-version-kind", [])
        if (kind["group"], kind["version"], kind["kind"]) == (group, api_version, manifest["kind"])
    ]
    return list(_doubled(manifest, definitions(version)[name], "", version))


@cache
def definitions(version: str) -> dict[str, Schema]:
    """The schemas of a version of Kubernetes, by name."""
    folder = files("kubernetes_validate") / "kubernetes-json-schema" / f"v{version}-local-strict"
    return json.loads((folder / "_definitions.json").read_text(encoding="utf-8"))["$defs"]


def _doubled(value: object, schema: Schema, path: str, version: str) -> Iterator[str]:
    if "$ref" in schema:
        schema = definitions(version)[schema["$ref"].rpartition("/")[2]]
    if isinstance(value, dict):
        inner = cast("Manifest", value)
        for key, part in inner.items():
            found = cast("Schema", schema.get("properties", {}).get(key, {}))
            yield from _doubled(part, found, f"{path}.{key}", version)
    elif isinstance(value, list):
        entries = cast("list[Any]", value)
        keys = schema.get("x-kubernetes-list-map-keys")
        told = [tuple(entry.get(key) for key in keys) for entry in entries] if keys else []
        if len(told) != len(set(told)):
            yield f"{path}: {sorted(each for each in set(told) if told.count(each) > 1)}"
        for entry in entries:
            yield from _doubled(entry, schema.get("items", {}), path, version)
