"""What a rehearsal recorded of a Swarm, as a file for `docker stack deploy`. Pure.

https://docs.docker.com/reference/compose-file/
"""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Body: TypeAlias = dict[str, Any]
ROLLED = {
    "parallelism": "parallelism",
    "delay": "delay",
    "order": "order",
    "failure_action": "failureAction",
    "monitor": "monitor",
}


def stack_file(resources: Sequence[Body]) -> tuple[Body, Mapping[str, str]]:
    """The file, and those of the configs beside it by their names.

    A secret's value is in neither: it is made before, under a name that ends with its version.
    """
    kinds: dict[str, dict[str, Body]] = {"network": {}, "secret": {}, "serviceConfig": {}, "service": {}}
    for resource in resources:
        package, _, rest = str(resource["type"]).partition(":index/")
        if package == "docker" and rest.partition("/")[0].partition(":")[0] in kinds:
            kinds[rest.partition(":")[0].partition("/")[0]][resource["id"]] = resource["inputs"]
    services = list(kinds["service"].values())
    networks = {identity: _short(each["name"]) for identity, each in kinds["network"].items()}
    content = {each["name"]: b64decode(each["data"]).decode() for each in kinds["serviceConfig"].values()}
    file = {
        "services": {_short(each["name"]): _service(each, networks) for each in services},
        "networks": {
            networks[identity]: {
                "name": each["name"],
                "driver": each["driver"],
                "internal": each["internal"],
                "driver_opts": each.get("options", {}),
            }
            for identity, each in kinds["network"].items()
        },
        "volumes": {
            mount["source"]: {"name": mount["source"]}
            for each in services
            for mount in _container(each).get("mounts", [])
            if mount["type"] == "volume"
        },
        "configs": {name: {"name": name, "file": f"./configs/{name}"} for name in content},
        "secrets": {
            key: {"name": f"{key}_${{{_variable(key)}:-1}}", "external": True}
            for key in sorted({_secret(each["secretName"]) for s in services for each in _secrets(s)})
        },
    }
    return file, content


def _service(inputs: Body, networks: Mapping[str, str]) -> Body:
    task, container = inputs["taskSpec"], _container(inputs)
    service = {
        "image": container["image"],
        "entrypoint": container.get("commands"),
        "command": container.get("args"),
        "environment": container.get("env"),
        "user": container["user"],
        "read_only": container["readOnly"],
        "init": container["init"],
        "cap_drop": container["capDrops"],
        "healthcheck": _healthcheck(container.get("healthcheck")),
        "stop_grace_period": container["stopGracePeriod"],
        "volumes": [_mount(each) for each in container.get("mounts", [])],
        "secrets": [_mounted(each, _secret(each["secretName"]), "secret") for each in _secrets(inputs)],
        "configs": [_mounted(each, each["configName"], "config") for each in container.get("configs", [])],
        "networks": [networks[each["id"]] for each in task["networksAdvanceds"]],
        "ports": [_port(each) for each in inputs["endpointSpec"].get("ports", [])],
        "logging": {"driver": task["logDriver"]["name"], "options": task["logDriver"]["options"]},
        "deploy": _deploy(inputs),
    }
    return {key: _escaped(value) for key, value in service.items() if value}


def _deploy(inputs: Body) -> Body:
    task, mode = inputs["taskSpec"], inputs["mode"]
    placement = task["placement"]
    return {
        **({"mode": "global"} if mode.get("global") else {"replicas": mode["replicated"]["replicas"]}),
        "endpoint_mode": inputs["endpointSpec"]["mode"],
        "labels": {each["label"]: each["value"] for each in inputs["labels"]},
        "update_config": {key: inputs["updateConfig"][name] for key, name in ROLLED.items()},
        "rollback_config": {key: inputs["rollbackConfig"][name] for key, name in ROLLED.items()},
        "restart_policy": {key: task["restartPolicy"][key] for key in ("condition", "delay")},
        "resources": {
            "limits": _amount(task["resources"]["limits"]),
            "reservations": _amount(task["resources"]["reservation"]),
        },
        "placement": {
            "constraints": placement.get("constraints", []),
            "preferences": [{"spread": each} for each in placement.get("prefs", [])],
        },
    }


def _amount(resources: Body) -> Body:
    return {"cpus": f"{resources['nanoCpus'] / 10**9:g}", "memory": f"{resources['memoryBytes']}B"}


def _healthcheck(check: Body | None) -> Body | None:
    if check is None:
        return None
    return {
        "test": check["tests"],
        "interval": check["interval"],
        "timeout": check["timeout"],
        "retries": check["retries"],
        "start_period": check["startPeriod"],
    }


def _mount(mount: Body) -> Body:
    found = {"type": mount["type"], "source": mount.get("source"), "target": mount["target"]}
    return {key: value for key, value in {**found, "read_only": mount.get("readOnly")}.items() if value}


def _mounted(file: Body, source: str, kind: str) -> Body:
    owner = {"uid": file["fileUid"], "gid": file["fileGid"]} if kind == "secret" else {}
    return {"source": source, "target": file["fileName"], "mode": file["fileMode"], **owner}


def _port(port: Body) -> Body:
    return {
        "target": port["targetPort"],
        "published": port["publishedPort"],
        "protocol": port["protocol"],
        "mode": port["publishMode"],
    }


def _escaped(value: Any) -> Any:  # noqa: ANN401  any part of a document
    """Without a variable: `docker stack` would replace it."""
    match value:
        case str():
            return value.replace("$", "$$")
        case dict():
            return {key: _escaped(inner) for key, inner in value.items()}  # pyright: ignore[reportUnknownVariableType]
        case list():
            return [_escaped(inner) for inner in value]  # pyright: ignore[reportUnknownVariableType]
        case _:
            return value


def _container(service: Body) -> Body:
    return service["taskSpec"]["containerSpec"]


def _secrets(service: Body) -> list[Body]:
    return _container(service).get("secrets", [])


def _short(name: str) -> str:
    return name.partition("_")[2]


def _secret(name: str) -> str:
    """Without the hash of a content that is not known here."""
    return name.rpartition("-")[0]


def _variable(key: str) -> str:
    return f"{_short(key).upper().replace('-', '_')}_VERSION"
