"""What a Fargate task runs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from infra.aws.secrets import SecretReference
from infra.health_command import health_command
from infra.workload import Workload

USER = "1000"
"""The image's user."""
WRITABLE_PATHS = {"tmp": "/tmp", "exec-state": "/var/lib/amazon", "exec-logs": "/var/log/amazon"}  # noqa: S108
"""Volumes on an otherwise read-only file system: scratch for the workload, state for the agent of ECS Exec.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
"""
STOP_MARGIN_SECONDS = 10
"""Between the end of draining and the kill. Fargate waits 120 s at most; `drain_seconds` leaves room for it.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerArgs:
    """What a container is made of."""

    workload: Workload
    image: pulumi.Input[str]
    environment: Mapping[str, pulumi.Input[str]]
    secrets: Mapping[str, SecretReference]
    """By the variable's name."""
    log_group_name: pulumi.Input[str]
    region: str


def container_definitions(name: str, args: ContainerArgs) -> list[dict[str, Any]]:
    """The workload's container and, where there is a migration, one that must succeed before it starts.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
    """
    served = serving(name, args)
    if not args.workload.migrate:
        return [served]
    first = migrating(name, args)
    return [{**served, "dependsOn": [{"containerName": first["name"], "condition": "SUCCESS"}]}, first]


def serving(name: str, args: ContainerArgs) -> dict[str, Any]:
    """The container that answers, in the words of ECS's JSON."""
    workload = args.workload
    return {
        **running(name, args),
        "essential": True,
        **({"command": list(workload.command)} if workload.command else {}),
        "portMappings": [{"containerPort": workload.port, "protocol": "tcp"}],
        "healthCheck": health_check(workload),
        "stopTimeout": workload.drain_seconds + STOP_MARGIN_SECONDS,
    }


def migrating(name: str, args: ContainerArgs) -> dict[str, Any]:
    """The container that brings the database up to date, and ends."""
    return {
        **running(f"{name}-migrate", args),
        "essential": False,
        "command": list(args.workload.migrate),
    }


def running(name: str, args: ContainerArgs) -> dict[str, Any]:
    """What both have: the image, its variables, its logs, and no rights."""
    return {
        "name": name,
        "image": args.image,
        "environment": [{"name": key, "value": args.environment[key]} for key in sorted(args.environment)],
        "secrets": [{"name": key, "valueFrom": args.secrets[key].value_from} for key in sorted(args.secrets)],
        "logConfiguration": log_configuration(name, args.log_group_name, args.region),
        "user": USER,
        "readonlyRootFilesystem": True,
        "mountPoints": [
            {"sourceVolume": volume, "containerPath": path} for volume, path in WRITABLE_PATHS.items()
        ],
        "linuxParameters": {"initProcessEnabled": True, "capabilities": {"drop": ["ALL"]}},
    }


def log_configuration(name: str, log_group_name: pulumi.Input[str], region: str) -> dict[str, Any]:
    """Logs to CloudWatch; a log that cannot be sent never stops the workload."""
    return {
        "logDriver": "awslogs",
        "options": {
            "awslogs-group": log_group_name,
            "awslogs-region": region,
            "awslogs-stream-prefix": name,
            "mode": "non-blocking",
            "max-buffer-size": "25m",
        },
    }


def health_check(workload: Workload) -> dict[str, Any]:
    """Replaces a task that is not alive."""
    return {
        "command": ["CMD", *health_command(workload)],
        "interval": 30,
        "timeout": 5,
        "retries": 3,
        "startPeriod": workload.health.start_seconds,
    }
