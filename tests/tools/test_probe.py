import json
import re
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx2 as httpx
import pytest
import uvicorn
from pydantic import SecretStr
from typing_extensions import override

from app.main import create_app
from app.settings import ApiSettings
from tests.app.servers import free_port, wait_until
from tests.app.services import Service, running
from tests.tools.faults import Exchange, Fault, Faulty
from tools.errors import OperatorError
from tools.probe.command import checked_url, main
from tools.probe.report import as_json, as_markdown
from tools.probe.suite import SMOKE, SUITE, Finding, visit
from tools.probe.visitor import Draining, Visitor

ALWAYS_UNASKED = {"TLS redirect", "TLS", "drain"}
HTML = b"<html>Not here</html>"


@contextmanager
def served(application: Faulty) -> Generator[str]:
    """On a port of this machine, by the server that the image has."""
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(application, port=port, log_config=None, access_log=False, server_header=False)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started, what="the server")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@dataclass(frozen=True)
class Deployed:
    url: str
    application: Faulty


@pytest.fixture(scope="module")
def _deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    database = f"sqlite:///{tmp_path_factory.mktemp('probe') / 'predictions.db'}"
    application = Faulty(create_app(ApiSettings(database_url=SecretStr(database), redis_url=None)))
    with served(application) as url:
        yield Deployed(url, application)


@pytest.fixture
def deployed(_deployed: Deployed) -> Deployed:
    """The real API over a socket, without a fault."""
    _deployed.application.fault = _deployed.application.deaf_to = None
    return _deployed


def found(visitor: Visitor, outcome: str) -> dict[str, str]:
    with visitor:
        return {finding.name: finding.why for finding in visit(visitor) if finding.outcome == outcome}


def at(path: str, fault: Fault) -> Fault:
    """Only where the path begins so."""
    return lambda exchange: fault(exchange) if exchange.path.startswith(path) else exchange


def on(status: int, fault: Fault) -> Fault:
    """Only for answers with this status."""
    return lambda exchange: fault(exchange) if exchange.status == status else exchange


def no_hits(exchange: Exchange) -> Exchange:
    return exchange.answer(body=re.sub(rb'(result="hit"\}) [0-9.]+', rb"\1 0.0", exchange.body))


def without_items(exchange: Exchange) -> Exchange:
    return exchange if exchange.path != "/predictions" else exchange.json(items=[])


def one_for_another(exchange: Exchange) -> Exchange:
    return exchange.json(predictions=json.loads(exchange.body)["predictions"][::-1])


def chunked_is_read(exchange: Exchange) -> Exchange:
    return exchange.answer(status=422) if "transfer-encoding" in exchange.asked_headers else exchange


def half_a_mebibyte_at_most(exchange: Exchange) -> Exchange:
    return exchange.answer(status=413) if len(exchange.asked) > 512 * 1024 else exchange


def seats_are_taken(exchange: Exchange) -> Exchange:
    return exchange.answer(status=200) if b"seat" in exchange.asked else exchange


FAULTS: dict[str, tuple[Fault, set[str]]] = {
    "the process is ill": (at("/health", lambda e: e.answer(status=503)), {"alive"}),
    "ready without its database": (
        at("/ready", lambda e: e.json(checks={"model": "up", "database": "down"})),
        {"ready"},
    ),
    "ready, but degraded": (at("/ready", lambda e: e.json(status="degraded")), {"ready"}),
    "a probability over one": (
        on(200, lambda e: e.json(delay_probability=1.7) if e.path == "/predict" else e),
        {"prediction", "stored"},
    ),
    "an edge that remembers answers": (
        on(200, lambda e: e.json(prediction_id=str(UUID(int=7))) if e.path == "/predict" else e),
        {"stored", "listed", "cache"},
    ),
    "predictions are lost": (at("/predictions/", lambda e: e.answer(status=404)), {"stored", "batch"}),
    "another value is stored": (at("/predictions/", lambda e: e.json(origin="JFK")), {"stored"}),
    "nothing is listed": (without_items, {"listed"}),
    "a batch in the wrong order": (at("/predict/batch", one_for_another), {"batch"}),
    "the cache never hits": (at("/metrics", no_hits), {"cache"}),
    "the caller's id is dropped": (lambda e: e.header("x-request-id", "b" * 32), {"request id"}),
    "no id at all": (lambda e: e.header("x-request-id"), {"request id"}),
    "no limit": (on(413, lambda e: e.answer(status=422)), {"too large", "too large, in pieces"}),
    "no limit for pieces": (on(413, chunked_is_read), {"too large, in pieces"}),
    "a stricter limit before it": (half_a_mebibyte_at_most, {"large but allowed"}),
    "a problem without a field": (on(422, lambda e: e.json(errors=[])), {"wrong value"}),
    "unknown fields pass": (seats_are_taken, {"unknown field"}),
    "somebody else's 404": (
        on(404, lambda e: e.header("content-type", "text/html").answer(body=HTML)),
        {"unknown path"},
    ),
    "one page for every path": (on(404, lambda e: e.answer(status=200)), {"unknown path"}),
    "a 405 without what is allowed": (on(405, lambda e: e.header("allow")), {"wrong method"}),
    "a header is missing": (lambda e: e.header("x-content-type-options"), {"security headers"}),
    "a header comes twice": (
        lambda e: e.header("referrer-policy", "no-referrer", "no-referrer"),
        {"security headers"},
    ),
    "errors without headers": (on(404, lambda e: e.header("content-security-policy")), {"security headers"}),
    "the server names itself": (lambda e: e.header("server", "uvicorn"), {"quiet headers"}),
    "the edge names its version": (lambda e: e.header("server", "nginx/1.27.1"), {"quiet headers"}),
}


def test_the_api_as_it_is_keeps_every_promise_that_can_be_asked_for(deployed: Deployed) -> None:
    with Visitor(url=deployed.url) as visitor:
        findings = list(visit(visitor))
    assert {finding.name: finding.why for finding in findings if finding.outcome == "broken"} == {}
    assert {finding.name for finding in findings if finding.outcome == "not asked"} == ALWAYS_UNASKED
    assert [finding.name for finding in findings] == [promise.name for promise in SUITE]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_and_nothing_else(deployed: Deployed, fault: str) -> None:
    planted, broken = FAULTS[fault]
    deployed.application.fault = planted
    assert found(Visitor(url=deployed.url), "broken").keys() == broken


def test_idempotency_that_is_not_heard_of_is_found(deployed: Deployed) -> None:
    deployed.application.deaf_to = "idempotency-key"
    assert found(Visitor(url=deployed.url), "broken").keys() == {"idempotency"}


def test_a_cache_that_nobody_outside_can_see_is_said_to_be_unseen(deployed: Deployed) -> None:
    deployed.application.fault = at("/metrics", lambda e: e.answer(status=404))
    assert found(Visitor(url=deployed.url), "not seen").keys() == {"cache"}


def test_answers_of_any_other_program_are_broken_promises_and_no_traceback(deployed: Deployed) -> None:
    for body in (HTML, b"[]", b'{"predictions": [1], "items": 2, "checks": [], "errors": null}'):
        deployed.application.fault = lambda e, body=body: e.answer(status=200, body=body)
        broken = found(Visitor(url=deployed.url), "broken")
        assert {"alive", "ready", "prediction", "stored", "wrong value", "unknown path"} <= broken.keys()


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


HSTS = {"strict-transport-security": "max-age=31536000"}


@pytest.mark.parametrize(
    ("status", "location", "headers", "broken"),
    [
        (301, "https://api.example.com/health?a=1", HSTS, set[str]()),
        (308, "https://api.example.com:443/health?a=1", HSTS, set[str]()),
        (200, "", HSTS, {"TLS redirect"}),
        (301, "https://www.example.com/health?a=1", HSTS, {"TLS redirect"}),
        (301, "http://api.example.com/health?a=1", HSTS, {"TLS redirect"}),
        (301, "https://api.example.com/", HSTS, {"TLS redirect"}),
        (308, "https://api.example.com/health?a=1", {}, {"TLS"}),
        (
            308,
            "https://api.example.com/health?a=1",
            {"strict-transport-security": "max-age=0"},
            {"TLS"},
        ),
    ],
)
def test_plain_http_must_lead_to_tls(
    status: int, location: str, headers: dict[str, str], broken: set[str]
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.scheme == "http":
            return httpx.Response(status, headers={"location": location})
        return httpx.Response(200, headers=headers)

    about_tls = tuple(promise for promise in SUITE if promise.name.startswith("TLS"))
    with Visitor(url="https://api.example.com", transport=httpx.MockTransport(answer)) as visitor:
        assert {f.name for f in visit(visitor, about_tls) if f.outcome == "broken"} == broken


def test_reports_of_two_deployments_that_behave_the_same_are_the_same(
    deployed: Deployed, tmp_path: Path
) -> None:
    other = Faulty(create_app(ApiSettings(database_url=SecretStr(f"sqlite:///{tmp_path / 'p.db'}"))))
    reports: list[tuple[str, object]] = []
    with served(other) as url:
        for address in (deployed.url, url):
            with Visitor(url=address) as visitor:
                findings = list(visit(visitor))
            document = json.loads(as_json(findings, address, visitor.measured))
            assert document["visit"]["url"] == address
            reports.append((as_markdown(findings), document["promises"]))
    assert reports[0] == reports[1]


def test_a_report_shows_what_was_seen() -> None:
    findings = [Finding(name="alive", outcome="kept", why="/health says alive")]
    findings.append(Finding(name="ready", outcome="broken", why="a | b"))
    assert as_markdown(findings).splitlines() == [
        "| promise | outcome | seen |",
        "| --- | --- | --- |",
        "| alive | ✓ kept | /health says alive |",
        "| ready | ✗ broken | a \\| b |",
    ]


def test_after_a_deployment_only_what_shows_it_is_asked() -> None:
    assert [promise.name for promise in SMOKE] == [
        "alive",
        "ready",
        "prediction",
        "stored",
        "request id",
        "TLS redirect",
        "TLS",
    ]


def test_the_command_writes_both_reports_and_succeeds(
    deployed: Deployed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {name: tmp_path / f"report.{name}" for name in ("json", "markdown")}
    options = [part for name, path in files.items() for part in (f"--{name}", str(path))]
    assert main([deployed.url + "/", *options]) == 0
    said = capsys.readouterr()
    assert files["markdown"].read_text() in said.out
    assert said.err == f"{deployed.url}: 18 kept, 3 not asked\n"
    assert {"name": "alive", "outcome": "kept", "why": "/health says alive"} in json.loads(
        files["json"].read_text()
    )["promises"]


def test_the_command_fails_where_a_promise_is_broken(
    deployed: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed.application.fault = FAULTS["the server names itself"][0]
    assert main([deployed.url]) == 1
    assert "| quiet headers | ✗ broken | server: uvicorn |" in capsys.readouterr().out


def test_a_drain_command_that_fails_ends_it(deployed: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([deployed.url, "--drain-command", "there-is-no-such-program now"]) == 2
    assert capsys.readouterr().err.startswith("error: --drain-command: [Errno 2]")


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("api.example.com", "api.example.com: no address to ask; as in https://api.example.com"),
        ("ftp://api.example.com", "ftp://api.example.com: no address to ask; as in https://api.example.com"),
        ("https://", "https://: no address to ask; as in https://api.example.com"),
        ("http://a:99999", "http://a:99999: no address to ask; as in https://api.example.com"),
        (
            "https://a.example/?q=1",
            "https://a.example/?q=1: an address without user, query and fragment is needed",
        ),
        ("http://127.0.0.1:1", "http://127.0.0.1:1 does not answer: the connection is refused"),
        ("http://nobody.invalid", "http://nobody.invalid does not answer: its name is not known"),
    ],
)
def test_an_address_that_cannot_be_asked_is_a_line(
    url: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([url]) == 2
    assert capsys.readouterr() == ("", f"error: {line}\n")


def test_a_last_slash_is_no_part_of_the_address() -> None:
    assert checked_url("https://api.example.com/v1/") == "https://api.example.com/v1"
    with pytest.raises(OperatorError, match="without user"):
        checked_url("https://me:secret@api.example.com")
