"""The images that the project runs beside its own, by tag and digest. Knows no platform.

A digest is that of the image's index, so each architecture finds its own in it. `docker buildx imagetools
inspect IMAGE` shows both when one is raised.
"""

from collections.abc import Mapping


def _pinned(image: str, digest: str) -> str:
    return f"{image}@{digest}"


POSTGRES: Mapping[str, str] = {
    "15": _pinned(
        "docker.io/library/postgres:15.18-alpine",
        "sha256:3d0f7584ed7d04e27fa050d6683a74746608faf21f202be78460d679cc56461f",
    ),
    "16": _pinned(
        "docker.io/library/postgres:16.14-alpine",
        "sha256:16bc17c64a573ef34162af9298258d1aec548232985b33ed7b1eac33ba35c229",
    ),
    "17": _pinned(
        "docker.io/library/postgres:17.10-alpine",
        "sha256:742f40ea20b9ff2ff31db5458d127452988a2164df9e17441e191f3b72252193",
    ),
    "18": _pinned(
        "docker.io/library/postgres:18.4-alpine",
        "sha256:9a8afca54e7861fd90fab5fdf4c42477a6b1cb7d293595148e674e0a3181de15",
    ),
}
"""https://hub.docker.com/_/postgres, by major version."""

REDIS = _pinned(
    "docker.io/library/redis:8.8.0-alpine",
    "sha256:9d317178eceac8454a2284a9e6df2466b93c745529947f0cd42a0fa9609d7005",
)
"""https://hub.docker.com/_/redis"""

PROMETHEUS = _pinned(
    "docker.io/prom/prometheus:v3.13.2",
    "sha256:508729e0e2d18e11fd742a5a5ca70e557b940a93948c3c95fd0123a6fd538b69",
)
"""https://github.com/prometheus/prometheus/releases"""

ALERTMANAGER = _pinned(
    "docker.io/prom/alertmanager:v0.33.1",
    "sha256:9e082985f56f4c8c9f724e18f2288c6708f472e56a5286b8863d080434ea065d",
)
"""https://github.com/prometheus/alertmanager/releases"""

GRAFANA = _pinned(
    "docker.io/grafana/grafana:13.1.0",
    "sha256:121a7a9ece6dc10b969f1f96eed64b4f07dfac0d0b8abc070f7cb83bbde86f63",
)
"""https://github.com/grafana/grafana/releases"""

LOKI = _pinned(
    "docker.io/grafana/loki:3.7.6",
    "sha256:efd47c67f9bac88ca29bcf8cb997d9ab29d1848bd0aff579282295542a745952",
)
"""https://github.com/grafana/loki/releases"""

ALLOY = _pinned(
    "docker.io/grafana/alloy:v1.18.1",
    "sha256:0f4434c92b3e6cdac38bb129b344e1790c246f7b6e2eaffcc16a5fa363240e33",
)
"""https://github.com/grafana/alloy/releases"""

TEMPO = _pinned(
    "docker.io/grafana/tempo:2.10.7",
    "sha256:032b3acb51ed02c4b801473d54bb63e9e9f13738d215126d9843c30283794f4b",
)
"""https://github.com/grafana/tempo/releases"""

KUBE_STATE_METRICS = _pinned(
    "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.19.1",
    "sha256:85108987d044b18a098126732f98602df408888c0f7d456241f5abefb9744bc1",
)
"""https://github.com/kubernetes/kube-state-metrics/releases"""

TRAEFIK = _pinned(
    "docker.io/library/traefik:v3.7.8",
    "sha256:4299bbed850421258fc5448c2e0e6ad350981d4d335a68de11b92448aedbefe5",
)
"""https://github.com/traefik/traefik/releases"""

SOCKET_PROXY = _pinned(
    "docker.io/wollomatic/socket-proxy:1.13.1",
    "sha256:3935b709275e4ec35d6ed5a5c4a1f0d01ed31eec5e7234efc3357ecd47689002",
)
"""https://github.com/wollomatic/socket-proxy/releases"""

CADVISOR = _pinned(
    "ghcr.io/google/cadvisor:v0.60.6",
    "sha256:b8e7d1093144fd088f425ff003d75a4aa405de075db78dae3bc563730b1bd07a",
)
"""https://github.com/google/cadvisor/releases"""

NODE_EXPORTER = _pinned(
    "docker.io/prom/node-exporter:v1.12.1",
    "sha256:1b4e4438faca4dd7e001dd445d161a4a2091b0fededa84093b3a8dfeae1f1be0",
)
"""https://github.com/prometheus/node_exporter/releases"""
