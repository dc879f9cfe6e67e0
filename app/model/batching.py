"""Asks the model once for all who ask at the same moment. Knows the event loop, not who asks."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from app.model.flights import Flight

MAX_ROWS_INLINE = 64
"""More rows than this would hold up the other requests, so a thread takes them."""


class Model(Protocol):
    """What can be asked about flights."""

    def delay_probabilities(self, flights: Sequence[Flight]) -> list[float]:
        """In the order of `flights`."""
        ...


class _Question(NamedTuple):
    flights: Sequence[Flight]
    answer: "asyncio.Future[list[float]]"


class BatchingModel:
    """A model whose call costs much more than a row of it, for callers on one event loop.

    Requests that became ready in the same turn of the loop share a call; nobody waits for others to come.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._waiting: list[_Question] = []
        self._in_threads: set[asyncio.Task[None]] = set()

    async def delay_probabilities(self, flights: Sequence[Flight]) -> list[float]:
        """In the order of `flights`. Raises what the model raises."""
        loop = asyncio.get_running_loop()
        question = _Question(flights, loop.create_future())
        if not self._waiting:
            loop.call_soon(self._ask)
        self._waiting.append(question)
        return await question.answer

    def _ask(self) -> None:
        questions, self._waiting = self._waiting, []
        flights = [flight for question in questions for flight in question.flights]
        if len(flights) > MAX_ROWS_INLINE:
            task = asyncio.create_task(self._ask_in_thread(questions, flights))
            self._in_threads.add(task)
            task.add_done_callback(self._in_threads.discard)
            return
        try:
            _share(questions, self._model.delay_probabilities(flights))
        except Exception as error:  # noqa: BLE001 (each caller is told, and decides)
            _fail(questions, error)

    async def _ask_in_thread(self, questions: Sequence[_Question], flights: Sequence[Flight]) -> None:
        try:
            _share(questions, await asyncio.to_thread(self._model.delay_probabilities, flights))
        except Exception as error:  # noqa: BLE001 (as above)
            _fail(questions, error)


def _share(questions: Sequence[_Question], probabilities: Sequence[float]) -> None:
    start = 0
    for flights, answer in questions:
        # A caller that was cancelled meanwhile waits no more.
        if not answer.done():
            answer.set_result(list(probabilities[start : start + len(flights)]))
        start += len(flights)


def _fail(questions: Sequence[_Question], error: Exception) -> None:
    for _, answer in questions:
        if not answer.done():
            answer.set_exception(error)
