"""Reads rights from Kubernetes' roles, and which pods read which Secrets. Pure."""

from collections.abc import Iterator
from typing import Any, cast

from tools.access.grant import Grant
from tools.declared import Body, Declared, Graph

READS = "reads the secret"


def on_cluster(graph: Graph) -> Iterator[Grant]:
    """Every right that is declared."""
    roles = {_key(each): each.inputs.get("rules", []) for each in graph.resources if _is(each, "Role")}
    for each in graph.resources:
        if _is(each, "RoleBinding"):
            yield from _bound(each.inputs, roles)
        elif each.type.startswith("kubernetes:"):
            yield from set(_read(each))


def _is(each: Declared, kind: str) -> bool:
    return each.type.rpartition(":")[2] in {kind, f"Cluster{kind}"} and ":rbac." in each.type


def _key(each: Declared) -> tuple[str, str]:
    return each.inputs["kind"], each.inputs["metadata"]["name"]


def _bound(binding: Body, roles: dict[tuple[str, str], list[Body]]) -> Iterator[Grant]:
    reference = binding["roleRef"]
    rules = roles.get((reference["kind"], reference["name"]))
    for subject in binding["subjects"]:
        who = f"pods of {subject['name']}" if subject["kind"] == "ServiceAccount" else str(subject["name"])
        if rules is None:
            yield Grant(who, str(reference["name"]), "what that role names")
        for rule in rules or []:
            for verb in rule["verbs"]:
                for resource in rule["resources"]:
                    yield Grant(who, verb, resource)


def _read(each: Declared) -> Iterator[Grant]:
    """By variables, by files, and by operators."""
    who = f"pods of {each.inputs.get('metadata', {}).get('name', each.name)}"
    for key, found in _nested(each.inputs):
        match key, found:
            case "secretKeyRef", {"name": str(name), "key": str(entry)}:
                yield Grant(who, READS, f"{name}, {entry}")
            case "secretRef" | "secret", {"name": str(name)}:
                yield Grant(who, READS, name)
            case "secret", {"secretName": str(name)}:
                yield Grant(who, READS, name)
            case "remoteRef", {"key": str(entry)}:
                yield Grant("external-secrets", READS, entry)
            case _:
                pass


def _nested(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401  any part of a manifest
    yield key, value
    if isinstance(value, dict):
        for name, inner in cast("dict[str, Any]", value).items():
            yield from _nested(inner, name)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _nested(inner, key)
