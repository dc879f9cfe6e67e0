"""An objective becomes three paces, each with its windows and its share of bad requests."""

import pytest

from infra.observability.burn_rate import (
    BURNS,
    FAST,
    LATENCY,
    SLOW,
    TICKET,
    TICKET_OF_A_DAY,
    Burn,
    errors,
)
from infra.slo import Slo


def test_the_paces_are_those_of_the_workbook() -> None:
    assert [
        (burn.role, burn.factor, burn.long_minutes, burn.short_minutes, burn.pages) for burn in BURNS
    ] == [
        ("fast", 14.4, 60, 5, True),
        ("slow", 6, 360, 30, True),
        ("ticket", 1, 4320, 360, False),
    ]


def test_a_ticket_that_looks_back_a_day_stands_for_the_same_share_of_the_budget() -> None:
    day = TICKET_OF_A_DAY
    assert (day.budget_percent, day.factor, day.long_minutes, day.short_minutes) == (10, 3, 1440, 120)


@pytest.mark.parametrize("burn", [*BURNS, TICKET_OF_A_DAY])
def test_a_short_window_is_a_twelfth_of_the_long_one(burn: Burn) -> None:
    assert burn.long_minutes == 12 * burn.short_minutes


@pytest.mark.parametrize("burn", [*BURNS, TICKET_OF_A_DAY])
def test_a_pace_that_is_held_uses_its_share_up_within_the_long_window(burn: Burn) -> None:
    allowed_a_minute = 1 / (30 * 24 * 60)
    assert burn.factor * allowed_a_minute * burn.long_minutes * 100 == pytest.approx(burn.budget_percent)


@pytest.mark.parametrize(
    ("availability_percent", "shares"),
    [
        (99.99, [0.00144, 0.0006, 0.0001]),
        (99.9, [0.0144, 0.006, 0.001]),
        (99.5, [0.072, 0.03, 0.005]),
        (99, [0.144, 0.06, 0.01]),
        (95, [0.5, 0.3, 0.05]),
        (90, [0.5, 0.5, 0.1]),
    ],
)
def test_the_objective_says_how_many_errors_are_too_many(
    availability_percent: float, shares: list[float]
) -> None:
    objective = errors(Slo(availability_percent=availability_percent))
    assert [objective.bad_share(burn) for burn in BURNS] == shares


def test_a_95th_percentile_is_a_share_of_slow_requests_and_so_a_quantile() -> None:
    assert [(LATENCY.bad_share(burn), LATENCY.quantile(burn)) for burn in BURNS] == [
        (0.5, 0.5),
        (0.3, 0.7),
        (0.05, 0.95),
    ]


def test_a_platform_that_counts_in_budgets_is_told_no_more_than_half_of_all_requests() -> None:
    objective = errors(Slo(availability_percent=99.9))
    assert [objective.burn_rate(burn) for burn in (FAST, SLOW, TICKET)] == [14.4, 6, 1]
    assert [LATENCY.burn_rate(burn) for burn in (FAST, SLOW, TICKET_OF_A_DAY)] == [10, 6, 3]
    assert errors(Slo(availability_percent=90)).burn_rate(SLOW) == 5
