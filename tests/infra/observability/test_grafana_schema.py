"""Grafana's own generated schema knows every field of every dashboard, with its value."""

import itertools
import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from infra.observability.dashboards import dashboards
from infra.observability.swarm import swarm_dashboards
from infra.slo import Slo

BOARDS = [
    pytest.param(json.loads(text), id=f"{where} {name}")
    for where, boards in {
        "kubernetes": dashboards(Slo(), "ns"),
        "swarm": swarm_dashboards(Slo(), "ns"),
    }.items()
    for name, text in boards.items()
]


@pytest.fixture(scope="module", autouse=True)
def _panels_and_queries() -> None:
    register_default_plugins()


def unknown(board: dict[str, Any]) -> list[str]:
    """Where Grafana's schema, having read a dashboard, no longer says what was written."""
    return [*_lost(board, json.loads(JSONEncoder().encode(Dashboard.from_json(board))), "")]


def _lost(written: Any, read: Any, path: str) -> Iterator[str]:  # noqa: ANN401 (JSON)
    if isinstance(written, dict) and isinstance(read, dict):
        for key, value in cast("dict[str, Any]", written).items():
            yield from _lost(value, cast("dict[str, Any]", read).get(key), f"{path}.{key}")
    elif isinstance(written, list) and isinstance(read, list):
        pairs = itertools.zip_longest(cast("list[Any]", written), cast("list[Any]", read))
        for number, (one, other) in enumerate(pairs):
            yield from _lost(one, other, f"{path}[{number}]")
    elif written != read:
        yield path


@pytest.mark.parametrize("board", BOARDS)
def test_grafana_knows_all_that_a_dashboard_says(board: dict[str, Any]) -> None:
    assert unknown(board) == []


@pytest.mark.parametrize(
    ("place", "key", "path"),
    [
        ((), "refreshh", ".refreshh"),
        (("panels", 0), "kind", ".panels[0].kind"),
        (("panels", 0, "fieldConfig", "defaults"), "units", ".panels[0].fieldConfig.defaults.units"),
        (("panels", 0, "targets", 0), "query", ".panels[0].targets[0].query"),
    ],
)
def test_a_misspelt_field_is_seen(place: tuple[str | int, ...], key: str, path: str) -> None:
    board = json.loads(dashboards(Slo(), "ns")["service-overview.json"])
    spoilt: Any = board
    for step in place:
        spoilt = spoilt[step]
    spoilt[key] = "x"
    assert unknown(board) == [path]
