"""The real API over a socket, with the faults that a test plants."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from tests.app.servers import free_port, wait_until
from tests.tools.probe.faults import Fault, Faulty
from tools.probe.suite import visit
from tools.probe.visitor import Visitor


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


def found(visitor: Visitor, outcome: str) -> dict[str, str]:
    with visitor:
        return {finding.name: finding.why for finding in visit(visitor) if finding.outcome == outcome}


def at(path: str, fault: Fault) -> Fault:
    """Only where the path begins so."""
    return lambda exchange: fault(exchange) if exchange.path.startswith(path) else exchange
