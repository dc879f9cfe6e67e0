"""Reads which services of a Swarm read which secrets, and what of their node. Pure."""

from collections.abc import Iterator

from tools.access.cluster import READS
from tools.access.grant import DOCKER_API, WRITES, Grant
from tools.declared import Graph

SOCKET = "/var/run/docker.sock"


def on_swarm(graph: Graph) -> Iterator[Grant]:
    """Every right that is declared."""
    for service in graph.of_type("docker:index/service:Service"):
        container = service.inputs["taskSpec"]["containerSpec"]
        who = f"tasks of {service.name}"
        for secret in container.get("secrets", []):
            yield Grant(who, READS, str(secret["secretName"]).partition("_")[2].rpartition("-")[0])
        for mount in container.get("mounts", []):
            if mount["type"] == "bind":
                socket = mount["source"] == SOCKET
                action = DOCKER_API if socket else "reads" if mount.get("readOnly") else WRITES
                yield Grant(who, action, f"of its node, {mount['source']}")
