"""Stacks that use what the committed ones leave out, as a cluster would see them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from tests.infra.kubernetes.manifests import Manifest, objects
from tests.synth import Synthesis, synthesise_config

BASE: Mapping[str, object] = {
    "airfield:target": "kubernetes",
    "airfield:image": "ghcr.io/acme/airfield:1",
    "airfield:workloads": {
        "api": {
            "public": True,
            "uses": ["postgres", "redis"],
            "migrate": ["migrate"],
            "secrets": ["API_KEY"],
            "calls": ["worker"],
        },
        "worker": {"port": 9000, "uses": ["redis"], "metricsPath": None},
    },
    "airfield:postgres": {},
    "airfield:redis": {},
    "airfield:secrets": {"API_KEY": "canary"},
}
BLOCKS: Mapping[str, dict[str, Any]] = {
    "own": {"quota": {"pods": 50, "storageGib": 200}, "containerLimits": {"memoryMib": 4096}},
    "operators": {
        "edge": "gateway",
        "ingressNamespace": "envoy-gateway-system",
        "secrets": "external",
        "postgresOperator": "cloudnative-pg",
        "monitoring": "operator",
    },
    "bundled": {
        "monitoring": "bundled",
        "secrets": "existing",
        "alertWebhookSecret": "ALERTS",
    },
}
STACKS = list(BLOCKS)
CUSTOM = {"Cluster", "ExternalSecret", "HTTPRoute", "PrometheusRule", "ServiceMonitor"}
"""Kinds that a cluster knows only once their operator is there."""


def config(stack: str, **overrides: object) -> dict[str, object]:
    """The configuration of one of these stacks."""
    domain = {"airfield:domain": "api.example.com"} if stack == "operators" else {}
    given = {**BASE, **domain, "airfield:kubernetes": BLOCKS[stack]}
    return {**given, **{f"airfield:{key}": value for key, value in overrides.items()}}


@cache
def said(stack: str) -> Synthesis:
    """What the program declares for it."""
    return synthesise_config(config(stack))


@cache
def manifests(stack: str) -> list[Manifest]:
    """Every object of it."""
    return objects(said(stack))


def pods(stack: str) -> dict[str, Manifest]:
    """The pod template of everything that runs, by the name it has in the cluster."""
    found: dict[str, Manifest] = {}
    for each in manifests(stack):
        spec = each.get("spec", {})
        match each["kind"]:
            case "Deployment" | "StatefulSet" | "Job":
                found[each["metadata"]["name"]] = spec["template"]
            case "CronJob":
                found[each["metadata"]["name"]] = spec["jobTemplate"]["spec"]["template"]
            case _:
                pass
    return found
