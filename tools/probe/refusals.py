"""What the API answers when it is asked wrongly. Knows promises, not how they are reported."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from tools.probe.visitor import FLIGHT, Visitor, expect, json_of, records, status_is

PROBLEM = "application/problem+json"
LIMIT_BYTES = 1024 * 1024
PIECE_BYTES = 65536
JSON = {"content-type": "application/json"}


def _problem(response: httpx.Response, status: int) -> dict[str, Any]:
    status_is(response, status)
    kind = response.headers.get("content-type", "")
    expect(kind.partition(";")[0] == PROBLEM, f"a {status} is {kind or 'untyped'} instead of {PROBLEM}")
    said = json_of(response)
    expect(said.get("status") == status, f"the problem itself says {said.get('status')!r}, not {status}")
    return said


def too_large(visitor: Visitor) -> str:
    """A body over one mebibyte is refused, by the API or by what stands before it."""
    response = visitor.post("/predict", content=b" " * (LIMIT_BYTES + 1), headers=JSON)
    status_is(response, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return "a body of 1 MiB and a byte gets 413"


def hidden_length(visitor: Visitor) -> str:
    """A body that does not say its length is refused just so."""

    def pieces() -> Iterator[bytes]:
        for _ in range(0, 2 * LIMIT_BYTES, PIECE_BYTES):
            yield b" " * PIECE_BYTES

    response = visitor.post("/predict", content=pieces(), headers=JSON)
    status_is(response, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return "2 MiB in pieces get 413"


def large_but_allowed(visitor: Visitor) -> str:
    """What stands before the API lets through as much as it takes: here, a body that is not JSON."""
    _problem(
        visitor.post("/predict", content=b" " * (LIMIT_BYTES - PIECE_BYTES), headers=JSON),
        HTTPStatus.UNPROCESSABLE_ENTITY,
    )
    return "a body just under 1 MiB reaches the API"


def wrong_value(visitor: Visitor) -> str:
    """A value that cannot be is named."""
    response = visitor.post("/predict", json={**FLIGHT, "origin": "nowhere"})
    said = _problem(response, HTTPStatus.UNPROCESSABLE_ENTITY)
    fields = [one.get("field") for one in records(said, "errors")]
    expect(fields == ["body.origin"], f"the problem names {fields} instead of body.origin")
    expect("nowhere" not in response.text, "the problem repeats what was sent")
    return "a wrong origin gets 422, which names body.origin"


def unknown_field(visitor: Visitor) -> str:
    """A field that nobody knows is not passed over."""
    response = visitor.post("/predict", json={**FLIGHT, "seat": "1A"})
    _problem(response, HTTPStatus.UNPROCESSABLE_ENTITY)
    return "an unknown field gets 422"


def unknown_path(visitor: Visitor) -> str:
    """What is not there is said not to be there, by the API itself."""
    _problem(visitor.get("/there-is-nothing-here"), HTTPStatus.NOT_FOUND)
    return "an unknown path gets 404 as a problem"


def wrong_method(visitor: Visitor) -> str:
    """A wrong method is refused, and the right one named."""
    response = visitor.get("/predict")
    _problem(response, HTTPStatus.METHOD_NOT_ALLOWED)
    expect("POST" in response.headers.get("allow", ""), "a 405 does not name the allowed method")
    return "GET /predict gets 405, which allows POST"
