"""The objective is measured by Cloud Monitoring, and told of when both windows of a pace burn."""

import json
from typing import Any

import pytest

from tests.infra.gcp.stacks import full, gcp_config
from tests.synth import Synthesis, synthesise_config

OF_API = (
    'resource.type="cloud_run_revision" AND metric.type="run.googleapis.com/{}"'
    ' AND resource.labels.service_name="{}"'
)
FAILED = ' AND metric.labels.response_code_class="5xx"'
SLO = "monitoring/slo:Slo"
# threshold, long and short window, what is counted within which window, and above how many
PACES: dict[str, tuple[float, str, str, str, int]] = {
    "errors-fast": (14.4, "3600s", "300s", "300s", 9),
    "errors-slow": (6, "21600s", "1800s", "21600s", 9),
    "errors-ticket": (3, "86400s", "7200s", "86400s", 9),
    "latency-fast": (10, "3600s", "300s", "300s", 19),
    "latency-slow": (6, "21600s", "1800s", "21600s", 33),
    "latency-ticket": (3, "86400s", "7200s", "86400s", 66),
}


def service(declared: Synthesis) -> str:
    return next(
        member.inputs["name"]
        for member in declared.of_type("cloudrunv2/serviceIamMember:ServiceIamMember")
        if member.inputs["member"] == "allUsers"
    )


def policy(name: str) -> dict[str, Any]:
    return full()["monitoring/alertPolicy:AlertPolicy", name].inputs


def slo_name(role: str, declared: Synthesis) -> str:
    """As the platform calls it, found where it is used."""
    alert = declared["monitoring/alertPolicy:AlertPolicy", f"api-{role}-fast"].inputs
    return alert["conditions"][0]["conditionThreshold"]["filter"].split('"')[1]


def test_errors_are_measured_as_a_share_of_all_requests_over_a_month() -> None:
    found = full()[SLO, "api-errors"].inputs
    total = OF_API.format("request_count", service(full()))
    assert found == {
        "displayName": "99.9 % of requests do not fail",
        "goal": 0.999,
        "requestBasedSli": {
            "goodTotalRatio": {"totalServiceFilter": total, "badServiceFilter": total + FAILED}
        },
        "rollingPeriodDays": 30,
        "service": found["service"],
        "userLabels": {"environment": "production", "project": "airfield"},
    }
    assert "CustomService api" in full()[SLO, "api-errors"].waits_for


def test_latency_is_measured_as_the_share_of_requests_that_are_quick_enough() -> None:
    found = full()[SLO, "api-latency"].inputs
    assert (found["displayName"], found["goal"], found["requestBasedSli"]) == (
        "95 of 100 requests take less than 1000 ms",
        0.95,
        {
            "distributionCut": {
                "distributionFilter": OF_API.format("request_latencies", service(full())),
                "range": {"max": 1000},
            }
        },
    )


@pytest.mark.parametrize("pace", PACES)
def test_a_pace_is_told_when_both_windows_burn_and_enough_is_bad(pace: str) -> None:
    rate, long, short, counted, above = PACES[pace]
    role = pace.partition("-")[0]
    name = slo_name(role, full())
    burning = {"comparison": "COMPARISON_GT", "duration": "0s", "thresholdValue": rate}
    whole = OF_API.format("request_count", service(full()))
    assert [each["conditionThreshold"] for each in policy(f"api-{pace}")["conditions"]] == [
        {**burning, "filter": f'select_slo_burn_rate("{name}", "{long}")'},
        {**burning, "filter": f'select_slo_burn_rate("{name}", "{short}")'},
        {
            "aggregations": [
                {
                    "alignmentPeriod": counted,
                    "crossSeriesReducer": "REDUCE_SUM",
                    "perSeriesAligner": "ALIGN_DELTA",
                }
            ],
            "comparison": "COMPARISON_GT",
            "duration": "0s",
            "filter": whole + (FAILED if role == "errors" else ""),
            "thresholdValue": above,
        },
    ]
    assert name.startswith("projects/123456789012/services/api-")
    assert f"/serviceLevelObjectives/api-{role}-" in name
    assert policy(f"api-{pace}")["combiner"] == "AND"
    assert policy(f"api-{pace}")["severity"] == ("WARNING" if pace.endswith("ticket") else "CRITICAL")


@pytest.mark.parametrize("pace", PACES)
def test_a_window_is_within_what_cloud_monitoring_looks_back(pace: str) -> None:
    _, long, short, counted, _ = PACES[pace]
    assert max(int(each.removesuffix("s")) for each in (long, short, counted)) <= 24 * 3600


def test_the_objective_sets_goals_and_paces() -> None:
    declared = synthesise_config(gcp_config(slo={"availabilityPercent": 90, "p95Milliseconds": 250}))
    assert (declared[SLO, "api-errors"].inputs["goal"], declared[SLO, "api-latency"].inputs["goal"]) == (
        0.9,
        0.95,
    )
    cut = declared[SLO, "api-latency"].inputs["requestBasedSli"]["distributionCut"]
    assert cut["range"] == {"max": 250}
    fast = declared["monitoring/alertPolicy:AlertPolicy", "api-errors-fast"].inputs
    assert fast["conditions"][0]["conditionThreshold"]["thresholdValue"] == 5


def test_the_dashboard_shows_how_fast_budgets_go_and_what_is_left() -> None:
    shown = json.loads(full()["monitoring/dashboard:Dashboard", "monitoring"].inputs["dashboardJson"])
    widgets = {tile["widget"]["title"]: tile["widget"] for tile in shown["mosaicLayout"]["tiles"]}
    errors, latency = slo_name("errors", full()), slo_name("latency", full())

    def drawn(title: str) -> dict[str, str]:
        sets = widgets[title]["xyChart"]["dataSets"]
        return {
            each["legendTemplate"]: each["timeSeriesQuery"]["timeSeriesFilter"]["filter"] for each in sets
        }

    assert drawn("api: burn rate of errors") == {
        "1 h": f'select_slo_burn_rate("{errors}", "3600s")',
        "6 h": f'select_slo_burn_rate("{errors}", "21600s")',
        "24 h": f'select_slo_burn_rate("{errors}", "86400s")',
    }
    assert drawn("api: budgets left, of a month's") == {
        "errors": f'select_slo_budget_fraction("{errors}")',
        "latency": f'select_slo_budget_fraction("{latency}")',
    }
