"""How far down each box of a drawing stands: internet, fronts, callers, callees, data. Pure."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from tools.picture.drawing import Arrow, Drawing


def ranks(drawing: Drawing) -> dict[str, int]:
    """A request goes down; a circle of calls is cut where it closes. Secrets stand above who reads them."""
    roles = {box.key: box.role for box in drawing.boxes}
    way_in = [key for key, role in roles.items() if role in {"outside", "front"}]
    workloads = [key for key, role in roles.items() if role == "workload"]
    requests = [arrow for arrow in drawing.arrows if arrow.carries == "request"]
    found = depths(way_in, requests)
    first = max(found.values(), default=0) + 1
    found |= {key: first + depth for key, depth in depths(workloads, requests).items()}
    last = max(found.values(), default=0) + 1
    found |= {key: last for key, role in roles.items() if role == "store"}
    readers = [found[arrow.target] for arrow in drawing.arrows if roles[arrow.source] == "secrets"]
    return found | {key: min(readers, default=first) - 1 for key, role in roles.items() if role == "secrets"}


def depths(keys: Sequence[str], arrows: Sequence[Arrow]) -> dict[str, int]:
    """The longest way to each, among these alone."""
    onward: Mapping[str, list[str]] = {key: [] for key in keys}
    for arrow in arrows:
        if arrow.source in onward and arrow.target in onward and arrow.source != arrow.target:
            onward[arrow.source].append(arrow.target)
    order = _callers_first(keys, onward)
    found = dict.fromkeys(keys, 0)
    for place, key in enumerate(order):
        for callee in onward[key]:
            if callee in order[place:]:
                found[callee] = max(found[callee], found[key] + 1)
    return found


def _callers_first(keys: Sequence[str], onward: Mapping[str, list[str]]) -> list[str]:
    called = {callee for callees in onward.values() for callee in callees}
    finished: list[str] = []
    seen: set[str] = set()

    def visit(key: str) -> None:
        if key not in seen:
            seen.add(key)
            for callee in onward[key]:
                visit(callee)
            finished.append(key)

    for key in sorted(keys, key=lambda each: each in called):
        visit(key)
    return finished[::-1]


def chain(arrow: Arrow, found: Mapping[str, int]) -> list[str]:
    """The arrow's ends from above to below, and a waypoint in each rank that it passes."""
    upper, lower = sorted((arrow.source, arrow.target), key=lambda key: found[key])
    between = range(found[upper] + 1, found[lower])
    name = f"{arrow.carries} {arrow.source} {arrow.target}"
    return [upper, *(f"{name} {rank}" for rank in between), lower]


def links(chains: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """Neighbours from rank to rank."""
    return [pair for each in chains for pair in pairwise(each)]
