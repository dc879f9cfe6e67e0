from collections.abc import Mapping
from graphlib import CycleError
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from infra.datastores import Postgres
from infra.workload import Scaling, Workload, WorkloadName, callees_first, calls, url_variable

DEFAULTS = {
    "image": None,
    "command": (),
    "migrate": (),
    "port": 8000,
    "public": False,
    "cpuMillicores": 500,
    "cpuRequestMillicores": None,
    "memoryMib": 512,
    "memoryRequestMib": None,
    "scaling": {
        "minReplicas": 2,
        "maxReplicas": None,
        "cpuPercent": 70,
        "memoryPercent": 80,
        "concurrency": 80,
    },
    "health": {"livenessPath": "/health", "readinessPath": "/ready", "command": (), "startSeconds": 60},
    "metricsPath": "/metrics",
    "timeoutSeconds": 300,
    "drainSeconds": 30,
    "environment": {},
    "secrets": (),
    "uses": (),
    "calls": (),
}
CHAIN = {
    "web": Workload(calls=("orders", "stock")),
    "orders": Workload(calls=("stock",)),
    "stock": Workload(),
}


def test_a_workload_needs_no_setting() -> None:
    assert Workload().model_dump(by_alias=True) == DEFAULTS


@pytest.mark.parametrize(
    ("name", "variable"),
    [("orders", "ORDERS_URL"), ("other-workload", "OTHER_WORKLOAD_URL"), ("v2-a-b", "V2_A_B_URL")],
)
def test_a_caller_finds_its_callee_in_a_variable(name: str, variable: str) -> None:
    assert url_variable(name) == variable


def test_every_caller_is_named_with_each_of_its_callees() -> None:
    assert calls(CHAIN) == [("web", "orders"), ("web", "stock"), ("orders", "stock")]


def test_a_callee_comes_before_its_callers() -> None:
    assert callees_first(CHAIN) == ["stock", "orders", "web"]


def test_a_workload_that_neither_calls_nor_is_called_is_there_too() -> None:
    assert callees_first({"alone": Workload()}) == ["alone"]


def test_a_circle_has_no_order() -> None:
    with pytest.raises(CycleError):
        callees_first({"a": Workload(calls=("b",)), "b": Workload(calls=("a",))})


@pytest.mark.parametrize("name", ["a", "api", "a1", "order-api", "a" * 24, "a--b"])
def test_a_name_is_accepted(name: str) -> None:
    assert TypeAdapter(WorkloadName).validate_python(name) == name


@pytest.mark.parametrize(
    "name", ["", "1api", "-api", "api-", "Api", "a_b", "a.b", "a b", "é", "a\n", "a" * 25]
)
def test_a_name_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(WorkloadName).validate_python(name)


REFUSED: list[Mapping[str, Any]] = [
    {"port": 1023},
    {"port": 65536},
    {"cpuMillicores": 99},
    {"cpuMillicores": 16001},
    {"memoryMib": 127},
    {"memoryMib": 122881},
    {"timeoutSeconds": 3601},
    {"drainSeconds": 0},
    {"drainSeconds": 111},
    {"environment": {"log_level": "INFO"}},
    {"environment": {"LOG-LEVEL": "INFO"}},
    {"secrets": ["api key"]},
    {"uses": ["mysql"]},
    {"metricsPath": "metrics"},
    {"health": {"livenessPath": "/health'); import os"}},
    {"health": {"livenessPath": "http://elsewhere/health"}},
    {"health": {"startSeconds": 241}},
    {"scaling": {"minReplicas": 0}},
    {"scaling": {"cpuPercent": 101}},
    {"scaling": {"concurrency": 1001}},
]


@pytest.mark.parametrize("raw", REFUSED, ids=str)
def test_a_value_that_no_platform_takes_is_refused(raw: Mapping[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Workload.model_validate(raw)


ACCEPTED: list[Mapping[str, Any]] = [
    {"port": 1024},
    {"port": 65535},
    {"cpuMillicores": 100},
    {"cpuMillicores": 16000},
    {"memoryMib": 128},
    {"memoryMib": 122880},
    {"drainSeconds": 110},
    {"health": {"startSeconds": 240}},
    {"scaling": {"memoryPercent": None}},
]


@pytest.mark.parametrize("raw", ACCEPTED, ids=str)
def test_a_value_at_its_limit_is_accepted(raw: Mapping[str, Any]) -> None:
    dumped = Workload.model_validate(raw).model_dump(by_alias=True)
    assert {key: dumped[key] for key in raw if not isinstance(raw[key], dict)} == {
        key: value for key, value in raw.items() if not isinstance(value, dict)
    }


CONTRADICTIONS: list[tuple[Scaling | Workload | Postgres, list[str]]] = [
    (Scaling(min_replicas=9, max_replicas=2), ["minReplicas (9) must not exceed maxReplicas (2)"]),
    (Scaling(min_replicas=2, max_replicas=2), []),
    (Scaling(min_replicas=500), []),
    (
        Workload(cpu_millicores=500, cpu_request_millicores=501),
        ["cpuRequestMillicores (501) must not exceed cpuMillicores (500)"],
    ),
    (
        Workload(memory_mib=512, memory_request_mib=513),
        ["memoryRequestMib (513) must not exceed memoryMib (512)"],
    ),
    (Workload(cpu_request_millicores=500, memory_request_mib=512), []),
    (
        Postgres(storage_gib=200, max_storage_gib=100),
        ["storageGib (200) must not exceed maxStorageGib (100)"],
    ),
    (Postgres(storage_gib=100, max_storage_gib=100), []),
]


@pytest.mark.parametrize(("value", "said"), CONTRADICTIONS, ids=str)
def test_fields_that_contradict_each_other_are_named(
    value: Scaling | Workload | Postgres, said: list[str]
) -> None:
    assert list(value.contradictions()) == said
