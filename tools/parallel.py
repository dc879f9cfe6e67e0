"""Does the same for several things, each in a process of its own. Knows not what is done."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)
Result = TypeVar("Result")


def each(
    work: Callable[[Item], Result], items: Sequence[Item], done: Callable[[Item], None]
) -> Mapping[Item, Result]:
    """What `work` makes of each, in their order; `done` is told as they come.

    In processes, since the Pulumi SDK has one state for each.
    """
    context = multiprocessing.get_context("spawn")
    workers = min(os.cpu_count() or 1, len(items))
    found: dict[Item, Result] = {}
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_ignore_interrupts) as pool:
        waiting: dict[Future[Result], Item] = {pool.submit(work, item): item for item in items}
        for future in as_completed(waiting):
            found[waiting[future]] = future.result()
            done(waiting[future])
    return {item: found[item] for item in items}


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
