"""Does the same for several things, each in a process of its own. Knows not what is done."""

import functools
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)
Result = TypeVar("Result")


def each(
    work: Callable[[Item], Result], items: Sequence[Item], done: Callable[[Item], None]
) -> Mapping[Item, Result]:
    """What `work` makes of each, in their order; `done` is told as they come.

    In processes, since the Pulumi SDK has one state for each. Where that is sound they are forked from one
    that has imported what is imported here, which saves each of them a second.
    """
    context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
    context.set_forkserver_preload([name for name in sys.modules if name.startswith("tools.")])
    workers = min(os.cpu_count() or 1, len(items))
    alike = functools.partial(_as_here, dict(os.environ))
    found: dict[Item, Result] = {}
    with ProcessPoolExecutor(workers, mp_context=context, initializer=alike) as pool:
        waiting: dict[Future[Result], Item] = {pool.submit(work, item): item for item in items}
        for future in as_completed(waiting):
            found[waiting[future]] = future.result()
            done(waiting[future])
    return {item: found[item] for item in items}


def _as_here(environment: Mapping[str, str]) -> None:
    """What is forked has the environment in which its server began."""
    os.environ.clear()
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
