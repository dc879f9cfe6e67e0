"""What watches a Swarm is told what it takes, sees the stack alone, and is met by whom it should be."""

import json
import subprocess
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.observability.dashboards import error_budget
from infra.observability.document import as_yaml
from infra.observability.swarm import nodes, swarm_overview, swarm_rule_groups
from infra.slo import Slo
from tests.infra.swarm.example import container, labels, members, said, service
from tests.synth import Synthesis

PARTS = {"alertmanager", "alloy", "cadvisor", "grafana", "loki", "node-exporter", "prometheus"}
OWN = 'namespace="airfield",workload="api"'


@pytest.fixture(scope="module")
def stack() -> Synthesis:
    return said(
        domain="api.example.com",
        workloads={
            "api": {"public": True, "uses": ["postgres"]},
            "quiet": {"metricsPath": None},
        },
        postgres={},
        secrets={"HOOK": "https://hooks.example.com/1"},
        swarm={"grafanaDomain": "grafana.example.com", "alertWebhookSecret": "HOOK"},
    )


def files(stack: Synthesis, service_name: str) -> dict[str, str]:
    """The configs of a service by where it finds them."""
    text = {c.inputs["name"]: b64decode(c.inputs["data"]).decode() for c in stack.of_type("ServiceConfig")}
    return {each["fileName"]: text[each["configName"]] for each in container(stack, service_name)["configs"]}


def judged(*command: object) -> None:
    answer = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_whatever_has_to_see_a_node_is_on_every_node_and_the_others_run_once(stack: Synthesis) -> None:
    modes = {name: "global" in service(stack, name)["mode"] for name in PARTS}
    assert {name for name, on_every_node in modes.items() if on_every_node} == {
        "alloy",
        "cadvisor",
        "node-exporter",
    }
    assert "convergeConfig" not in service(stack, "alloy")


def test_prometheus_takes_its_configuration(stack: Synthesis, promtools: Path, tmp_path: Path) -> None:
    for path, text in files(stack, "prometheus").items():
        (tmp_path / Path(path).name).write_text(text)
    config = tmp_path / "prometheus.yml"
    judged(promtools / "promtool", "check", "config", "--lint=all", "--lint-fatal", config)
    scrapes = {each["job_name"]: each for each in yaml.safe_load(config.read_text())["scrape_configs"]}
    assert set(scrapes) == {"api", "cadvisor", "edge", "node-exporter"}
    assert scrapes["api"]["dns_sd_configs"][0]["names"] == ["tasks.airfield_api"]
    assert scrapes["api"]["dns_sd_configs"][0]["port"] == 8000


def test_alertmanager_takes_its_configuration(stack: Synthesis, promtools: Path, tmp_path: Path) -> None:
    path = tmp_path / "alertmanager.yml"
    path.write_text(files(stack, "alertmanager")["/etc/airfield/alertmanager.yml"])
    judged(promtools / "amtool", "check-config", path)
    (receiver,) = yaml.safe_load(path.read_text())["receivers"]
    assert receiver["webhook_configs"] == [{"url_file": "/run/secrets/HOOK"}]
    assert [each["fileName"] for each in container(stack, "alertmanager")["secrets"]] == ["/run/secrets/HOOK"]


def test_grafana_is_met_at_its_name_with_a_drawn_password(stack: Synthesis) -> None:
    assert labels(stack, "grafana")["traefik.http.routers.grafana.rule"] == "Host(`grafana.example.com`)"
    told = files(stack, "grafana")
    assert "admin_password = $__file{/run/secrets/grafana-password}" in told["/etc/grafana/grafana.ini"]
    sources: Any = yaml.safe_load(told["/etc/airfield/provisioning/datasources/airfield.yml"])
    assert {each["url"] for each in sources["datasources"]} == {"http://prometheus:9090", "http://loki:3100"}
    boards = [json.loads(text) for path, text in told.items() if path.endswith(".json")]
    assert {board["title"] for board in boards} == {
        "Service overview",
        "Error budget",
        "Nodes and edge",
        "Logs",
    }
    assert stack.outputs["passwords"].keys() == {"grafana"}
    assert "traefik.enable" not in labels(said(), "grafana")


def test_who_watches_meets_whom(stack: Synthesis) -> None:
    met = {name for name, on_it in members(stack).items() if len(on_it) > 1 and PARTS & {*on_it}}
    assert met == {
        "alloy-to-loki",
        "edge-to-grafana",
        "grafana-to-loki",
        "grafana-to-prometheus",
        "prometheus-to-alertmanager",
        "prometheus-to-api",
        "prometheus-to-cadvisor",
        "prometheus-to-edge",
        "prometheus-to-node-exporter",
    }
    outside = {each.name for each in stack.of_type("index/network:Network") if not each.inputs["internal"]}
    assert {name for name in outside if PARTS & {name.removeprefix("networks-")}} == {"networks-alertmanager"}


def test_logs_are_read_from_files_of_the_node_and_are_this_stacks_alone(stack: Synthesis) -> None:
    alloy = container(stack, "alloy")
    assert {
        "type": "bind",
        "source": "/var/lib/docker/containers",
        "target": "/var/lib/docker/containers",
        "readOnly": True,
    } in alloy["mounts"]
    assert "docker.sock" not in json.dumps(alloy)
    text = files(stack, "alloy")["/etc/airfield/config.alloy"]
    assert 'selector = "{namespace!=\\"airfield\\"}"' in text
    assert text.count("{") == text.count("}")


def test_a_dump_is_watched_where_one_is_made(stack: Synthesis) -> None:
    def alerts(of: Synthesis) -> set[str]:
        groups = yaml.safe_load(files(of, "prometheus")["/etc/airfield/rules.yml"])["groups"]
        return {rule["alert"] for group in groups for rule in group["rules"] if "alert" in rule}

    assert "BackupOverdue" in alerts(stack)
    assert "BackupOverdue" not in alerts(said(swarm={"monitoring": "bundled"}))


def test_a_stack_may_go_unwatched() -> None:
    stack = said(swarm={"monitoring": "none"})
    assert PARTS & {each.name for each in stack.of_type("index/service:Service")} == set()


def test_every_question_of_a_panel_parses(promtools: Path, tmp_path: Path) -> None:
    panels = [*swarm_overview("airfield"), *error_budget(Slo(), "airfield"), *nodes()]
    asked = [panel.query for panel in panels]
    rules = [{"record": f"question:{number}", "expr": query} for number, query in enumerate(asked)]
    (tmp_path / "asked.yml").write_text(as_yaml({"groups": [{"name": "asked", "rules": rules}]}))
    judged(promtools / "promtool", "check", "rules", tmp_path / "asked.yml")
    assert not [query for query in asked if "kube_" in query]


def task(number: int, begun_minute: int, minutes: int) -> dict[str, str]:
    """A task that is seen for some minutes."""
    pause = f"_x{begun_minute} " if begun_minute else ""
    own = f'{{{OWN},id="/docker/{number}"}}'
    return {
        f"container_start_time_seconds{own}": f"{pause}{begun_minute * 60}x{minutes} stale",
        f"container_last_seen{own}": f"{pause}{begun_minute * 60}+60x{minutes} stale",
    }


def backup(
    begun_minute: int, minutes: int, healthy_minute: int | None = None, task: int = 1
) -> dict[str, str]:
    """A task that dumps, and from when on it is healthy: not before it has made one."""
    name = f'container_health_state{{namespace="airfield",workload="database-backup",id="/docker/{task}"}}'
    pause = f"_x{begun_minute} " if begun_minute else ""
    if healthy_minute is None:
        return {name: f"{pause}0x{minutes} stale"}
    return {name: f"{pause}0x{healthy_minute} 1x{minutes - healthy_minute} stale"}


FALLEN = {**task(1, 0, 2), **task(2, 3, 2), **task(3, 6, 2), **task(4, 9, 90)}
REPLACED = {**task(1, 0, 60), **task(2, 61, 60)}
DISK = 'mountpoint="/",fstype="ext4",pod="10.0.0.2:9100"'
PLAYED: dict[str, tuple[str, dict[str, str], int, bool]] = {
    "tasks fall soon after they began": ("TasksFalling", FALLEN, 15, True),
    "a task that lived is replaced": ("TasksFalling", REPLACED, 68, False),
    "one task fell": ("TasksFalling", {**task(1, 0, 2), **task(2, 3, 90)}, 12, False),
    "a database is not seen": ("DatastoreDown", {}, 10, True),
    "a database is seen": (
        "DatastoreDown",
        {'container_last_seen{namespace="airfield",workload="database"}': "0+60x60"},
        10,
        False,
    ),
    "no dump is new": ("BackupOverdue", backup(0, 33) | backup(33, 33, task=2), 65, True),
    "no dump is made, by anybody": ("BackupOverdue", {}, 40, True),
    "the newest dump is new": ("BackupOverdue", backup(0, 90, healthy_minute=0), 80, False),
    "the first dump takes a while": ("BackupOverdue", backup(0, 90, healthy_minute=25), 80, False),
    "a disk is almost full": (
        "NodeDiskFull",
        {f"node_filesystem_avail_bytes{{{DISK}}}": "5x60", f"node_filesystem_size_bytes{{{DISK}}}": "100x60"},
        10,
        True,
    ),
    "a disk has room": (
        "NodeDiskFull",
        {
            f"node_filesystem_avail_bytes{{{DISK}}}": "50x60",
            f"node_filesystem_size_bytes{{{DISK}}}": "100x60",
        },
        10,
        False,
    ),
}


def test_alerts_fire_for_their_reasons_and_for_nothing_less(promtools: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yml"
    rules.write_text(as_yaml(swarm_rule_groups(Slo(), "airfield", ["database"], ["database-backup"])))
    judged(promtools / "promtool", "check", "rules", "--lint=all", "--lint-fatal", rules)
    tests = [
        {
            "name": case,
            "interval": "1m",
            "input_series": [{"series": name, "values": values} for name, values in series.items()],
            "promql_expr_test": [
                {
                    "expr": f'count(ALERTS{{alertname="{name}",alertstate="firing"}})',
                    "eval_time": f"{minute}m",
                    "exp_samples": [{"labels": "{}", "value": 1}] if fires else [],
                }
            ],
        }
        for case, (name, series, minute, fires) in PLAYED.items()
    ]
    played = tmp_path / "played.json"
    played.write_text(json.dumps({"rule_files": ["rules.yml"], "evaluation_interval": "1m", "tests": tests}))
    judged(promtools / "promtool", "test", "rules", played)
