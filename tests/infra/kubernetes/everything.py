"""Stacks that use what the committed ones leave out, and all of both, as a cluster would see them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from tests.committed import landed
from tests.graphs import stacks
from tests.infra.kubernetes.manifests import Manifest, objects, pods_in
from tests.synth import Synthesis, stack_config, synthesise_config

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
SHOP: Mapping[str, object] = {
    "airfield:target": "kubernetes",
    "airfield:image": "shop",
    "airfield:domain": "shop.example.com",
    "airfield:workloads": {
        "web": {"public": True, "calls": ["order-api"]},
        "order-api": {"port": 9000, "uses": ["postgres", "redis"], "metricsPath": None, "calls": ["mail"]},
        "mail": {"uses": ["redis"]},
    },
    "airfield:postgres": {"external": True},
    "airfield:redis": {"external": True},
    "airfield:secrets": {"DATABASE_URL": "1", "REDIS_URL": "2", "UNUSED": "3"},
    "airfield:kubernetes": {
        "ingressClass": "traefik",
        "ingressNamespace": "traefik",
        "requestsPerMinute": 600,
    },
}
"""Everything of it that holds data is run by somebody else."""
STACKS = list(BLOCKS)
COMMITTED = stacks()
ALL = [*COMMITTED, *STACKS, "shop"]
CUSTOM = {"Cluster", "ExternalSecret", "HTTPRoute", "Middleware", "PrometheusRule", "ServiceMonitor"}
"""Kinds that a cluster knows only once their operator is there."""


def config(stack: str, **overrides: object) -> dict[str, object]:
    """The configuration of a stack, on Kubernetes."""
    return {**_given(stack), **{f"airfield:{key}": value for key, value in overrides.items()}}


def _given(stack: str) -> dict[str, object]:
    if stack in COMMITTED:
        return {**stack_config(stack), "airfield:target": "kubernetes"}
    if stack == "shop":
        return dict(SHOP)
    domain = {"airfield:domain": "api.example.com"} if stack == "operators" else {}
    return {**BASE, **domain, "airfield:kubernetes": BLOCKS[stack]}


@cache
def said(stack: str) -> Synthesis:
    """What the program declares for it."""
    return landed(stack, "kubernetes") if stack in COMMITTED else synthesise_config(config(stack))


@cache
def manifests(stack: str) -> list[Manifest]:
    """Every object of it."""
    return objects(said(stack))


def pods(stack: str) -> dict[str, Manifest]:
    """The pod template of everything that runs, by the name it has in the cluster."""
    return pods_in(manifests(stack))
