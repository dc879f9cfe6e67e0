"""A stack's outputs name what `airfield verify` asks each platform about."""

import pytest

from tests.synth import synthesise_stack

WORKLOADS = {"gateway", "orders", "payments", "stock"}
ASKED_BY = {
    "aws": {"region", "cluster", "service"},
    "eks": {"region", "cluster", "namespace", "deployment"},
    "gcp": {"project", "region", "service"},
    "kubernetes": {"context", "namespace", "deployment"},
    "swarm": {"host", "service"},
}
MAY_BE_EMPTY = {"context", "host"}


@pytest.mark.parametrize("target", ASKED_BY)
def test_each_workload_is_named_as_its_platform_knows_it(target: str) -> None:
    outputs = synthesise_stack("orders", target=target).outputs
    services: dict[str, dict[str, str]] = outputs["services"]
    assert set(services) == set(outputs["images"]) == WORKLOADS
    for place in services.values():
        assert place["target"] == target
        assert set(place) == {"target", *ASKED_BY[target]}
        assert all(place[key] for key in ASKED_BY[target] - MAY_BE_EMPTY)
    assert len({place.get("service") or place["deployment"] for place in services.values()}) == len(WORKLOADS)
