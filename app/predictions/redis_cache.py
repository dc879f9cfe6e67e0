"""Remembers the probability of repeated inputs in Redis. Never needed to answer; knows no model."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

log = structlog.get_logger()

PAUSE_SECONDS = 1.0
"""After a failure Redis is left alone this long, so that a slow one costs its budget once, not every time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisBudget:
    """What Redis may cost."""

    timeout_seconds: float
    seconds: int
    """How long an input is remembered."""


class RedisCache:
    """In Redis, for all replicas; away or slow, it is as if nothing were remembered."""

    def __init__(self, url: str, budget: RedisBudget, *, clock: Callable[[], float] = time.monotonic) -> None:
        # The client's annotations leave types open; what is used of it is pinned down here.
        self._redis = cast("Any", Redis).from_url(
            url,
            decode_responses=True,
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=budget.timeout_seconds,
        )
        self._budget = budget
        self._clock = clock
        self._away_until = 0.0

    async def check(self) -> None:
        """Raises if Redis does not answer."""
        await self._redis.ping()

    async def get(self, keys: Sequence[str]) -> Mapping[str, float]:
        """Those that are remembered."""
        found: Mapping[str, float] = {}

        async def read() -> None:
            nonlocal found
            values = await self._redis.mget(keys)
            found = {k: float(v) for k, v in zip(keys, values, strict=True) if v is not None}

        await self._within_budget(read)
        return found

    async def put(self, probabilities: Mapping[str, float]) -> None:
        """Remember these for a while."""

        async def write() -> None:
            pipeline = self._redis.pipeline(transaction=False)
            for key, probability in probabilities.items():
                pipeline.set(key, repr(probability), ex=self._budget.seconds)
            await pipeline.execute()

        await self._within_budget(write)

    async def _within_budget(self, operation: Callable[[], Awaitable[None]]) -> None:
        if self._clock() < self._away_until:
            return
        try:
            async with asyncio.timeout(self._budget.timeout_seconds):
                await operation()
        except Exception as error:  # noqa: BLE001 (uvloop says RuntimeError; no failure here may fail a request)
            self._away_until = self._clock() + PAUSE_SECONDS
            log.warning("cache is away", reason=type(error).__name__, pause_seconds=PAUSE_SECONDS)

    async def close(self) -> None:
        """Give all connections back."""
        await self._redis.aclose()
