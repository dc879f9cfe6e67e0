"""Each burn-rate alert fires when both its windows burn, and for nothing less: promtool plays it."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from infra.observability.burn_rate import BURNS, FEWEST_BAD, LATENCY, Burn, Objective, errors
from infra.observability.document import as_yaml
from infra.observability.objective import duration
from infra.observability.rules import rule_groups
from infra.slo import Slo

SLO = Slo(availability_percent=99.9, p95_milliseconds=1000)
POD = 'namespace="ns",workload="api",pod="api-1",method="GET",endpoint="/"'
OBJECTIVES = {"APIHighErrorRate": errors(SLO), "APIHighLatency": LATENCY}
BUSY = 10_000
"""Requests a minute."""
Piece = tuple[int, float, float]
"""So many minutes with so many requests, of which so many are bad, a minute."""


def values(rates: Sequence[tuple[int, float]]) -> str:
    """A counter that grows at one rate after the other, as promtool writes it."""
    said, total = ["0"], 0.0
    for minutes, rate in rates:
        said.append(f"{total + rate:g}+{rate:g}x{minutes - 1}")
        total += rate * minutes
    return " ".join(said)


def series(alert: str, pieces: Sequence[Piece]) -> dict[str, str]:
    """The requests as our API counts them: bad ones fail, or take up to 2.5 s."""
    good = values([(minutes, whole - bad) for minutes, whole, bad in pieces])
    bad = values([(minutes, bad) for minutes, _, bad in pieces])
    whole = values([(minutes, whole) for minutes, whole, _ in pieces])
    if alert == "APIHighErrorRate":
        return {
            f'http_requests_total{{{POD},status="{status}"}}': each
            for status, each in (("200", good), ("500", bad))
        }
    buckets = {"0.5": good, "1.0": good, "2.5": whole, "+Inf": whole}
    return {
        f'http_requests_total{{{POD},status="200"}}': whole,
        **{f'http_request_duration_seconds_bucket{{{POD},le="{le}"}}': each for le, each in buckets.items()},
    }


def stories(objective: Objective, burn: Burn) -> Iterator[tuple[str, list[Piece], bool]]:
    """What happens, and whether it is told at the end."""
    most = BUSY * objective.bad_share(burn)
    a_while = 40  # a window that is not full yet tells of what it has
    few = (FEWEST_BAD - 1.5) / objective_share(objective, burn)
    enough = (FEWEST_BAD + 1.5) / objective_share(objective, burn)
    window = min(burn.counted_minutes, a_while)
    yield "too many are bad", [(a_while, BUSY, 1.1 * most)], True
    yield "as many are bad as may be", [(a_while, BUSY, 0.9 * most)], False
    yield "none is bad", [(a_while, BUSY, 0)], False
    yield "nobody asks", [(a_while, 0, 0)], False
    over, loud = burn.short_minutes + 10, min(3 * most, BUSY)
    yield "it has begun", [(over + 60, BUSY, 0), (-(-burn.short_minutes // 2), BUSY, loud)], False
    yield "it is over", [(over + 5, BUSY, loud), (over, BUSY, 0.5 * most)], False
    yield "the few who ask meet nothing else", [(a_while, few / window, few / window)], False
    yield "enough who ask meet nothing else", [(a_while, enough / window, enough / window)], True
    yield "one request is bad", [(a_while - 3, 0, 0), (1, 1, 1), (2, 0, 0)], False


def objective_share(objective: Objective, burn: Burn) -> float:
    """Of those that are bad, how many are surely known to be: a quantile tells of no more."""
    return objective.bad_share(burn) if objective.role == "latency" else 1


CASES = {
    f"{alert} {burn.role}: {story}": (alert, burn, pieces, fires)
    for alert, objective in OBJECTIVES.items()
    for burn in BURNS
    for story, pieces, fires in stories(objective, burn)
}


def case(name: str, alert: str, burn: Burn, pieces: Sequence[Piece], *, fires: bool) -> dict[str, Any]:
    """One of promtool's tests."""
    firing = f'ALERTS{{alertname="{alert}",burn="{burn.role}",alertstate="firing"}}'
    return {
        "name": name,
        "interval": "1m",
        "input_series": [{"series": each, "values": said} for each, said in series(alert, pieces).items()],
        "promql_expr_test": [
            {
                "expr": f"count({firing})",
                "eval_time": f"{sum(minutes for minutes, _, _ in pieces)}m",
                "exp_samples": [{"labels": "{}", "value": 1}] if fires else [],
            }
        ],
    }


def play(promtools: Path, folder: Path, groups: Mapping[str, object], stories: str = "") -> str:
    """What promtool says of those that end like this; nothing where all go as they should."""
    (folder / "rules.yml").write_text(as_yaml(groups))
    tests = [
        case(name, alert, burn, pieces, fires=fires)
        for name, (alert, burn, pieces, fires) in CASES.items()
        if name.endswith(stories)
    ]
    assert len(tests) >= len(OBJECTIVES) * len(BURNS)
    played = {"rule_files": ["rules.yml"], "evaluation_interval": "1m", "tests": tests}
    (folder / "played.json").write_text(json.dumps(played))
    command = [promtools / "promtool", "test", "rules", folder / "played.json"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if answer.returncode == 0 else answer.stdout + answer.stderr


@pytest.mark.parametrize("stories", ["too many are bad", "as many are bad as may be"])
def test_each_alert_fires_above_its_limit_and_not_below(
    promtools: Path, tmp_path: Path, stories: str
) -> None:
    assert play(promtools, tmp_path, rule_groups(SLO, "ns"), stories) == ""


@pytest.mark.long
def test_each_alert_fires_when_both_windows_burn_and_for_nothing_less(
    promtools: Path, tmp_path: Path
) -> None:
    assert play(promtools, tmp_path, rule_groups(SLO, "ns")) == ""
    assert {(alert, burn.role) for alert, burn, _, fires in CASES.values() if fires} == {
        (alert, burn.role) for alert in OBJECTIVES for burn in BURNS
    }


def test_the_alerts_say_what_they_mean() -> None:
    groups: Any = rule_groups(Slo(availability_percent=99.5, p95_milliseconds=250), "ns")["groups"]
    (objective,) = (group for group in groups if group["name"] == "airfield-objective")
    told = [rule for rule in objective["rules"] if "alert" in rule]
    assert objective["interval"] == "60s"
    assert [
        (rule["alert"], rule["labels"]["burn"], rule["labels"]["severity"], rule["for"]) for rule in told
    ] == [
        ("APIHighErrorRate", "fast", "critical", "0m"),
        ("APIHighErrorRate", "slow", "critical", "0m"),
        ("APIHighErrorRate", "ticket", "warning", "0m"),
        ("APIHighLatency", "fast", "critical", "0m"),
        ("APIHighLatency", "slow", "critical", "0m"),
        ("APIHighLatency", "ticket", "warning", "0m"),
    ]
    assert told[0]["expr"] == (
        'workload:http_errors:ratio{namespace="ns",window="1h"} > 0.072'
        ' and on (namespace, workload) workload:http_errors:ratio{namespace="ns",window="5m"} > 0.072'
        ' and on (namespace, workload) 300 * workload:http_errors:rate5m{namespace="ns"} >= 10'
    )
    assert told[4]["expr"] == (
        'workload:http_request_duration_seconds:quantile{namespace="ns",quantile="0.7",window="6h"} > 0.25'
        " and on (namespace, workload) workload:http_request_duration_seconds:quantile"
        '{namespace="ns",quantile="0.7",window="30m"} > 0.25'
        " and on (namespace, workload)"
        ' 0.3 * 60 * sum_over_time(workload:http_requests:rate5m{namespace="ns"}[6h]) >= 10'
    )
    assert told[2]["annotations"]["description"] == (
        "{{ $value | humanizePercentage }} of its requests failed, not 0.50%, over 3d, and still does over"
        " 6h: that uses 10 % of a month's budget up."
    )


@pytest.mark.parametrize(("minutes", "said"), [(5, "5m"), (60, "1h"), (90, "90m"), (4320, "3d")])
def test_windows_are_written_as_prometheus_reads_them(minutes: int, said: str) -> None:
    assert duration(minutes) == said
