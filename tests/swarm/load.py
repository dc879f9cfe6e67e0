"""Asks without a pause, and keeps what did not go well. Knows no platform."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx2 as httpx

FLIGHT = {
    "carrier": "UA",
    "origin": "JFK",
    "destination": "LAX",
    "scheduled_departure": "2026-11-21T18:30",
}
ASKING = 4


@dataclass(slots=True)
class Load:
    """What was answered so far."""

    answered: int = 0
    failed: list[str] = field(default_factory=list[str])
    over: threading.Event = field(default_factory=threading.Event)

    def ask(self, url: str) -> None:
        """Until it is over, each request on a connection of its own, as from a new client."""
        while not self.over.is_set():
            try:
                answer = httpx.post(f"{url}/predict", json=FLIGHT, timeout=20)
            except httpx.HTTPError as error:
                self.failed.append(repr(error))
                continue
            if answer.status_code == HTTPStatus.OK:
                self.answered += 1
            else:
                self.failed.append(f"{answer.status_code} {answer.text[:200]}")


@contextmanager
def load(url: str) -> Generator[Load]:
    """Some clients at once, until the end of the block."""
    asked = Load()
    clients = [threading.Thread(target=asked.ask, args=(url,)) for _ in range(ASKING)]
    for client in clients:
        client.start()
    try:
        yield asked
    finally:
        asked.over.set()
        for client in clients:
            client.join()
