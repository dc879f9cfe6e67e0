"""The objects that a stack hands to a cluster, as a cluster would see them."""

from collections.abc import Mapping
from typing import Any, cast

from tests.committed import landed
from tests.graphs import stacks
from tests.synth import Synthesis

Manifest = dict[str, Any]
STACKS = stacks()


def objects(said: Synthesis) -> list[Manifest]:
    """Every object of a synthesised stack, its secrets in the open."""
    return [
        cast("Manifest", opened(resource.inputs))
        for resource in said.resources
        if resource.type.startswith("kubernetes:")
    ]


def committed(stack: str) -> list[Manifest]:
    """Every object of a committed stack."""
    return objects(landed(stack, "kubernetes"))


def of_kind(manifests: list[Manifest], kind: str) -> dict[str, Manifest]:
    """All objects of a kind, by their name in the cluster."""
    return {each["metadata"]["name"]: each for each in manifests if each["kind"] == kind}


def pods_in(manifests: list[Manifest]) -> dict[str, Manifest]:
    """The pod template of everything that runs, by the name that its maker has in the cluster."""
    found: dict[str, Manifest] = {}
    for each in manifests:
        match each["kind"]:
            case "Deployment" | "StatefulSet" | "Job":
                found[each["metadata"]["name"]] = each["spec"]["template"]
            case "CronJob":
                found[each["metadata"]["name"]] = each["spec"]["jobTemplate"]["spec"]["template"]
            case _:
                pass
    return found


def is_selected(labels: Mapping[str, str], selector: Mapping[str, Any]) -> bool:
    """Whether a label selector that uses nothing but `matchLabels` selects these labels."""
    assert set(selector) <= {"matchLabels"}, "teach this function expressions before the program uses them"
    return cast("dict[str, str]", selector.get("matchLabels", {})).items() <= labels.items()


def opened(value: object) -> object:
    """A value without the marks of its secret parts."""
    if isinstance(value, list):
        return [opened(inner) for inner in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    parts = cast("dict[str, object]", value)
    return opened(parts["secret"]) if set(parts) == {"secret"} else {k: opened(v) for k, v in parts.items()}
