"""What was recorded of `docker.*` resources, in the words of the engine's API, as the provider says it. Pure.

https://docs.docker.com/reference/api/engine/version/v1.41/
"""

from collections.abc import Callable, Mapping
from typing import Any

Body = dict[str, Any]
NANOS = {"ms": 10**6, "s": 10**9, "m": 60 * 10**9}


def nanos(duration: str) -> int:
    """`45s` → 45,000,000,000."""
    number = duration.rstrip("ms")
    return int(number) * NANOS[duration[len(number) :]]


def labels(inputs: Body) -> dict[str, str]:
    return {each["label"]: each["value"] for each in inputs.get("labels", [])}


def network(inputs: Body) -> Body:
    return {
        "Name": inputs["name"],
        "Driver": inputs["driver"],
        "Internal": inputs["internal"],
        "Options": inputs.get("options", {}),
        "Labels": labels(inputs),
    }


def file(inputs: Body) -> Body:
    """A secret or a config."""
    data: Any = inputs["data"]
    content: str = data if isinstance(data, str) else data["secret"]
    return {"Name": inputs["name"], "Data": content, "Labels": labels(inputs)}


def service(inputs: Body, ids: Mapping[str, str], image_of: Callable[[str], str]) -> Body:
    """A service; `ids` has the engine's id for each that was recorded."""
    task = inputs["taskSpec"]
    limits, reserved = task["resources"]["limits"], task["resources"]["reservation"]
    restart = task["restartPolicy"]
    return {
        "Name": inputs["name"],
        "Labels": labels(inputs),
        "TaskTemplate": {
            "ContainerSpec": container(task["containerSpec"], ids, image_of),
            "Resources": {
                "Limits": {"NanoCPUs": limits["nanoCpus"], "MemoryBytes": limits["memoryBytes"]},
                "Reservations": {"NanoCPUs": reserved["nanoCpus"], "MemoryBytes": reserved["memoryBytes"]},
            },
            "RestartPolicy": {
                "Condition": restart["condition"],
                "Delay": nanos(restart["delay"]),
                "MaxAttempts": restart["maxAttempts"],
                "Window": nanos(restart["window"]),
            },
            "Placement": {
                "Constraints": task["placement"].get("constraints", []),
                "Preferences": [
                    {"Spread": {"SpreadDescriptor": each}} for each in task["placement"].get("prefs", [])
                ],
            },
            "Networks": [
                {"Target": ids[each["id"]], "Aliases": each["aliases"]} for each in task["networksAdvanceds"]
            ],
            "LogDriver": {"Name": task["logDriver"]["name"], "Options": task["logDriver"]["options"]},
        },
        "Mode": {"Global": {}}
        if inputs["mode"].get("global")
        else {"Replicated": {"Replicas": inputs["mode"]["replicated"]["replicas"]}},
        "UpdateConfig": rollout(inputs["updateConfig"]),
        "RollbackConfig": rollout(inputs["rollbackConfig"]),
        "EndpointSpec": {
            "Mode": inputs["endpointSpec"]["mode"],
            "Ports": [
                {
                    "Protocol": each["protocol"],
                    "TargetPort": each["targetPort"],
                    "PublishedPort": each["publishedPort"],
                    "PublishMode": each["publishMode"],
                }
                for each in inputs["endpointSpec"].get("ports", [])
            ],
        },
    }


def container(inputs: Body, ids: Mapping[str, str], image_of: Callable[[str], str]) -> Body:
    return {
        "Image": image_of(inputs["image"]),
        "Command": inputs.get("commands"),
        "Args": inputs.get("args"),
        "Env": [f"{name}={value}" for name, value in inputs.get("env", {}).items()],
        "User": inputs["user"],
        "ReadOnly": inputs["readOnly"],
        "Init": inputs["init"],
        "CapabilityDrop": inputs["capDrops"],
        "CapabilityAdd": inputs.get("capAdds", []),
        "Labels": labels(inputs),
        "Mounts": [
            {
                "Type": each["type"],
                "Source": each.get("source", ""),
                "Target": each["target"],
                "ReadOnly": each.get("readOnly", False),
            }
            for each in inputs.get("mounts", [])
        ],
        "Secrets": [
            {
                "SecretID": ids[each["secretId"]],
                "SecretName": each["secretName"],
                "File": {
                    "Name": each["fileName"],
                    "UID": each["fileUid"],
                    "GID": each["fileGid"],
                    "Mode": each["fileMode"],
                },
            }
            for each in inputs.get("secrets", [])
        ],
        "Configs": [
            {
                "ConfigID": ids[each["configId"]],
                "ConfigName": each["configName"],
                "File": {"Name": each["fileName"], "UID": "0", "GID": "0", "Mode": each["fileMode"]},
            }
            for each in inputs.get("configs", [])
        ],
        "Healthcheck": asked(inputs["healthcheck"]) if "healthcheck" in inputs else None,
        "StopGracePeriod": nanos(inputs["stopGracePeriod"]),
    }


def asked(inputs: Body) -> Body:
    """How the engine asks a container how it is."""
    return {
        "Test": inputs["tests"],
        "Interval": nanos(inputs["interval"]),
        "Timeout": nanos(inputs["timeout"]),
        "Retries": inputs["retries"],
        "StartPeriod": nanos(inputs["startPeriod"]),
    }


def rollout(inputs: Body) -> Body:
    return {
        "Parallelism": inputs["parallelism"],
        "Delay": nanos(inputs["delay"]),
        "FailureAction": inputs["failureAction"],
        "Monitor": nanos(inputs["monitor"]),
        "MaxFailureRatio": float(inputs["maxFailureRatio"]),
        "Order": inputs["order"],
    }
