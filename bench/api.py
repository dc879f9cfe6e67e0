"""`make bench-api`: our API against a bare Starlette application that makes the same model call."""

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvloop

from bench.api_load import Result, requests, saturate, steady
from tests.app.servers import Postgres, free_port, wait_until

CONNECTIONS = 16
ROUNDS = 7
ROUND_SECONDS = 3.0
STEADY_SECONDS = 10.0
STEADY_SHARE = 0.7
STARTS = 3


@dataclass
class Server:
    """One application in its own process."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    def resident_mib(self) -> float:
        """Memory of the process at the moment."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _answers(port: int, request: bytes) -> bool:
    try:
        return not uvloop.run(saturate(port, [request], connections=1, seconds=0.0001)).failures
    except (OSError, asyncio.IncompleteReadError):
        return False


@contextmanager
def serving(name: str, application: str, environment: Mapping[str, str]) -> Generator[Server]:
    """An application until the end of the block; its log goes nowhere, but is written."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.api_server", application, str(port)],
        env={"PATH": os.environ["PATH"], **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        first = requests(1)[0]
        wait_until(lambda: _answers(port, first), what=name)
        yield Server(name, port, process)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def start_seconds(application: str, environment: Mapping[str, str]) -> float:
    """From the start of the process to its first answer."""
    started = time.perf_counter()
    with serving(application, application, environment):
        return time.perf_counter() - started


def measure(servers: list[Server], made: list[bytes]) -> dict[str, list[Result]]:
    """Each server in turn, round by round, so that whatever else the machine does hits all alike."""
    results: dict[str, list[Result]] = {server.name: [] for server in servers}
    for server in servers:
        uvloop.run(saturate(server.port, made, connections=CONNECTIONS, seconds=1))
    for number in range(ROUNDS):
        for server in servers if number % 2 else servers[::-1]:
            found = uvloop.run(saturate(server.port, made, connections=CONNECTIONS, seconds=ROUND_SECONDS))
            results[server.name].append(found)
    return results


def report(servers: list[Server], results: Mapping[str, list[Result]], made: list[bytes]) -> None:
    """One row a server: throughput, its ratio to the first, latency under 70 % of it, memory."""
    bare = results[servers[0].name]
    row = "{:34} {:>9} {:>7} {:>15} {:>10} {:>10} {:>9}"
    print(row.format("", "answers/s", "ratio", "ratio, min-max", "p50 at 70%", "p99 at 70%", "memory"))
    for server in servers:
        found = results[server.name]
        rate = statistics.median(one.per_second for one in found)
        ratios = [one.per_second / base.per_second for one, base in zip(found, bare, strict=True)]
        calm = uvloop.run(steady(server.port, made, per_second=rate * STEADY_SHARE, seconds=STEADY_SECONDS))
        failures = sum(one.failures for one in found) + calm.failures
        print(
            row.format(
                server.name,
                f"{rate:.0f}",
                f"{statistics.median(ratios):.2f}",
                f"{min(ratios):.2f}-{max(ratios):.2f}",
                f"{calm.percentile_milliseconds(50):.1f} ms",
                f"{calm.percentile_milliseconds(99):.1f} ms",
                f"{server.resident_mib():.0f} MiB",
            )
        )
        if failures:
            raise SystemExit(f"{server.name}: {failures} requests were not answered with 200")


def main() -> None:
    """Measure and print."""
    made = requests()
    postgres = Postgres(durable=True)
    with tempfile.TemporaryDirectory() as folder:
        sqlite = {"DATABASE_URL": f"sqlite:///{folder}/predictions.db"}
        kept = {"DATABASE_URL": postgres.url("postgres")}
        try:
            with (
                serving("bare Starlette", "bare", {}) as bare,
                serving("ours, without storage", "ours_without_storage", {}) as without,
                serving("ours, kept in PostgreSQL", "ours", kept) as with_postgres,
                serving("ours, kept in SQLite", "ours", sqlite) as with_sqlite,
            ):
                servers = [bare, without, with_postgres, with_sqlite]
                report(servers, measure(servers, made), made)
            for application, environment in (("bare", {}), ("ours", sqlite), ("ours", kept)):
                seconds = statistics.median(start_seconds(application, environment) for _ in range(STARTS))
                where = environment.get("DATABASE_URL", "").partition(":")[0]
                print(f"start to first 200: {application} {where:12} {seconds:.2f} s")
        finally:
            postgres.close()


if __name__ == "__main__":
    main()
