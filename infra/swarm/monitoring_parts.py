"""The programs that watch a stack on a Swarm, and what each is told. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from infra.observability.dashboards import dashboard_provider, data_sources
from infra.observability.document import as_yaml
from infra.observability.routing import alertmanager_configuration
from infra.observability.scraping import prometheus_configuration
from infra.observability.storage import LOKI_PORT, loki_configuration
from infra.observability.swarm import (
    alloy_on_nodes,
    containers,
    swarm_dashboards,
    swarm_rule_groups,
    tasks_of,
)
from infra.pinned_images import ALERTMANAGER, ALLOY, CADVISOR, GRAFANA, LOKI, NODE_EXPORTER, PROMETHEUS
from infra.slo import Slo
from infra.swarm.names import STACK_LABEL, physical_name
from infra.swarm.paths import EDGE, Path, path, way_out
from infra.swarm.paths import PROMETHEUS as PROMETHEUS_NAME
from infra.swarm.program import Check
from infra.swarm.traefik import OWN_PORT

FILES_PATH = "/etc/airfield"
GRAFANA_PORT = 3000
PROMETHEUS_PORT = 9090
ALERTMANAGER_PORT = 9093
CADVISOR_PORT = 8080
NODE_EXPORTER_PORT = 9100
GRAFANA_PASSWORD = "grafana-password"  # noqa: S105  a name
NOBODY = "65534:65534"
ROOT = "0:0"
LOGS_PATH = "/var/lib/docker/containers"
ON_EVERY_NODE = ("alloy", "cadvisor", "node-exporter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What is watched, and how long that is remembered."""

    slo: Slo
    namespace: str
    metrics: Mapping[str, tuple[int, str]]
    """Port and path of each workload that has metrics."""
    stores: tuple[str, ...]
    backups: tuple[str, ...]
    """The services that dump them."""
    has_edge: bool
    retention_days: int
    webhook_path: str | None
    """File with the URL that alerts are sent to; None: they are shown only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One program, in what is its own."""

    image: str
    arguments: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    user: str
    memory_mib: int
    volumes: Mapping[str, str] = field(default_factory=dict[str, str])
    host_paths: Mapping[str, str] = field(default_factory=dict[str, str])
    scratch: tuple[str, ...] = ("/tmp",)  # noqa: S108  in the container
    check: Check | None = None
    secrets: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


def parts(watched: Watched) -> dict[str, Part]:
    """All of them, by name."""
    return {
        "alertmanager": alertmanager(watched.webhook_path),
        "alloy": alloy(watched.namespace),
        "cadvisor": cadvisor(),
        "grafana": grafana(watched),
        "loki": loki(watched.retention_days),
        "node-exporter": node_exporter(),
        PROMETHEUS_NAME: prometheus(watched),
    }


def monitoring_paths(watched: Watched) -> list[Path]:
    """Who of them meets whom; nothing but the teller of alerts meets what is outside."""
    found = [path(name, callee) for name, part in parts(watched).items() for callee in part.calls]
    return [*found, way_out("alertmanager")] if watched.webhook_path else found


def prometheus(watched: Watched) -> Part:
    """Reads the metrics of the workloads, and of what they run on."""
    namespace = watched.namespace

    def tasks(name: str, port: int, metrics_path: str = "/metrics", **labels: str) -> dict[str, object]:
        return tasks_of(name, physical_name(namespace, name), port, metrics_path, labels)

    scrapes = [
        *(
            tasks(name, port, at, namespace=namespace, workload=name)
            for name, (port, at) in watched.metrics.items()
        ),
        containers(tasks("cadvisor", CADVISOR_PORT), namespace),
        tasks("node-exporter", NODE_EXPORTER_PORT),
        *([tasks(EDGE, OWN_PORT, namespace=namespace, workload=EDGE)] if watched.has_edge else []),
    ]
    configuration = prometheus_configuration(scrapes, f"alertmanager:{ALERTMANAGER_PORT}")
    return Part(
        image=PROMETHEUS,
        arguments=(
            f"--config.file={FILES_PATH}/prometheus.yml",
            "--storage.tsdb.path=/prometheus",
            f"--storage.tsdb.retention.time={watched.retention_days}d",
        ),
        files={
            f"{FILES_PATH}/prometheus.yml": as_yaml(configuration),
            f"{FILES_PATH}/rules.yml": as_yaml(
                swarm_rule_groups(watched.slo, namespace, watched.stores, watched.backups)
            ),
        },
        user=NOBODY,
        memory_mib=1024,
        volumes={"prometheus-data": "/prometheus"},
        check=_asked(PROMETHEUS_PORT, "/-/ready"),
        calls=(
            *watched.metrics,
            "alertmanager",
            "cadvisor",
            "node-exporter",
            *([EDGE] if watched.has_edge else []),
        ),
    )


def alertmanager(webhook_path: str | None) -> Part:
    """Tells somebody."""
    return Part(
        image=ALERTMANAGER,
        arguments=(
            f"--config.file={FILES_PATH}/alertmanager.yml",
            "--storage.path=/alertmanager",
            "--cluster.listen-address=",
        ),
        files={f"{FILES_PATH}/alertmanager.yml": as_yaml(alertmanager_configuration(webhook_path))},
        user=NOBODY,
        memory_mib=128,
        scratch=("/tmp", "/alertmanager"),  # noqa: S108  in the container
        check=_asked(ALERTMANAGER_PORT, "/-/ready"),
        secrets=(webhook_path.rpartition("/")[2],) if webhook_path else (),
    )


def loki(retention_days: int) -> Part:
    """Keeps the logs; its image has no program that could ask it how it is."""
    return Part(
        image=LOKI,
        arguments=(f"-config.file={FILES_PATH}/loki.yml",),
        files={f"{FILES_PATH}/loki.yml": as_yaml(loki_configuration("/loki", retention_days))},
        user="10001:10001",
        memory_mib=512,
        volumes={"loki-data": "/loki"},
    )


def alloy(namespace: str) -> Part:
    """Reads the logs of a node from the engine's files: as their owner, without a capability."""
    return Part(
        image=ALLOY,
        arguments=(
            "run",
            f"{FILES_PATH}/config.alloy",
            "--storage.path=/var/lib/alloy",
            "--disable-reporting",
        ),
        files={
            f"{FILES_PATH}/config.alloy": alloy_on_nodes(namespace, LOGS_PATH, f"http://loki:{LOKI_PORT}")
        },
        user=ROOT,
        memory_mib=256,
        volumes={"alloy-data": "/var/lib/alloy"},
        host_paths={LOGS_PATH: LOGS_PATH},
        calls=("loki",),
    )


def cadvisor() -> Part:
    """Tells what each container of a node uses: https://github.com/google/cadvisor/blob/master/docs/runtime_options.md."""
    labels = f"{STACK_LABEL},com.docker.swarm.service.name,com.docker.swarm.task.name"
    return Part(
        image=CADVISOR,
        arguments=(
            "--docker_only=true",
            "--housekeeping_interval=15s",
            "--store_container_labels=false",
            f"--whitelisted_container_labels={labels}",
            f"--port={CADVISOR_PORT}",
        ),
        user=ROOT,
        memory_mib=256,
        host_paths={
            "/rootfs": "/",
            "/sys": "/sys",
            "/var/lib/docker": "/var/lib/docker",
            "/var/run/docker.sock": "/var/run/docker.sock",
        },
    )


def node_exporter() -> Part:
    """Tells of a node."""
    return Part(
        image=NODE_EXPORTER,
        arguments=("--path.rootfs=/host", "--path.procfs=/host/proc", "--path.sysfs=/host/sys"),
        user=NOBODY,
        memory_mib=64,
        host_paths={"/host": "/"},
        check=_asked(NODE_EXPORTER_PORT, "/"),
    )


def grafana(watched: Watched) -> Part:
    """Shows all of it, to whoever has the password that is drawn for it."""
    sources = {"prometheus": f"http://prometheus:{PROMETHEUS_PORT}", "loki": f"http://loki:{LOKI_PORT}"}
    boards = swarm_dashboards(watched.slo, watched.namespace)
    shown = {f"{FILES_PATH}/dashboards/{name}": text for name, text in boards.items()}
    return Part(
        image=GRAFANA,
        files={
            "/etc/grafana/grafana.ini": grafana_settings(),
            f"{FILES_PATH}/provisioning/datasources/airfield.yml": as_yaml(data_sources(sources)),
            f"{FILES_PATH}/provisioning/dashboards/airfield.yml": as_yaml(
                dashboard_provider(f"{FILES_PATH}/dashboards")
            ),
            **shown,
        },
        user="472:0",
        memory_mib=512,
        scratch=("/tmp", "/var/lib/grafana"),  # noqa: S108  in the container
        check=_asked(GRAFANA_PORT, "/api/health"),
        secrets=(GRAFANA_PASSWORD,),
        calls=("prometheus", "loki"),
    )


def grafana_settings() -> str:
    """https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/."""
    sections = {
        "paths": {"provisioning": f"{FILES_PATH}/provisioning"},
        "log": {"mode": "console"},
        "analytics": {"reporting_enabled": "false", "check_for_updates": "false"},
        "plugins": {"preinstall_disabled": "true"},
        "users": {"allow_sign_up": "false"},
        "security": {
            "admin_password": f"$__file{{/run/secrets/{GRAFANA_PASSWORD}}}",
            "disable_gravatar": "true",
        },
    }
    return "\n".join(
        f"[{section}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
        for section, keys in sections.items()
    )


def _asked(port: int, at: str) -> Check:
    return Check(command=("wget", "-q", "-O", "/dev/null", f"http://127.0.0.1:{port}{at}"), start_seconds=60)
