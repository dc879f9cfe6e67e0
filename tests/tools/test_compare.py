"""`airfield compare` says what a stack comes to on each platform, read from what is declared there."""

import json
from dataclasses import asdict, fields
from functools import cache
from typing import cast

import pytest
from rich.console import Console

from infra.portability import Target
from tests.committed import landed
from tests.synth import synthesise_config
from tests.tools.compared import (
    FIXED,
    NO_STORES,
    OTHER,
    OTHER_ANYWHERE,
    OTHER_FACTS,
    PRODUCTION,
    PRODUCTION_ANYWHERE,
    PRODUCTION_SHARED,
)
from tests.tools.toy import Toy
from tools.commands.compare import table
from tools.compare.facts import Facts, StackFacts, WorkloadFacts
from tools.compare.table import READERS, Row, as_json, markdown, rows
from tools.declared import Graph


@cache
def production(target: Target) -> Facts:
    return READERS[target](Graph(landed("prod", target).resources))


@cache
def other(target: Target) -> Facts:
    return READERS[target](Graph(synthesise_config({**OTHER, "airfield:target": target}).resources))


def all_of(facts: Facts) -> dict[str, str]:
    """What is said of the workload `api` and of the stack."""
    return {**asdict(facts.workloads["api"]), **asdict(facts.stack)}


@pytest.mark.parametrize("target", READERS)
def test_production_comes_to_this(target: Target) -> None:
    expected = {**PRODUCTION_ANYWHERE, **PRODUCTION[target], **NO_STORES, **PRODUCTION_SHARED[target]}
    assert all_of(production(target)) == expected


@pytest.mark.parametrize("target", READERS)
def test_another_stack_comes_to_that_and_every_row_with_a_setting_is_another(target: Target) -> None:
    before, after = all_of(production(target)), all_of(other(target))
    expected = {**OTHER_ANYWHERE, **OTHER_FACTS[target]}
    assert {name: after[name] for name in expected} == expected
    assert {name for name, value in after.items() if value == before[name]} == FIXED[target]
    assert set(expected) | FIXED[target] | {"alerts"} == set(before)


@pytest.mark.parametrize("target", READERS)
def test_an_internal_workload_is_met_by_its_callers_alone(target: Target) -> None:
    inside = other(target).workloads["prices"]
    between = "300 s" if target == "gcp" else "none: nothing stands between it and its callers"
    assert (inside.exposure, inside.secrets) == ("internal", "none: it names none")
    assert inside.request_timeout == between


@pytest.mark.parametrize("target", READERS)
def test_nothing_is_left_blank(target: Target) -> None:
    for stack in ("prod", "orders"):
        facts = READERS[target](Graph(landed(stack, target).resources))
        said = [value for each in (*facts.workloads.values(), facts.stack) for value in asdict(each).values()]
        assert [value for value in said if not value or value.rstrip().endswith(":")] == []


IN_PROMETHEUS = {"APIHighErrorRate fast > 0.072 and >= 10", "APIHighLatency ticket > 0.5 and >= 10"}
ALERTS: dict[Target, set[str]] = {
    "aws": {"api-errors-fast > 7.2", "api-latency-ticket > 0.5"},
    "eks": {*IN_PROMETHEUS, "database-cpu > 90"},
    "gcp": {
        "api-errors: 99.5 % of requests do not fail",
        "api-latency: 95 of 100 requests take less than 500 ms",
    },
    "kubernetes": IN_PROMETHEUS,
    "swarm": IN_PROMETHEUS,
}


@pytest.mark.parametrize("target", READERS)
def test_alerts_follow_the_objective(target: Target) -> None:
    assert set(other(target).stack.alerts.split(", ")) >= ALERTS[target]


ROWS = [
    Row(subject="api", aspect="cpu", values={"aws": "1000 millicores", "gcp": "1000 millicores"}),
    Row(subject="api", aspect="drain", values={"aws": "40 s", "gcp": "none: 10 s | no more"}),
    Row(subject="", aspect="logs kept", values={"aws": "30 days", "gcp": "30 days"}),
]


def test_a_row_for_every_aspect_of_each_workload_and_of_the_stack() -> None:
    found = rows({target: other(cast("Target", target)) for target in ("gcp", "swarm")})
    said = [(row.subject, row.aspect.replace(" ", "_")) for row in found]
    workload, stack = ([field.name for field in fields(kind)] for kind in (WorkloadFacts, StackFacts))
    assert said == [(name, each) for name in ("api", "prices") for each in workload] + [
        ("", e) for e in stack
    ]
    assert [list(row.values) for row in found] == [["gcp", "swarm"]] * len(found)


def test_the_table_fits_eighty_columns_and_needs_no_colour() -> None:
    console = Console(width=80, no_color=True, force_terminal=False)
    with console.capture() as capture:
        console.print(table("prod", rows({target: production(target) for target in READERS})))
    lines = capture.get().splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.split()[1:4] for line in lines if " cpu " in line or " drain " in line] == [
        ["=", "cpu", "│"],
        ["≠", "drain", "│"],
    ]
    words = " ".join(capture.get().replace("│", " ").split())
    assert "swarm 2, which nothing scales" in words


def test_the_file_for_people_has_a_column_for_each_platform() -> None:
    assert markdown("prod", ROWS).splitlines()[4:] == [
        "| | | aws | gcp |",
        "| --- | --- | --- | --- |",
        "| = | api: cpu | 1000 millicores | 1000 millicores |",
        "| ≠ | api: **drain** | 40 s | none: 10 s \\| no more |",
        "| = | prod: logs kept | 30 days | 30 days |",
    ]


def test_the_file_for_programs_says_the_same() -> None:
    said = json.loads(as_json("prod", ROWS))
    assert (said["stack"], said["targets"], len(said["rows"])) == ("prod", ["aws", "gcp"], 3)
    assert said["rows"][1] == {
        "workload": "api",
        "aspect": "drain",
        "differs": True,
        "values": {"aws": "40 s", "gcp": "none: 10 s | no more"},
    }


@pytest.mark.long
def test_the_command_reads_the_same_from_the_real_engine(airfield: Toy) -> None:
    said = airfield.airfield("compare", "dev", "--targets", "kubernetes", "--format", "json")
    assert said.code == 0, said.err
    facts = READERS["kubernetes"](Graph(landed("dev", "kubernetes").resources))
    assert json.loads(said.out) == json.loads(as_json("dev", rows({"kubernetes": facts})))


def test_mistakes_are_answered_with_a_line(airfield: Toy) -> None:
    assert (
        "no platform `gpc`; did you mean `gcp`?"
        in airfield.airfield("compare", "prod", "--targets", "gpc").err
    )
    assert "there is no stack `prd`" in airfield.airfield("compare", "prd").err
