"""Whether the probe finds each fault that is planted, and nothing else."""

import json
import re
from uuid import UUID

import httpx2 as httpx
import pytest

from tests.tools.probe.deployed import Deployed, at, found
from tests.tools.probe.faults import Exchange, Fault
from tools.probe.suite import SUITE, visit
from tools.probe.visitor import Visitor

ALWAYS_UNASKED = {"TLS redirect", "TLS", "drain"}
HTML = b"<html>Not here</html>"


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
