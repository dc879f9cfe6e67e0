"""An alarm of the objective rings when both its windows burn; the fast one undoes a deployment."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from infra.aws.burn_alarms import meaning
from infra.observability.burn_rate import BURNS, FAST, LATENCY, TICKET, errors
from infra.slo import Slo
from tests.infra.aws.example import changed, everything
from tests.synth import Synthesis, synthesise_config

ASKED = "(FILL(requests, 0) + FILL(ours, 0))"
FAILED = "(FILL(theirs, 0) + FILL(ours, 0))"
RATIO = f"100 * {FAILED} / {ASKED}"
GUARDED = f"IF({FAILED} >= 10, {RATIO}, 0)"
# expression, threshold, seconds
WINDOWS: dict[str, tuple[str, float, int]] = {
    "api-errors-fast-long": (RATIO, 1.44, 3600),
    "api-errors-fast-short": (GUARDED, 1.44, 300),
    "api-errors-slow-long": (GUARDED, 0.6, 21600),
    "api-errors-slow-short": (RATIO, 0.6, 1800),
    "api-errors-ticket-long": (GUARDED, 0.1, 259200),
    "api-errors-ticket-short": (RATIO, 0.1, 21600),
    "api-latency-fast-long": ("seconds", 1, 3600),
    "api-latency-fast-short": ("IF(0.5 * FILL(requests, 0) >= 10, seconds, 0)", 1, 300),
    "api-latency-slow-long": ("IF(0.3 * FILL(requests, 0) >= 10, seconds, 0)", 1, 21600),
    "api-latency-slow-short": ("seconds", 1, 1800),
    "api-latency-ticket-long": ("IF(0.05 * FILL(requests, 0) >= 10, seconds, 0)", 1, 259200),
    "api-latency-ticket-short": ("seconds", 1, 21600),
}
STATISTICS = {"fast": "p50", "slow": "p70", "ticket": "p95"}
PACES = [f"api-{objective}-{burn.role}" for objective in ("errors", "latency") for burn in BURNS]


def window(name: str, declared: Synthesis | None = None) -> dict[str, Any]:
    return (declared or everything())["MetricAlarm", name].inputs


@cache
def modest() -> Synthesis:
    return synthesise_config(changed(slo={"availabilityPercent": 99, "p95Milliseconds": 250}))


def test_every_pace_has_its_two_windows() -> None:
    found = {each.name for each in everything().of_type("MetricAlarm")}
    assert {name for name in found if name.endswith(("-long", "-short"))} == set(WINDOWS)


@pytest.mark.parametrize("name", WINDOWS)
def test_a_window_is_one_period_of_its_length(name: str) -> None:
    alarm = window(name)
    found, *metrics = alarm["metricQueries"]
    assert (found["expression"], alarm["threshold"], {each["metric"]["period"] for each in metrics}) == (
        WINDOWS[name][0],
        WINDOWS[name][1],
        {WINDOWS[name][2]},
    )
    assert (alarm["comparisonOperator"], alarm["evaluationPeriods"], alarm["treatMissingData"]) == (
        "GreaterThanThreshold",
        1,
        "notBreaching",
    )
    assert "alarmActions" not in alarm


@pytest.mark.parametrize("name", WINDOWS)
def test_a_window_is_within_what_cloudwatch_evaluates(name: str) -> None:
    seconds = WINDOWS[name][2]
    assert seconds % 60 == 0
    assert seconds <= (604_800 if seconds >= 3600 else 86_400)
    assert len(window(name)["metricQueries"]) <= 10


@pytest.mark.parametrize("name", WINDOWS)
def test_an_expression_names_its_metrics_and_no_others(name: str) -> None:
    found, *metrics = window(name)["metricQueries"]
    named = set(re.findall(r"\b[a-z]+\b", found["expression"]))
    assert named == {each["id"] for each in metrics}


def test_failures_are_those_of_the_tasks_and_of_the_balancer() -> None:
    balancer = window("api-errors-fast-long")["metricQueries"][1]["metric"]["dimensions"]
    assert set(balancer) == {"LoadBalancer"}
    counted = {each["id"]: each["metric"] for each in window("api-errors-fast-long")["metricQueries"][1:]}
    assert {key: (metric["metricName"], metric["stat"]) for key, metric in counted.items()} == {
        "requests": ("RequestCount", "Sum"),
        "theirs": ("HTTPCode_Target_5XX_Count", "Sum"),
        "ours": ("HTTPCode_ELB_5XX_Count", "Sum"),
    }


@pytest.mark.parametrize("pace", STATISTICS)
def test_a_share_of_slow_requests_is_a_percentile(pace: str) -> None:
    for which in ("long", "short"):
        seconds = window(f"api-latency-{pace}-{which}")["metricQueries"][1]
        assert (seconds["id"], seconds["metric"]["metricName"], seconds["metric"]["stat"]) == (
            "seconds",
            "TargetResponseTime",
            STATISTICS[pace],
        )
        assert set(seconds["metric"]["dimensions"]) == {"LoadBalancer", "TargetGroup"}


def test_the_objective_sets_the_thresholds() -> None:
    assert [window(f"{pace}-long", modest())["threshold"] for pace in PACES] == [14.4, 6, 1, 0.25, 0.25, 0.25]


def value(expression: str, counted: Mapping[str, float | None]) -> float | None:
    """What CloudWatch makes of it: no value where a metric has none or a divisor is 0."""
    said = re.sub(r"FILL\((\w+), 0\)", lambda found: repr(counted[found[1]] or 0), expression)
    said = re.sub(r"^IF\((.+?), (.+), 0\)$", r"(\2) if (\1) else 0", said)
    try:
        return eval(said, {}, dict(counted))  # noqa: S307  our own arithmetic
    except (ZeroDivisionError, TypeError):
        return None


@pytest.mark.parametrize(
    ("name", "counted", "rings"),
    [
        ("api-errors-fast-short", {"requests": 1000, "theirs": 15, "ours": None}, True),
        ("api-errors-fast-short", {"requests": 1000, "theirs": 14, "ours": None}, False),
        ("api-errors-fast-short", {"requests": 9, "theirs": 9, "ours": None}, False),
        ("api-errors-fast-short", {"requests": 1, "theirs": 1, "ours": None}, False),
        ("api-errors-fast-short", {"requests": None, "theirs": None, "ours": 10}, True),
        ("api-errors-fast-short", {"requests": None, "theirs": None, "ours": None}, False),
        ("api-errors-fast-long", {"requests": None, "theirs": None, "ours": None}, False),
        ("api-errors-fast-long", {"requests": 1000, "theirs": 10, "ours": 5}, True),
        ("api-errors-slow-long", {"requests": 100_000, "theirs": 610, "ours": 0}, True),
        ("api-errors-slow-long", {"requests": 100_000, "theirs": 590, "ours": 0}, False),
        ("api-errors-ticket-long", {"requests": 10_000, "theirs": 11, "ours": 0}, True),
        ("api-errors-ticket-long", {"requests": 5000, "theirs": 9, "ours": 0}, False),
        ("api-latency-fast-short", {"requests": 20, "seconds": 1.1}, True),
        ("api-latency-fast-short", {"requests": 19, "seconds": 1.1}, False),
        ("api-latency-fast-short", {"requests": 500, "seconds": 0.9}, False),
        ("api-latency-ticket-long", {"requests": 200, "seconds": 2}, True),
        ("api-latency-ticket-long", {"requests": 199, "seconds": 2}, False),
        ("api-latency-slow-short", {"seconds": None}, False),
    ],
)
def test_a_window_rings_for_too_many_bad_requests_and_for_no_few(
    name: str,
    counted: dict[str, float | None],
    rings: bool,  # noqa: FBT001  a column of the table
) -> None:
    found = value(WINDOWS[name][0], counted)
    assert (found is not None and found > WINDOWS[name][1]) is rings


@pytest.mark.parametrize("pace", PACES)
def test_a_pace_rings_when_both_its_windows_do(pace: str) -> None:
    alarm = everything()["CompositeAlarm", pace]
    long, short = re.fullmatch(r'ALARM\("(\S+)"\) AND ALARM\("(\S+)"\)', alarm.inputs["alarmRule"]).groups()  # pyright: ignore[reportOptionalMemberAccess]
    assert (long.startswith(f"{pace}-long-"), short.startswith(f"{pace}-short-")) == (True, True)
    assert {f"MetricAlarm {pace}-long", f"MetricAlarm {pace}-short"} <= alarm.waits_for
    (topic,) = everything().of_type("sns/topicPolicy:TopicPolicy")
    assert (alarm.inputs["alarmActions"], alarm.inputs["okActions"]) == ([topic.inputs["arn"]],) * 2
    assert alarm.inputs["alarmName"].startswith(f"{pace}-")


def test_whoever_is_told_reads_what_was_promised() -> None:
    slo = Slo(availability_percent=99.5, p95_milliseconds=250)
    assert meaning(errors(slo), FAST, slo) == (
        "Look now: 99.5 % of requests must not fail, and 2 % of the month's allowance went within 1 h."
        " It still goes as fast."
    )
    assert meaning(LATENCY, TICKET, slo) == (
        "Look within days: 95 of 100 requests must take less than 250 ms, and 10 % of the month's allowance"
        " went within 72 h. It still goes as fast."
    )


def test_a_deployment_that_fails_its_users_is_rolled_back_by_the_fast_alarm_of_now() -> None:
    said = everything()
    api = said["ecs/service:Service", "api"]
    assert {key: api.inputs["alarms"][key] for key in ("enable", "rollback")} == {
        "enable": True,
        "rollback": True,
    }
    (name,) = api.inputs["alarms"]["alarmNames"]
    assert name.startswith("api-errors-fast-short-")
    assert "MetricAlarm api-errors-fast-short" in api.waits_for
    assert "alarms" not in said["ecs/service:Service", "model"].inputs


def test_the_page_shows_how_fast_budgets_go_and_what_is_left() -> None:
    dashboard = json.loads(modest()["cloudwatch/dashboard:Dashboard", "dashboard"].inputs["dashboardBody"])
    shown = {each["properties"]["title"]: each["properties"] for each in dashboard["widgets"]}
    fast = [metric[-1] for metric in shown["api: burn rate of errors"]["metrics"]][:4]
    assert fast == [
        *(
            {"id": f"{key}1h", "stat": "Sum", "visible": False, "period": 3600}
            for key in ("requests", "theirs", "ours")
        ),
        {
            "expression": (
                "100 * (FILL(theirs1h, 0) + FILL(ours1h, 0)) / (FILL(requests1h, 0) + FILL(ours1h, 0)) / 1"
            ),
            "id": "errors1h",
            "label": "1h",
            "period": 3600,
        },
    ]
    slow = [metric[-1] for metric in shown["api: burn rate of latency"]["metrics"]][:2]
    assert slow == [
        {"id": "quick1h", "stat": "PR(:0.25)", "visible": False, "period": 3600},
        {"expression": "(100 - quick1h) / 5", "id": "latency1h", "label": "1h", "period": 3600},
    ]
    left = shown["api: budgets left, percent"]
    assert (left["view"], left["setPeriodToTimeRange"], left["start"]) == ("singleValue", True, "-P30D")
    assert [metric[-1]["expression"] for metric in left["metrics"] if len(metric) == 1] == [
        "100 * (1 - 100 * (FILL(theirs, 0) + FILL(ours, 0)) / (FILL(requests, 0) + FILL(ours, 0)) / 1)",
        "100 * (1 - (100 - quick) / 5)",
    ]
    ids = [
        metric[-1]["id"] for each in shown.values() for metric in each["metrics"] if "id" in str(metric[-1])
    ]
    assert len(ids) == len(set(ids))
