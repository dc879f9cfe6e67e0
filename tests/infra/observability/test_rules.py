"""Each alert is fired by what it is for, and by nothing less: promtool plays the series."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from infra.observability.document import as_yaml
from infra.observability.rules import error_ratio, rule_groups
from infra.slo import Slo

SLO = Slo(availability_percent=99.9, p95_milliseconds=1000)
OWN = 'namespace="ns"'
POD = f'{OWN},workload="api",pod="api-1"'
DAY_SECONDS = 86400


def requests(good_a_minute: int, bad_a_minute: int) -> dict[str, str]:
    """Three hours of requests, of which some fail."""
    series = {"200": good_a_minute, "500": bad_a_minute}
    return {
        f'http_requests_total{{{POD},method="GET",endpoint="/",status="{status}"}}': f"0+{rate}x180"
        for status, rate in series.items()
    }


def durations(fast: int, slow: int) -> dict[str, str]:
    """Three hours of requests, some of which take up to 2.5 s."""
    counts = {"0.5": fast, "1.0": fast, "2.5": fast + slow, "+Inf": fast + slow}
    return {
        f'http_request_duration_seconds_bucket{{{POD},method="GET",endpoint="/",le="{le}"}}': f"0+{count}x180"
        for le, count in counts.items()
    }


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
    "two of a hundred fail": ("APIHighErrorRate", requests(98, 2), 120, True),
    "one of a hundred fails": ("APIHighErrorRate", requests(99, 1), 120, False),
    "nothing fails": ("APIHighErrorRate", requests(100, 0), 120, False),
    "nobody asks": ("APIHighErrorRate", requests(0, 0), 120, False),
    "a burst that is over": (
        "APIHighErrorRate",
        {
            f'http_requests_total{{{POD},status="200"}}': "0+100x180",
            f'http_requests_total{{{POD},status="500"}}': "0x100 0+100x5 500x80",
        },
        125,
        False,
    ),
    "errors that began two minutes ago": (
        "APIHighErrorRate",
        {
            f'http_requests_total{{{POD},status="200"}}': "0+100x180",
            f'http_requests_total{{{POD},status="500"}}': "0x117 0+100x60",
        },
        120,
        False,
    ),
    "errors of another namespace": (
        "APIHighErrorRate",
        {'http_requests_total{namespace="other",workload="api",status="500"}': "0+100x180"},
        120,
        False,
    ),
    "one of ten takes 2 s": ("APIHighLatency", durations(90, 10), 60, True),
    "one of a hundred takes 2 s": ("APIHighLatency", durations(99, 1), 60, False),
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


def promtool(promtools: Path, *arguments: object) -> None:
    command = [promtools / "promtool", *map(str, arguments)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_rules_are_valid_and_without_a_remark(promtools: Path, rules: Path) -> None:
    promtool(promtools, "check", "rules", "--lint=all", "--lint-fatal", rules)


@pytest.mark.parametrize("case", PLAYED)
def test_an_alert_fires_for_its_reason_and_for_nothing_less(promtools: Path, rules: Path, case: str) -> None:
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
    played_file = rules.with_name("played.json")
    played_file.write_text(
        json.dumps({"rule_files": [rules.name], "evaluation_interval": "1m", "tests": [played]})
    )
    promtool(promtools, "test", "rules", played_file)


def test_every_alert_is_played_both_ways() -> None:
    groups: Any = rule_groups(SLO, "ns")["groups"]
    alerts = {rule["alert"] for group in groups for rule in group["rules"] if "alert" in rule}
    assert {alert for alert, _, _, fires in PLAYED.values() if fires} == alerts
    assert {alert for alert, _, _, fires in PLAYED.values() if not fires} == alerts


@pytest.mark.parametrize(
    ("availability_percent", "ratio"), [(99.99, 0.00144), (99.9, 0.0144), (99, 0.144), (95, 0.5), (90, 0.5)]
)
def test_the_objective_says_how_many_errors_wake_somebody(availability_percent: float, ratio: float) -> None:
    assert error_ratio(Slo(availability_percent=availability_percent)) == ratio


def test_the_objective_says_how_slow_is_too_slow() -> None:
    groups: Any = rule_groups(Slo(p95_milliseconds=250), "ns")["groups"]
    (latency,) = (r for group in groups for r in group["rules"] if r.get("alert") == "APIHighLatency")
    assert latency["expr"].endswith("> 0.25")
