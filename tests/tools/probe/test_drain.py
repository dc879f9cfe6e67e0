"""Requests while replicas are replaced."""

from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest
from typing_extensions import override

from tests.app.services import Service, running
from tests.tools.probe.deployed import Deployed, at, found
from tools.probe.suite import SUITE, visit
from tools.probe.visitor import Draining, Visitor


class Balancer(httpx.BaseTransport):
    """Sends each request to the first replica that says it is ready, as a platform's does."""

    def __init__(self, network: httpx.HTTPTransport, replicas: tuple[Service, ...]) -> None:
        self._replicas = replicas
        self._network = network

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for replica in self._replicas:
            try:
                asked = httpx.Request("GET", f"{replica.url}/ready")
                said = self._network.handle_request(asked)
                said.read()
                ready = said.status_code == 200
            except httpx.TransportError:
                ready = False
            if ready:
                request.url = httpx.URL(replica.url).copy_with(raw_path=request.url.raw_path)
                return self._network.handle_request(request)
        return httpx.Response(503)


@pytest.fixture
def two_replicas(tmp_path: Path) -> Iterator[tuple[Service, Service]]:
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'p.db'}"}
    with (
        running("serve", {**environment, "DRAIN_SECONDS": "1"}, tmp_path / "leaves") as leaves,
        running("serve", environment, tmp_path / "stays") as stays,
    ):
        leaves.wait_for("/ready")
        stays.wait_for("/ready")
        yield leaves, stays


def test_a_replica_that_drains_loses_no_request(two_replicas: tuple[Service, Service]) -> None:
    leaves, _ = two_replicas
    draining = Draining(begin=leaves.ask_to_end, watch_seconds=2.5)
    with (
        httpx.HTTPTransport() as network,
        Visitor(
            url="http://balancer", transport=Balancer(network, two_replicas), draining=draining
        ) as visitor,
    ):
        (finding,) = visit(visitor, tuple(promise for promise in SUITE if promise.name == "drain"))
    assert (finding.outcome, finding.why) == ("kept", "no request is lost while replicas are replaced")
    assert visitor.measured["requests while draining"] > 10
    assert leaves.wait_for_end() == 0


def test_requests_that_are_lost_while_draining_are_found(deployed: Deployed) -> None:
    def end() -> None:
        deployed.application.fault = at("/predict", lambda e: e.answer(status=502))

    visitor = Visitor(url=deployed.url, draining=Draining(begin=end, watch_seconds=1))
    assert found(visitor, "broken") == {
        "drain": "requests are lost while replicas are replaced; most of them: 502"
    }
