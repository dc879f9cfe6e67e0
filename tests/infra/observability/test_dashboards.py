"""Dashboards load, ask questions that parse, and ask for what is recorded or told."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app.web.metrics import HttpMetrics
from infra.observability.dashboards import dashboards, data_sources
from infra.observability.document import as_yaml
from infra.observability.objective import recording_rules
from infra.slo import Slo

BOARDS: dict[str, Any] = {name: json.loads(text) for name, text in dashboards(Slo(), "ns").items()}
PANELS = [(name, panel) for name, board in BOARDS.items() for panel in board["panels"]]


def test_there_are_four() -> None:
    assert {name: board["title"] for name, board in BOARDS.items()} == {
        "service-overview.json": "Service overview",
        "data-stores.json": "Data stores",
        "error-budget.json": "Error budget",
        "logs.json": "Logs",
    }
    assert len({board["uid"] for board in BOARDS.values()}) == 4


@pytest.mark.parametrize("name", BOARDS)
def test_panels_have_ids_of_their_own_and_do_not_overlap(name: str) -> None:
    panels = BOARDS[name]["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = {
        (x, y)
        for panel in panels
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    }
    assert len(cells) == sum(panel["gridPos"]["w"] * panel["gridPos"]["h"] for panel in panels)
    assert max(x for x, _ in cells) < 24


def test_every_question_to_prometheus_parses(promtools: Path, tmp_path: Path) -> None:
    asked = [t["expr"] for _, p in PANELS for t in p["targets"] if t["datasource"]["type"] == "prometheus"]
    rules = [{"record": f"question:{number}", "expr": query} for number, query in enumerate(asked)]
    (tmp_path / "asked.yml").write_text(as_yaml({"groups": [{"name": "asked", "rules": rules}]}))
    command = [promtools / "promtool", "check", "rules", tmp_path / "asked.yml"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert len(asked) == 16


def test_every_metric_that_is_asked_for_is_told_by_somebody() -> None:
    metrics = HttpMetrics()
    own = {
        sample for family in metrics.registry.collect() for sample in (family.name, f"{family.name}_total")
    }
    recorded = {str(rule["record"]) for rule in recording_rules("ns")}
    known = own | recorded
    for _, panel in PANELS:
        for target in panel["targets"]:
            if target["datasource"]["type"] == "prometheus":
                named = re.findall(r"([a-zA-Z_][\w:]*)\{", target["expr"])
                assert named
                assert {name for name in named if not name.startswith("kube_")} <= known


def test_the_budgets_are_those_of_the_objective() -> None:
    boards = dashboards(Slo(availability_percent=99.5, p95_milliseconds=250), "ns")
    panels = json.loads(boards["error-budget.json"])["panels"]
    asked = {panel["title"]: panel["targets"][0]["expr"] for panel in panels}
    own = '{namespace="ns"}'
    assert asked["Errors: burn rate"] == f"workload:http_errors:ratio{own} / 0.005"
    assert asked["Latency: budget left"] == (
        "1 - (1 - histogram_fraction(0, 0.25,"
        f" sum_over_time(workload:http_request_duration_seconds_bucket:rate5m{own}[30d]))) / 0.05"
    )


def test_every_panel_asks_a_source_that_is_provisioned() -> None:
    sources: Any = data_sources({"prometheus": "http://p", "loki": "http://l", "tempo": "http://t"})
    provisioned = {source["uid"]: source["type"] for source in sources["datasources"]}
    assert {panel["datasource"]["uid"] for _, panel in PANELS} <= provisioned.keys()
    assert [source["uid"] for source in sources["datasources"] if source["isDefault"]] == ["prometheus"]
