"""Leaving without dropping a request: on SIGTERM first say no to new work, then stop. Knows no server."""

import asyncio
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import Context
from types import FrameType

import structlog

log = structlog.get_logger()


class Drain:
    """Whether this process is about to stop."""

    def __init__(self) -> None:
        self.started = False

    @contextmanager
    def on_sigterm(self, seconds: float) -> Generator[None]:
        """Between SIGTERM and the server's own handler lie `seconds`, in which load balancers look elsewhere.

        A second SIGTERM does not wait. Signals reach the main thread only; elsewhere this does nothing.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        server_handler = signal.getsignal(signal.SIGTERM)

        def stop_server(number: int, frame: FrameType | None) -> None:
            if callable(server_handler):
                server_handler(number, frame)

        def begin() -> None:
            log.info("draining", seconds=seconds)
            loop.call_later(seconds, stop_server, signal.SIGTERM.value, None)

        def handle(number: int, frame: FrameType | None) -> None:
            if self.started or not callable(server_handler):
                stop_server(number, frame)
                return
            self.started = True
            # A context of its own: the signal interrupts whichever request is running.
            loop.call_soon_threadsafe(begin, context=Context())

        signal.signal(signal.SIGTERM, handle)
        try:
            yield
        finally:
            signal.signal(signal.SIGTERM, server_handler)
