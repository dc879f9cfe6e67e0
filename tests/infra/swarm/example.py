"""One small stack on Docker Swarm, and how its parts are found. Knows no test."""

from functools import cache
from typing import Any, cast

from tests.synth import STAND_INS, Declared, Synthesis, synthesise_config
from tools.standin.resource import Resource

IMAGE = "ghcr.io/acme/airfield:1"


def config(**keys: object) -> dict[str, object]:
    """A stack with one public workload; `keys` replaces some of ours."""
    given = {"image": IMAGE, "workloads": {"api": {"public": True}}, **keys}
    return {"airfield:target": "swarm", **{f"airfield:{key}": value for key, value in given.items()}}


def said(**keys: object) -> Synthesis:
    return synthesise_config(config(**keys))


@cache
def everything() -> Synthesis:
    """Whatever a stack can have."""
    return said(
        environment="production",
        image="ghcr.io/acme/airfield@sha256:" + "0" * 64,
        domain="api.example.com",
        workloads={
            "api": {
                "public": True,
                "command": ["python", "-m", "app", "serve"],
                "cpuMillicores": 1000,
                "cpuRequestMillicores": 250,
                "memoryMib": 2048,
                "memoryRequestMib": 1024,
                "scaling": {"minReplicas": 3},
                "health": {"startSeconds": 40},
                "timeoutSeconds": 20,
                "drainSeconds": 10,
                "environment": {"LOG_LEVEL": "INFO"},
                "secrets": ["API_KEY"],
                "calls": ["worker"],
            },
            "worker": {"port": 8001, "metricsPath": None},
        },
        secrets={"API_KEY": "canary"},
        swarm={"dashboardDomain": "traefik.example.com", "acmeEmail": "ops@example.com"},
    )


def service(stack: Synthesis, name: str) -> dict[str, Any]:
    return stack["index/service:Service", name].inputs


def container(stack: Synthesis, name: str) -> dict[str, Any]:
    return cast("dict[str, Any]", service(stack, name)["taskSpec"]["containerSpec"])


def labels(stack: Synthesis, name: str) -> dict[str, str]:
    return {each["label"]: each["value"] for each in service(stack, name)["labels"]}


def identity(declared: Declared) -> str:
    """What the engine would call it."""
    resource = Resource(
        type=declared.type, name=declared.name, urn=declared.name, inputs={}, provider={}, fixed={}
    )
    return STAND_INS["docker"].identity(resource)


def members(stack: Synthesis) -> dict[str, list[str]]:
    """Who is on each network, by the network's name."""
    return {
        network.inputs["name"].partition("_")[2]: sorted(
            each.name
            for each in stack.of_type("index/service:Service")
            for joined in each.inputs["taskSpec"]["networksAdvanceds"]
            if joined["id"] == identity(network)
        )
        for network in stack.of_type("index/network:Network")
    }
