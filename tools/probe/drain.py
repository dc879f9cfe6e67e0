"""Whether a request is lost while replicas are replaced. Knows neither the platform nor how it is told."""

import threading
import time
from http import HTTPStatus

import httpx2 as httpx

from tools.probe.visitor import FLIGHT, UnaskedError, Visitor, expect, plain_reason

THREADS = 4
PAUSE_SECONDS = 0.1
"""Between an answer and the next request of a thread: few enough for any rate limit of ours."""
BEFORE_SECONDS = 1.0


def drains(visitor: Visitor) -> str:
    """Replicas that leave finish what they began, and get nothing new."""
    draining = visitor.draining
    if draining is None:
        raise UnaskedError("say how replicas are replaced: --drain-command")
    load = _Load(visitor)
    with load:
        time.sleep(BEFORE_SECONDS)
        draining.begin()
        time.sleep(draining.watch_seconds)
    visitor.measured["requests while draining"] = load.asked
    visitor.measured["requests lost while draining"] = len(load.lost)
    most = max(set(load.lost), key=load.lost.count) if load.lost else ""
    expect(not load.lost, f"requests are lost while replicas are replaced; most of them: {most}")
    expect(load.asked, "no request was answered meanwhile")
    return "no request is lost while replicas are replaced"


class _Load:
    """Predictions asked for by several threads until the end of the block."""

    def __init__(self, visitor: Visitor) -> None:
        self.asked = 0
        self.lost: list[str] = []
        self._visitor = visitor
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._send, daemon=True) for _ in range(THREADS)]

    def __enter__(self) -> None:
        for thread in self._threads:
            thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _send(self) -> None:
        with self._visitor.new_client() as client:
            while not self._stop.wait(PAUSE_SECONDS):
                lost = _one(client)
                with self._lock:
                    self.asked += 1
                    self.lost += [lost] if lost else []


def _one(client: httpx.Client) -> str | None:
    """Why there was no prediction, or None where there was."""
    try:
        code = client.post("/predict", json=FLIGHT).status_code
    except httpx.TransportError as error:
        return f"no answer: {plain_reason(error)}"
    return None if code == HTTPStatus.OK else str(code)
