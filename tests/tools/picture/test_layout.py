"""Boxes do not overlap, arrows do not run through them, and few of those cross."""

import random
from itertools import combinations, pairwise

import pytest

from infra.portability import Target
from tests.pictures import TARGETS, example
from tools.picture.drawing import Arrow, Box, Drawing
from tools.picture.layout import Layout, Place, apart, crossings, layout, ordered
from tools.picture.ranks import ranks

SIZE = (160.0, 70.0)


def drawn(calls: dict[str, list[str]], *, public: str = "", stores: tuple[str, ...] = ()) -> Drawing:
    names = list(calls)
    outside = [Box(key="internet", title="Internet", role="outside")] if public else []
    boxes = [
        *outside,
        Box(key="secrets", title="secrets", role="secrets"),
        *(Box(key=name, title=name, role="workload") for name in names),
        *(Box(key=name, title=name, role="store") for name in stores),
    ]
    requests = [("internet", public)] * bool(public) + [(a, b) for a in names for b in (*calls[a], *stores)]
    secrets = [*(("secrets", name) for name in names), *((store, "secrets") for store in stores)]
    return Drawing(
        title="",
        boxes=boxes,
        arrows=[
            *(Arrow(source=a, target=b, carries="request") for a, b in requests),
            *(Arrow(source=a, target=b, carries="secret") for a, b in secrets),
        ],
        beside=[],
    )


def some(seed: int) -> Drawing:
    """Up to nine workloads that call some of each other, in circles too."""
    lot = random.Random(seed)  # noqa: S311  no secret
    names = [f"w{number}" for number in range(lot.randint(1, 9))]
    calls = {name: lot.sample(names, lot.randint(0, min(3, len(names)))) for name in names}
    return drawn(calls, public=names[0], stores=("database", "cache")[: lot.randint(0, 2)])


def laid_out(of: Drawing) -> Layout:
    return layout(of, {box.key: SIZE for box in of.boxes})


def overlap(one: Place, other: Place) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


@pytest.mark.parametrize("seed", range(25))
def test_boxes_do_not_overlap_and_no_arrow_runs_through_one(seed: int) -> None:
    picture = some(seed)
    found = laid_out(picture)
    boxes = {box.key: found.places[box.key] for box in picture.boxes}
    assert not [pair for pair in combinations(boxes, 2) if overlap(*(boxes[key] for key in pair))]
    for arrow, way in found.ways:
        passed = [
            key
            for (x, y), (to_x, to_y) in pairwise(way)
            for key, place in boxes.items()
            if x == to_x and overlap(Place(x, min(y, to_y) + 1, 0.1, abs(to_y - y) - 2), place)
        ]
        assert passed == [], arrow
        assert (way[0][1], way[-1][1]) in {
            (boxes[arrow.source].y + SIZE[1], boxes[arrow.target].y),
            (boxes[arrow.source].y, boxes[arrow.target].y + SIZE[1]),
        }
    assert min(place.x for place in found.places.values()) == pytest.approx(0)


def test_requests_go_down_and_secrets_stand_above_who_reads_them() -> None:
    picture = drawn(
        {"gateway": ["orders", "stock"], "orders": ["stock"], "stock": []}, public="gateway", stores=("db",)
    )
    assert ranks(picture) == {"internet": 0, "secrets": 0, "gateway": 1, "orders": 2, "stock": 3, "db": 4}


def test_a_circle_of_calls_is_cut_where_it_closes() -> None:
    assert ranks(drawn({"a": ["b"], "b": ["c"], "c": ["a"]}, public="a")) == {
        "internet": 0,
        "secrets": 0,
        "a": 1,
        "b": 2,
        "c": 3,
    }


def test_rows_are_put_in_an_order_in_which_arrows_do_not_cross() -> None:
    rows = [["a", "b"], ["c", "d"]]
    joined = [("a", "d"), ("b", "c")]
    assert crossings(rows, joined) == 1
    assert crossings(ordered(rows, joined), joined) == 0


@pytest.mark.parametrize("target", TARGETS)
def test_the_pictures_that_are_shown_fit_a_page(target: Target) -> None:
    found = laid_out(example(target))
    assert (found.width < 800, found.height < 800) == (True, True)


@pytest.mark.parametrize(
    ("wished", "gaps", "found"),
    [
        ([0, 100], [50], [0, 100]),
        ([0, 0], [50], [-25, 25]),
        ([0, 0, 0], [50, 50], [-50, 0, 50]),
        ([100, 0], [50], [25, 75]),
        ([], [], []),
    ],
)
def test_neighbours_keep_their_order_and_their_distance(
    wished: list[float], gaps: list[float], found: list[float]
) -> None:
    assert apart(wished, gaps) == pytest.approx(found)
