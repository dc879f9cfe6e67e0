"""A stack on AWS that asks for everything, and its synthesis."""

from functools import cache
from typing import Any

from tests.synth import Synthesis, synthesise_config

API: dict[str, Any] = {
    "public": True,
    "cpuMillicores": 1000,
    "memoryMib": 2048,
    "scaling": {"minReplicas": 2, "cpuPercent": 70, "memoryPercent": 80, "concurrency": 80},
    "timeoutSeconds": 300,
    "secrets": ["API_KEY"],
    "uses": ["postgres", "redis"],
    "calls": ["model"],
}
EVERYTHING: dict[str, Any] = {
    "airfield:target": "aws",
    "airfield:environment": "production",
    "airfield:image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/api@sha256:" + "0" * 64,
    "airfield:domain": "api.example.com",
    "airfield:workloads": {"api": API, "model": {}},
    "airfield:postgres": {},
    "airfield:redis": {},
    "airfield:secrets": {"API_KEY": "canary"},
    "pulumi:disable-default-providers": ["*"],
}


def changed(**keys: object) -> dict[str, Any]:
    """`EVERYTHING` with other values under keys of ours."""
    return {**EVERYTHING, **{f"airfield:{key}": value for key, value in keys.items()}}


@cache
def everything(target: str = "aws", environment: str = "production") -> Synthesis:
    """What that stack declares, synthesised once."""
    return synthesise_config(changed(target=target, environment=environment))


NAMED: dict[str, Any] = {
    "registry": "airfield",
    "backupBucket": True,
    "alarmEmails": ["ops@example.com"],
    "deploy": {
        "repository": "acme/airfield",
        "stateBucket": "acme-state",
        "stateKeyArn": "arn:aws:kms:us-east-1:111122223333:key/state",
    },
}
"""What a stack makes only when it is named."""


@cache
def named(target: str = "aws") -> Synthesis:
    """`everything`, and all that must be named, in production."""
    block = NAMED | ({"cdn": {}} if target == "aws" else {})
    return synthesise_config(changed(target=target, aws=block))
