"""A Swarm for tests: stacks go up on it from what was recorded, and leave nothing. Knows no test."""

import json
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2 as httpx

from infra.image import repository
from tests.docker_engine import Engine
from tests.infra.swarm.example import identity
from tests.swarm import recorded
from tests.synth import Declared, Synthesis

API = "/v1.41"
STATE_LABEL = "com.docker.stack.namespace"
SOCKET = "/var/run/docker.sock"
DATA_ROOT = "/var/lib/docker"
SETTLE_SECONDS = 300.0
OWN_NETWORKS = {"docker_gwbridge", "ingress"}


@dataclass(slots=True)
class Cluster:
    """An engine that manages a Swarm of one node."""

    engine: Engine
    images: Mapping[str, str]
    """In place of those that no registry in reach has: repository of the recorded image, image of ours."""
    made: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Everything that was made here, by kind."""

    def call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  JSON
        """What the engine answers. Raises AssertionError when it refuses."""
        scheme, _, where = self.engine.host.partition("://")
        transport = httpx.HTTPTransport(uds=where) if scheme == "unix" else None
        base = "http://engine" if scheme == "unix" else f"http://{where}"
        with httpx.Client(transport=transport, base_url=base, timeout=60) as client:
            answer = client.request(method, f"{API}{path}", json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def deploy(self, stack: Synthesis) -> None:
        """Bring about what a program declared: networks, secrets, configs, and services made or changed."""
        ids = {
            **self._made("networks", stack.of_type("index/network:Network"), recorded.network),
            **self._made("secrets", stack.of_type("index/secret:Secret"), recorded.file),
            **self._made("configs", stack.of_type("index/serviceConfig:ServiceConfig"), recorded.file),
        }
        for declared in stack.of_type("index/service:Service"):
            spec = recorded.service(declared.inputs, ids, self.image)
            for mount in spec["TaskTemplate"]["ContainerSpec"]["Mounts"]:
                mount["Source"] = self._here(mount["Source"])
            self._service(spec)

    def _here(self, source: str) -> str:
        """An engine of our own listens and keeps its files elsewhere than every other."""
        if source == SOCKET and self.engine.host.startswith("unix://"):
            return self.engine.host.removeprefix("unix://")
        if source.startswith(DATA_ROOT):
            return source.replace(DATA_ROOT, self.call("GET", "/info")["DockerRootDir"], 1)
        return source

    def image(self, reference: str) -> str:
        """The image itself, or ours in its place."""
        return self.images.get(repository(reference), reference)

    def service(self, name: str) -> dict[str, Any]:
        """All that the engine knows of a service."""
        return self.call("GET", f"/services/{name}")

    def tasks(self, service: str, state: str = "running") -> list[dict[str, Any]]:
        """Its tasks in that state."""
        filters = json.dumps({"service": {service: True}})
        tasks = self.call("GET", f"/tasks?filters={filters}")
        return [task for task in tasks if task["Status"]["State"] == state]

    def story(self, service: str) -> str:
        """What became of its tasks, for whoever reads a failure."""
        filters = json.dumps({"service": {service: True}})
        tasks = sorted(self.call("GET", f"/tasks?filters={filters}"), key=lambda task: task["CreatedAt"])
        told = [f"{t['Status']['State']} {t['Status'].get('Err', '')}" for t in tasks]
        logs = self.engine.run("service", "logs", "--raw", "--tail", "30", service)
        return "\n".join([*told, logs.stdout[-3000:], logs.stderr[-1000:]])

    def wait(self, condition: Callable[[], bool], what: str, seconds: float = SETTLE_SECONDS) -> float:
        """How long it took. Raises TimeoutError when it has not come true."""
        started = time.monotonic()
        while not condition():
            if time.monotonic() - started > seconds:
                services = list(self.made.get("services", ()))
                raise TimeoutError(
                    f"{what}: not within {seconds:g} s\n"
                    + "\n".join(f"== {name}\n{self.story(name)}" for name in services)
                )
            time.sleep(0.3)
        return time.monotonic() - started

    def runs(self, service: str) -> bool:
        """Whether as many of its tasks run as there should."""
        spec = self.service(service)["Spec"]
        wanted = 1 if "Global" in spec["Mode"] else spec["Mode"]["Replicated"]["Replicas"]
        return len(self.tasks(service)) == wanted

    def update_state(self, service: str) -> str:
        """`updating`, `completed`, `rollback_completed` …; empty where it never changed."""
        return str(self.service(service).get("UpdateStatus", {}).get("State", ""))

    def remove(self) -> None:
        """Everything that was made here, with the volumes that its tasks made."""
        for name in self.made.get("services", ()):
            self.call("DELETE", f"/services/{name}")
        namespaces = {name.partition("_")[0] for name in self.made.get("services", ())}
        self.wait(lambda: not any(map(self._containers, namespaces)), "the tasks end")
        for kind in ("secrets", "configs", "networks"):
            for key in self.made.get(kind, ()):
                self.call("DELETE", f"/{kind}/{key}")
        for volume in self.call("GET", "/volumes")["Volumes"] or ():
            if volume["Name"].partition("_")[0] in namespaces:
                self.call("DELETE", f"/volumes/{volume['Name']}")
        self.made.clear()

    def inventory(self) -> dict[str, set[str]]:
        """Everything that a Swarm holds."""
        listed = {
            kind: self.call("GET", f"/{kind}") for kind in ("services", "secrets", "configs", "networks")
        }
        found = {kind: {each.get("ID") or each["Id"] for each in all_} for kind, all_ in listed.items()}
        volumes = self.call("GET", "/volumes")["Volumes"] or ()
        containers = self.call("GET", "/containers/json?all=true")
        return {
            **found,
            "volumes": {each["Name"] for each in volumes},
            "containers": {each["Id"] for each in containers},
        }

    def _made(
        self, kind: str, resources: list[Declared], body: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> dict[str, str]:
        """The engine's id of each by the recorded one."""
        known = {
            each.get("Name") or each["Spec"]["Name"]: each.get("Id") or each["ID"]
            for each in self.call("GET", f"/{kind}")
        }
        ids: dict[str, str] = {}
        for resource in resources:
            name = resource.inputs["name"]
            if name not in known:
                answer = self.call("POST", f"/{kind}/create", body(resource.inputs))
                known[name] = answer.get("Id") or answer["ID"]
                self.made.setdefault(kind, []).append(known[name])
            ids[identity(resource)] = known[name]
        return ids

    def _service(self, spec: dict[str, Any]) -> None:
        name = spec["Name"]
        if name not in self.made.setdefault("services", []):
            self.call("POST", "/services/create", spec)
            self.made["services"].append(name)
            return
        there = self.service(name)
        self.call("POST", f"/services/{there['ID']}/update?version={there['Version']['Index']}", spec)

    def _containers(self, namespace: str) -> list[Any]:
        filters = json.dumps({"label": {f"{STATE_LABEL}={namespace}": True}})
        return self.call("GET", f"/containers/json?all=true&filters={filters}")


@contextmanager
def swarm(engine: Engine) -> Generator[None]:
    """The engine's own Swarm, or one for the time of the test; its node is labelled for that time."""
    active = engine.docker("info", "--format", "{{.Swarm.LocalNodeState}}") == "active"
    if not active:
        engine.docker("swarm", "init", "--advertise-addr", "127.0.0.1", "--listen-addr", "127.0.0.1:2377")
        _wait_for_own_networks(engine)
    node = engine.docker("info", "--format", "{{.Swarm.NodeID}}")
    label = '{{index .Spec.Labels "airfield.data"}}'
    labelled = engine.docker("node", "inspect", node, "--format", label) == "true"
    engine.docker("node", "update", "--label-add", "airfield.data=true", node)
    try:
        yield
    finally:
        if not labelled:
            engine.docker("node", "update", "--label-rm", "airfield.data", node)
        if not active:
            engine.docker("swarm", "leave", "--force")


def _wait_for_own_networks(engine: Engine) -> None:
    """A Swarm makes two networks of its own, a moment after it has begun."""
    until = time.monotonic() + SETTLE_SECONDS
    while not set(engine.docker("network", "ls", "--format", "{{.Name}}").split()) >= OWN_NETWORKS:
        if time.monotonic() > until:
            raise TimeoutError(f"the Swarm has not made {', '.join(sorted(OWN_NETWORKS))}")
        time.sleep(0.3)
