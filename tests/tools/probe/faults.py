"""Plants faults in an ASGI application: what it hears or answers is altered. Knows no test."""

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request, and what is answered to it."""

    method: str
    path: str
    asked: bytes
    asked_headers: dict[str, str]
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def answer(self, **changed: Any) -> "Exchange":  # noqa: ANN401 (as dataclasses.replace)
        """The same with another answer."""
        return dataclasses.replace(self, **changed)

    def json(self, **changed: object) -> "Exchange":
        """The same with other fields in the answer's object."""
        return self.answer(body=json.dumps({**json.loads(self.body), **changed}).encode())

    def header(self, name: str, *values: str) -> "Exchange":
        """The same with these values of a header, or without it."""
        kept = [(key, value) for key, value in self.headers if key != name]
        return self.answer(headers=[*kept, *((name, value) for value in values)])


Fault = Callable[[Exchange], Exchange]
"""From what is answered to what is answered instead."""


@dataclass(slots=True)
class Faulty:
    """An application, and the fault that it has at the moment."""

    app: ASGIApp
    fault: Fault | None = None
    deaf_to: str | None = None
    """A header that it does not hear."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not (self.fault or self.deaf_to):
            await self.app(scope, receive, send)
            return
        asked = await _all_of(receive)
        heard = [(name, value) for name, value in scope["headers"] if name.decode() != self.deaf_to]
        said: list[Message] = []

        async def again() -> Message:
            return {"type": "http.request", "body": asked, "more_body": False}

        async def keep(message: Message) -> None:
            said.append(message)

        await self.app({**scope, "headers": heard}, again, keep)
        start, *rest = said
        exchange = Exchange(
            method=scope["method"],
            path=scope["path"],
            asked=asked,
            asked_headers={name.decode(): value.decode() for name, value in scope["headers"]},
            status=start["status"],
            headers=[(name.decode(), value.decode()) for name, value in start["headers"]],
            body=b"".join(message.get("body", b"") for message in rest),
        )
        await _send(self.fault(exchange) if self.fault else exchange, send)


async def _all_of(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _send(exchange: Exchange, send: Send) -> None:
    sized = exchange.header("content-length", str(len(exchange.body)))
    headers = [(name.encode(), value.encode()) for name, value in sized.headers]
    await send({"type": "http.response.start", "status": exchange.status, "headers": headers})
    await send({"type": "http.response.body", "body": exchange.body})
