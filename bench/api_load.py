"""A load generator that costs little: one process, keep-alive connections, answers counted, not parsed."""

import asyncio
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.model.predictor import Predictor

SEED = 7
BODIES = 4000
END_OF_HEAD = b"\r\n\r\n"


def requests(count: int = BODIES) -> list[bytes]:
    """Different flights that the model knows, the same each time."""
    catalogue = Predictor.load().manifest.catalogue
    pairs = [pair.split("-") for pair in catalogue.distances_miles]
    random.seed(SEED)
    made: list[bytes] = []
    for _ in range(count):
        origin, destination = random.choice(pairs)  # noqa: S311 (a load, not a secret)
        day, hour, minute = random.randint(1, 28), random.randint(0, 23), random.randint(0, 59)  # noqa: S311
        body = json.dumps(
            {
                "carrier": random.choice(catalogue.carriers),  # noqa: S311
                "origin": origin,
                "destination": destination,
                "scheduled_departure": f"2026-07-{day:02}T{hour:02}:{minute:02}",
            }
        ).encode()
        head = f"POST /predict HTTP/1.1\r\nhost: api\r\ncontent-length: {len(body)}\r\n"
        made.append(head.encode() + b"content-type: application/json" + END_OF_HEAD + body)
    return made


@dataclass
class Result:
    """What one run measured."""

    seconds: float = 0
    latencies_seconds: list[float] = field(default_factory=list[float])
    failures: int = 0

    @property
    def per_second(self) -> float:
        """Answers with 200."""
        return len(self.latencies_seconds) / self.seconds

    def percentile_milliseconds(self, percent: float) -> float:
        """Of the latencies."""
        ordered = sorted(self.latencies_seconds)
        return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)] * 1000


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bool:
    writer.write(request)
    head = await reader.readuntil(END_OF_HEAD)
    start = head.lower().index(b"content-length:") + len(b"content-length:")
    await reader.readexactly(int(head[start : head.index(b"\r\n", start)]))
    return head.startswith(b"HTTP/1.1 200")


async def saturate(port: int, made: Sequence[bytes], *, connections: int, seconds: float) -> Result:
    """Each connection asks again as soon as it is answered."""
    result = Result()
    started = time.perf_counter()

    async def run(first: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        number = first
        while (sent := time.perf_counter()) - started < seconds:
            well = await _exchange(reader, writer, made[number % len(made)])
            _note(result, sent, well=well)
            number += connections
        writer.close()

    await asyncio.gather(*(run(n) for n in range(connections)))
    result.seconds = time.perf_counter() - started
    return result


async def steady(port: int, made: Sequence[bytes], *, per_second: float, seconds: float) -> Result:
    """Requests leave on schedule, answered or not; latency counts from when each was due."""
    result = Result()
    idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(64):
        idle.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    started = time.perf_counter()

    async def one(due: float, request: bytes) -> None:
        connection = await idle.get()
        well = await _exchange(*connection, request)
        _note(result, due, well=well)
        idle.put_nowait(connection)

    tasks: list[asyncio.Task[None]] = []
    for number in range(int(per_second * seconds)):
        due = started + number / per_second
        await asyncio.sleep(max(0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(due, made[number % len(made)])))
    await asyncio.gather(*tasks)
    result.seconds = time.perf_counter() - started
    while not idle.empty():
        idle.get_nowait()[1].close()
    return result


def _note(result: Result, since: float, *, well: bool) -> None:
    if well:
        result.latencies_seconds.append(time.perf_counter() - since)
    else:
        result.failures += 1
