"""Where boxes and arrows lie, in ranks from the internet down to the data. Pure; knows no format.

Ranks with waypoints for arrows that pass some, ordered by the mean place of what each is joined to: the
method of Sugiyama, Tagawa and Toda, https://doi.org/10.1109/TSMC.1981.4308636.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tools.picture.drawing import Arrow, Drawing
from tools.picture.ranks import chain, links, ranks

Point = tuple[float, float]
Size = tuple[float, float]
BETWEEN_BOXES, BETWEEN_LANES, BETWEEN_RANKS = 48.0, 30.0, 62.0
SWEEPS = 24
PORTS = 28.0
"""Between two arrows at one side of a box."""


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle; a waypoint has no width."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> float:
        """From the left."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Layout:
    """A rectangle for each box, and the points that each arrow passes, from its source to its target."""

    places: Mapping[str, Place]
    ways: Sequence[tuple[Arrow, Sequence[Point]]]
    width: float
    height: float


def layout(drawing: Drawing, sizes: Mapping[str, Size]) -> Layout:
    """The boxes that requests and secrets pass."""
    found = ranks(drawing)
    arrows = [arrow for arrow in drawing.arrows if found[arrow.source] != found[arrow.target]]
    chains = [chain(arrow, found) for arrow in arrows]
    joined = links(chains)
    rows = ordered(_rows(drawing, found, chains), joined)
    centres = _centred(rows, joined, sizes)
    places = _places(rows, centres, sizes)
    ways = [
        (arrow, way if passed[0] == arrow.source else way[::-1])
        for arrow, passed, way in zip(arrows, chains, _ways(chains, places), strict=True)
    ]
    right = max((place.x + place.width for place in places.values()), default=0.0)
    bottom = max((place.y + place.height for place in places.values()), default=0.0)
    return Layout(places, ways, right, bottom)


def _rows(drawing: Drawing, found: Mapping[str, int], chains: Sequence[Sequence[str]]) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(max(found.values(), default=-1) + 1)]
    for box in drawing.boxes:
        rows[found[box.key]].append(box.key)
    for passed in chains:
        for step, waypoint in enumerate(passed[1:-1], start=1):
            rows[found[passed[0]] + step].append(waypoint)
    return rows


def ordered(rows: list[list[str]], joined: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Of all orders that the sweeps come by, the one in which the fewest arrows cross."""
    best, fewest = rows, crossings(rows, joined)
    current = rows
    for sweep in range(SWEEPS):
        downward = sweep % 2 == 0
        current = _swept(current, joined, downward=downward)
        if (crossed := crossings(current, joined)) < fewest:
            best, fewest = current, crossed
    return best


def _swept(rows: list[list[str]], joined: Sequence[tuple[str, str]], *, downward: bool) -> list[list[str]]:
    neighbours = _neighbours(joined if downward else [(lower, upper) for upper, lower in joined])
    swept = [list(row) for row in rows]
    for row, before in zip(*((swept[1:], swept) if downward else (swept[-2::-1], swept[::-1])), strict=False):
        places = {key: place for place, key in enumerate(before)}
        old = {key: place for place, key in enumerate(row)}
        row.sort(key=lambda key: _mean([places[each] for each in neighbours[key]], old[key]))
    return swept


def crossings(rows: Sequence[Sequence[str]], joined: Sequence[tuple[str, str]]) -> int:
    """How many pairs of arrows cross between ranks."""
    rank = {key: number for number, row in enumerate(rows) for key in row}
    place = {key: number for row in rows for number, key in enumerate(row)}
    between: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for upper, lower in joined:
        between[rank[upper]].append((place[upper], place[lower]))
    return sum(
        (one[0] - other[0]) * (one[1] - other[1]) < 0
        for pairs in between.values()
        for number, one in enumerate(pairs)
        for other in pairs[:number]
    )


def _centred(
    rows: Sequence[Sequence[str]], joined: Sequence[tuple[str, str]], sizes: Mapping[str, Size]
) -> dict[str, float]:
    """As near to the mean of its neighbours as its row allows, in turns from above and from below."""
    below = _neighbours(joined)
    above = _neighbours([(lower, upper) for upper, lower in joined])
    centres = {key: float(place) * 200 for row in rows for place, key in enumerate(row)}
    for turn in range(SWEEPS):
        for row in rows if turn % 2 == 0 else rows[::-1]:
            wished = [
                _mean([centres[each] for each in (*below[key], *above[key])], centres[key]) for key in row
            ]
            centres |= dict(zip(row, apart(wished, _gaps(row, sizes)), strict=True))
    return centres


def apart(wished: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """The places nearest to those wished for that keep their order, and at least these gaps between them."""
    offsets = [sum(gaps[:place]) for place in range(len(wished))]
    groups: list[list[float]] = []
    for wish, offset in zip(wished, offsets, strict=True):
        groups.append([wish - offset])
        while len(groups) > 1 and _mean(groups[-2], 0) > _mean(groups[-1], 0):
            last = groups.pop()
            groups[-1] += last
    flat = [_mean(group, 0) for group in groups for _ in group]
    return [value + offset for value, offset in zip(flat, offsets, strict=True)]


def _gaps(row: Sequence[str], sizes: Mapping[str, Size]) -> list[float]:
    """Between the centres of neighbours in a row."""
    return [
        (sizes.get(one, (0.0, 0.0))[0] + sizes.get(other, (0.0, 0.0))[0]) / 2
        + (BETWEEN_BOXES if one in sizes and other in sizes else BETWEEN_LANES)
        for one, other in pairwise(row)
    ]


def _places(
    rows: Sequence[Sequence[str]], centres: Mapping[str, float], sizes: Mapping[str, Size]
) -> dict[str, Place]:
    left = min((centres[key] - sizes.get(key, (0.0, 0.0))[0] / 2 for row in rows for key in row), default=0.0)
    places: dict[str, Place] = {}
    top = 0.0
    for row in rows:
        tallest = max((sizes[key][1] for key in row if key in sizes), default=0.0)
        for key in row:
            width, height = sizes.get(key, (0.0, tallest))
            places[key] = Place(centres[key] - width / 2 - left, top + (tallest - height) / 2, width, height)
        top += tallest + BETWEEN_RANKS
    return places


def _ways(chains: Sequence[Sequence[str]], places: Mapping[str, Place]) -> list[list[Point]]:
    """From above to below, each with a port of its own at either end."""
    leaving, arriving = _ports(chains, places, 0, 1), _ports(chains, places, -1, -2)
    ways: list[list[Point]] = []
    for number, passed in enumerate(chains):
        upper, lower = places[passed[0]], places[passed[-1]]
        between = [
            point
            for each in passed[1:-1]
            for point in (
                (places[each].x, places[each].y),
                (places[each].x, places[each].y + places[each].height),
            )
        ]
        ways.append([(leaving[number], upper.y + upper.height), *between, (arriving[number], lower.y)])
    return ways


def _ports(
    chains: Sequence[Sequence[str]], places: Mapping[str, Place], end: int, neighbour: int
) -> dict[int, float]:
    """Where each chain meets its box, in the order of where it comes from, or goes to."""
    at: dict[str, list[int]] = defaultdict(list)
    for number, passed in enumerate(chains):
        at[passed[end]].append(number)
    ports: dict[int, float] = {}
    for key, numbers in at.items():
        numbers.sort(key=lambda number: places[chains[number][neighbour]].centre)
        step = min(PORTS, (places[key].width - 30) / max(len(numbers), 1))
        for place, number in enumerate(numbers):
            ports[number] = places[key].centre + (place - (len(numbers) - 1) / 2) * step
    return ports


def _neighbours(joined: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Of each lower one, the upper ones."""
    found: dict[str, list[str]] = defaultdict(list)
    for upper, lower in joined:
        found[lower].append(upper)
    return found


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
