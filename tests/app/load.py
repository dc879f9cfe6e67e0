"""Sends predictions from several threads and keeps every answer. Knows no server's inside."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2 as httpx

THREADS = 6
MAX_SECONDS = 30.0
PAUSE_SECONDS = 0.01
"""Between one answer and the next request: what asks leaves the processor to what answers."""


@dataclass
class Answers:
    """What came back."""

    statuses: Counter[str] = field(default_factory=Counter[str])
    """How often each status; `failed` for a request that got none."""
    prediction_ids: list[str] = field(default_factory=list[str])
    """Those that were answered with 200."""
    slowest_seconds: float = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, response: httpx.Response | None, seconds: float) -> None:
        """One more."""
        with self._lock:
            self.slowest_seconds = max(self.slowest_seconds, seconds)
            self.statuses["failed" if response is None else str(response.status_code)] += 1
            if response is not None and response.status_code == 200:
                self.prediction_ids.append(response.json()["prediction_id"])

    def count(self) -> int:
        """How many were answered with 200 so far."""
        return len(self.prediction_ids)


def _ask(client: httpx.Client, url: str, body: Mapping[str, Any], answers: Answers) -> None:
    started = time.perf_counter()
    try:
        response = client.post(f"{url}/predict", json=body)
    except httpx.TransportError:
        response = None
    answers.note(response, time.perf_counter() - started)


@contextmanager
def load(target: Callable[[int], str], flight: Mapping[str, Any]) -> Generator[Answers]:
    """Until the end of the block each thread asks `target(request number)`, one request after the other."""
    answers = Answers()
    stop = threading.Event()
    deadline = time.monotonic() + MAX_SECONDS

    def send(thread: int) -> None:
        number = thread
        with httpx.Client(timeout=10) as client:
            while not stop.is_set() and time.monotonic() < deadline:
                minute = f"2026-07-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}"
                _ask(client, target(number), {**flight, "scheduled_departure": minute}, answers)
                number += THREADS
                time.sleep(PAUSE_SECONDS)

    threads = [threading.Thread(target=send, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        stop.set()
        for thread in threads:
            thread.join()
