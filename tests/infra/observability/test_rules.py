"""Each alert is fired by what it is for, and by nothing less: promtool plays the series."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from infra.observability.document import as_yaml
from infra.observability.rules import rule_groups
from infra.slo import Slo

SLO = Slo(availability_percent=99.9, p95_milliseconds=1000)
OWN = 'namespace="ns"'
POD = f'{OWN},workload="api",pod="api-1"'
DAY_SECONDS = 86400


def restarts(values: str) -> dict[str, str]:
    return {f'kube_pod_container_status_restarts_total{{{OWN},pod="api-1",container="api"}}': values}


def last_dump(seconds: int, *, cronjob: str = "database-backup") -> dict[str, str]:
    name = f'{{{OWN},cronjob="{cronjob}"}}'
    return {
        f"kube_cronjob_status_last_successful_time{name}": f"{seconds}x3000",
        f"kube_cronjob_created{name}": "0x3000",
    }


def created(cronjob: str) -> dict[str, str]:
    return {f'kube_cronjob_created{{{OWN},cronjob="{cronjob}"}}': "0x3000"}


def ready(statefulset: str, values: str) -> dict[str, str]:
    return {f'kube_statefulset_status_replicas_ready{{{OWN},statefulset="{statefulset}"}}': values}


PLAYED: dict[str, tuple[str, dict[str, str], int, bool]] = {
    "a pod restarts every five minutes": ("PodCrashLooping", restarts("0x4 1x4 2x4 3x4 4x4 5x4"), 25, True),
    "a pod restarted once": ("PodCrashLooping", restarts("0x10 1x60"), 20, False),
    "a pod never restarted": ("PodCrashLooping", restarts("7x60"), 30, False),
    "a pod tells nothing": ("TargetDown", {f"up{{{POD}}}": "1x10 0x20"}, 20, True),
    "a pod told nothing once": ("TargetDown", {f"up{{{POD}}}": "1x10 0x2 1x20"}, 20, False),
    "the database is away": ("DatastoreDown", ready("database", "1x10 0x20"), 20, True),
    "the cache is away": ("DatastoreDown", ready("cache", "0x20"), 20, True),
    "the database was away for a moment": ("DatastoreDown", ready("database", "1x10 0x2 1x20"), 20, False),
    "something else is away": ("DatastoreDown", ready("grafana", "0x20"), 20, False),
    "no dump for 27 hours": ("BackupOverdue", last_dump(0), 27 * 60, True),
    "a dump of last night": ("BackupOverdue", last_dump(DAY_SECONDS), 27 * 60, False),
    "never a dump": ("BackupOverdue", created("database-backup"), 27 * 60, True),
    "never a restore": ("BackupOverdue", created("database-restore"), 27 * 60, False),
    "made a moment ago": ("BackupOverdue", created("database-backup"), 60, False),
}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yml"
    path.write_text(as_yaml(rule_groups(SLO, "ns")))
    return path


@pytest.fixture
def short_rules(tmp_path: Path) -> Path:
    """Without those of the objective, which take longest, and are played in test_objective.py."""
    groups: Any = rule_groups(SLO, "ns")["groups"]
    path = tmp_path / "short.yml"
    path.write_text(as_yaml({"groups": [each for each in groups if each["name"] != "airfield-objective"]}))
    return path


def promtool(promtools: Path, *arguments: object) -> None:
    command = [promtools / "promtool", *map(str, arguments)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_rules_are_valid_and_without_a_remark(promtools: Path, rules: Path) -> None:
    promtool(promtools, "check", "rules", "--lint=all", "--lint-fatal", rules)


@pytest.mark.parametrize("case", PLAYED)
def test_an_alert_fires_for_its_reason_and_for_nothing_less(
    promtools: Path, short_rules: Path, case: str
) -> None:
    alert, series, minute, fires = PLAYED[case]
    played: dict[str, Any] = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [
            {
                "expr": f'count(ALERTS{{alertname="{alert}",alertstate="firing"}})',
                "eval_time": f"{minute}m",
                "exp_samples": [{"labels": "{}", "value": 1}] if fires else [],
            }
        ],
    }
    played_file = short_rules.with_name("played.json")
    played_file.write_text(
        json.dumps({"rule_files": [short_rules.name], "evaluation_interval": "1m", "tests": [played]})
    )
    promtool(promtools, "test", "rules", played_file)


def test_every_alert_is_played_both_ways() -> None:
    groups: Any = rule_groups(SLO, "ns")["groups"]
    alerts = {rule["alert"] for group in groups for rule in group["rules"] if "alert" in rule}
    alerts -= {"APIHighErrorRate", "APIHighLatency"}  # played in test_objective.py
    assert {alert for alert, _, _, fires in PLAYED.values() if fires} == alerts
    assert {alert for alert, _, _, fires in PLAYED.values() if not fires} == alerts
