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
from dataclasses import dataclass, field
from pathlib import Path

import uvloop

from bench.api_load import Result, requests, saturate, steady
from tests.app.servers import Postgres, free_port, wait_until

CONNECTIONS = 16
ROUNDS = 20
ROUND_SECONDS = 1.0
STEADY_SECONDS = 10.0
STEADY_SHARE = 0.7
STARTS = 3


@dataclass
class Server:
    """One application in its own process."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        """What the process has used so far: unlike the clock, it does not count what others use."""
        times = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(int(ticks) for ticks in times) / os.sysconf("SC_CLK_TCK")

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


@dataclass
class Measured:
    """What all rounds of a server gave."""

    rounds: list[Result] = field(default_factory=list[Result])
    cpu_seconds: float = 0

    @property
    def per_second(self) -> float:
        """Answers in the median round."""
        return statistics.median(one.per_second for one in self.rounds)

    @property
    def cpu_microseconds(self) -> float:
        """For one answer."""
        return self.cpu_seconds / sum(len(one.latencies_seconds) for one in self.rounds) * 1e6


def measure(servers: list[Server], made: list[bytes]) -> dict[str, Measured]:
    """Each server in turn, round by round, so that whatever else the machine does hits all alike."""
    results = {server.name: Measured() for server in servers}
    for server in servers:
        uvloop.run(saturate(server.port, made, connections=CONNECTIONS, seconds=1))
    for number in range(ROUNDS):
        for server in servers if number % 2 else servers[::-1]:
            before = server.cpu_seconds()
            found = uvloop.run(saturate(server.port, made, connections=CONNECTIONS, seconds=ROUND_SECONDS))
            results[server.name].rounds.append(found)
            results[server.name].cpu_seconds += server.cpu_seconds() - before
    return results


def report(servers: list[Server], results: Mapping[str, Measured], made: list[bytes]) -> None:
    """One row a server: throughput and its ratio to the first, CPU and its ratio, latency, memory."""
    bare = results[servers[0].name]
    print("| application | answers/s | ratio (quartiles) | CPU/answer | ratio | p50, p99 at 70 % | memory |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for server in servers:
        found = results[server.name]
        pairs = zip(found.rounds, bare.rounds, strict=True)
        quartiles = statistics.quantiles([one.per_second / base.per_second for one, base in pairs])
        rate = found.per_second * STEADY_SHARE
        calm = uvloop.run(steady(server.port, made, per_second=rate, seconds=STEADY_SECONDS))
        failures = sum(one.failures for one in found.rounds) + calm.failures
        if failures:
            raise SystemExit(f"{server.name}: {failures} requests were not answered with 200")
        p50, p99 = (calm.percentile_milliseconds(percent) for percent in (50, 99))
        print(
            f"| {server.name} | {found.per_second:.0f}"
            f" | {quartiles[1]:.2f} ({quartiles[0]:.2f}-{quartiles[2]:.2f})"
            f" | {found.cpu_microseconds:.0f} µs | {bare.cpu_microseconds / found.cpu_microseconds:.2f}"
            f" | {p50:.1f}, {p99:.1f} ms | {server.resident_mib():.0f} MiB |"
        )


def main() -> None:
    """Measure and print."""
    made = requests()
    postgres = Postgres(durable=True)
    with tempfile.TemporaryDirectory() as folder:
        sqlite = {"DATABASE_URL": f"sqlite:///{folder}/predictions.db"}
        kept = {"DATABASE_URL": postgres.url("postgres")}
        try:
            print(f"Load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
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
                print(f"From start to first 200, {application} {where}: {seconds:.2f} s")
        finally:
            postgres.close()


if __name__ == "__main__":
    main()
