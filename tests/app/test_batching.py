import asyncio
from collections.abc import Sequence
from datetime import datetime

import pytest

from app.model.batching import MAX_ROWS_INLINE, BatchingModel
from app.model.flights import Flight


class CountingModel:
    """Says of each flight its distance, and notes how many it was asked about."""

    def __init__(self) -> None:
        self.calls: list[int] = []

    def delay_probabilities(self, flights: Sequence[Flight]) -> list[float]:
        self.calls.append(len(flights))
        if any(flight.distance_miles < 0 for flight in flights):
            raise ValueError("no such distance")
        return [float(flight.distance_miles) for flight in flights]


def flights(*distances: int) -> list[Flight]:
    departure = datetime(2026, 7, 4, 17, 30)  # noqa: DTZ001 (local by definition)
    return [Flight("UA", "EWR", "IAH", departure, distance) for distance in distances]


def test_those_who_ask_in_the_same_turn_share_a_call_and_each_gets_its_own_answer() -> None:
    model = CountingModel()

    async def run() -> list[list[float]]:
        batching = BatchingModel(model)
        asked = [flights(1), flights(2, 3), flights(4)]
        return await asyncio.gather(*(batching.delay_probabilities(one) for one in asked))

    assert asyncio.run(run()) == [[1], [2, 3], [4]]
    assert model.calls == [4]


def test_who_asks_later_does_not_wait_for_company() -> None:
    model = CountingModel()

    async def run() -> None:
        batching = BatchingModel(model)
        assert await batching.delay_probabilities(flights(1)) == [1]
        assert await batching.delay_probabilities(flights(2)) == [2]

    asyncio.run(run())
    assert model.calls == [1, 1]


def test_many_rows_leave_the_loop_free_for_others() -> None:
    async def run() -> list[float]:
        batching = BatchingModel(CountingModel())
        turns = 0

        async def tick() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        ticking = asyncio.create_task(tick())
        found = await batching.delay_probabilities(flights(*range(MAX_ROWS_INLINE + 1)))
        ticking.cancel()
        assert turns > 1
        return found

    assert asyncio.run(run()) == list(range(MAX_ROWS_INLINE + 1))


@pytest.mark.parametrize("rows", [1, MAX_ROWS_INLINE + 1])
def test_what_goes_wrong_in_the_model_is_told_to_everyone_who_asked(rows: int) -> None:
    async def run() -> list[object]:
        batching = BatchingModel(CountingModel())
        asked = [flights(*[-1] * rows), flights(1)]
        return list(
            await asyncio.gather(
                *(batching.delay_probabilities(one) for one in asked), return_exceptions=True
            )
        )

    assert [type(answer) for answer in asyncio.run(run())] == [ValueError, ValueError]


def test_a_caller_that_went_away_does_not_disturb_the_others() -> None:
    async def run() -> list[float]:
        batching = BatchingModel(CountingModel())
        gone = asyncio.create_task(batching.delay_probabilities(flights(1)))
        stays = asyncio.create_task(batching.delay_probabilities(flights(2)))
        await asyncio.sleep(0)
        gone.cancel()
        return await stays

    assert asyncio.run(run()) == [2]
