"""Remembers the probability of repeated inputs. Never needed to answer; knows no model."""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol


class Cache(Protocol):
    """Probabilities by input. Nothing that goes wrong in here reaches the caller."""

    async def get(self, keys: Sequence[str]) -> Mapping[str, float]:
        """Those that are remembered."""
        ...

    async def put(self, probabilities: Mapping[str, float]) -> None:
        """Remember these for a while."""
        ...

    async def check(self) -> None:
        """Raises if it is away."""
        ...

    async def close(self) -> None:
        """Give back what it holds open."""
        ...


class MemoryCache:
    """In this process, the least recently used forgotten first."""

    def __init__(self, *, entries: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._entries = entries
        self._seconds = seconds
        self._clock = clock
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def get(self, keys: Sequence[str]) -> Mapping[str, float]:
        """Those that are remembered."""
        now = self._clock()
        found: dict[str, float] = {}
        for key in keys:
            held = self._held.get(key)
            if held is not None and held[1] > now:
                self._held.move_to_end(key)
                found[key] = held[0]
        return found

    async def put(self, probabilities: Mapping[str, float]) -> None:
        """Remember these for a while."""
        until = self._clock() + self._seconds
        for key, probability in probabilities.items():
            self._held[key] = (probability, until)
            self._held.move_to_end(key)
        while len(self._held) > self._entries:
            self._held.popitem(last=False)

    async def check(self) -> None:
        """Memory is always there."""

    async def close(self) -> None:
        """Nothing is held open."""
