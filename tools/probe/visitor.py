"""Whoever asks a deployed API from outside: its address, its client, what it saw. Knows no promise."""

import socket
import ssl
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any, Self, cast

import httpx2 as httpx

ANSWER_SECONDS = 20.0
"""How long one answer may take: a platform that had scaled to nothing starts a replica meanwhile."""
FLIGHT = {
    "carrier": "UA",
    "origin": "EWR",
    "destination": "IAH",
    "scheduled_departure": "2026-07-04T17:30",
}


class BrokenError(Exception):
    """A promise that is not kept, and what was seen instead."""


class UnseenError(Exception):
    """A promise that nobody outside can see kept or broken here, and why."""


class UnaskedError(Exception):
    """A promise that was not looked at, and what would make it be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draining:
    """How to make the platform replace replicas while requests come in."""

    begin: Callable[[], None]
    """Returns when the platform has been told; whatever it raises ends the probe."""
    watch_seconds: float
    """How long to go on asking afterwards."""


@dataclass(kw_only=True)
class Visitor:
    """One visit to one address."""

    url: str
    transport: httpx.BaseTransport | None = None
    """In place of the network."""
    draining: Draining | None = None
    measured: dict[str, float] = field(default_factory=dict[str, float])
    """Numbers that differ from visit to visit, so no promise rests on them."""

    @cached_property
    def client(self) -> httpx.Client:
        """One client for all questions, which keeps its connection."""
        return self.new_client()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def new_client(self) -> httpx.Client:
        """One more, which follows no redirect: a redirect is an answer."""
        return httpx.Client(base_url=self.url, transport=self.transport, timeout=ANSWER_SECONDS)

    def get(self, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 (what httpx takes)
        """A GET."""
        return self.client.get(path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 (as above)
        """A POST."""
        return self.client.post(path, **more)

    @cached_property
    def prediction(self) -> dict[str, Any]:
        """One prediction that was made on this visit."""
        return answered(self.post("/predict", json=FLIGHT))


def expect(condition: object, otherwise: str) -> None:
    """Raises BrokenError unless it is true."""
    if not condition:
        raise BrokenError(otherwise)


def status_is(response: httpx.Response, status: int) -> None:
    """Raises BrokenError for any other."""
    asked = f"{response.request.method} {response.request.url.path}"
    expect(response.status_code == status, f"{asked} answers {response.status_code} instead of {status}")


def answered(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of a 200."""
    status_is(response, HTTPStatus.OK)
    return json_of(response)


def json_of(response: httpx.Response) -> dict[str, Any]:
    """The JSON object that it holds."""
    try:
        found: object = response.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise BrokenError(f"{response.request.url.path} answers with something else than a JSON object")
    return cast("dict[str, Any]", found)


def records(said: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The JSON objects in a list that an answer has."""
    found = said.get(name)
    items = cast("list[object]", found) if isinstance(found, list) else [None]
    if not all(isinstance(item, dict) for item in items):
        raise BrokenError(f"`{name}` is no list of JSON objects")
    return cast("list[dict[str, Any]]", items)


def plain_reason(error: Exception) -> str:
    """Why nothing came back, in a few words that are the same on every machine."""
    seen: BaseException | None = error
    while seen:
        match seen:
            case socket.gaierror():
                return "its name is not known"
            case ssl.SSLCertVerificationError():
                return f"its certificate is not trusted: {seen.verify_message}"
            case ssl.SSLError():
                return "it does not speak TLS"
            case ConnectionRefusedError():
                return "the connection is refused"
            case _:
                seen = seen.__cause__ or seen.__context__
    return "it takes too long" if isinstance(error, httpx.TimeoutException) else type(error).__name__


@contextmanager
def transport_errors_as_broken() -> Generator[None]:
    """Where no answer comes at all, that is what is broken."""
    try:
        yield
    except httpx.TransportError as error:
        raise BrokenError(f"no answer: {plain_reason(error)}") from error
