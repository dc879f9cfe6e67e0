"""How fast an error budget may go before somebody is told. Pure arithmetic; knows no platform.

https://sre.google/workbook/alerting-on-slos/#6-multiwindow-multi-burn-rate-alerts: an alert is as many times
faster than the objective allows as uses its share of a month's budget up within its long window. The short
window, a twelfth of it, says that it still goes on.
"""

from dataclasses import dataclass
from typing import Literal

from infra.slo import Slo

DAY_MINUTES = 24 * 60
MONTH_DAYS = 30
"""What an error budget is for, as in the source above."""
MOST_BAD = 0.5
"""However modest the objective is: when half of all requests are bad, somebody must look."""
SLOW_SHARE = 0.05
"""What a 95th percentile allows: so many requests may be slower than it says."""
FEWEST_BAD = 10
"""An alert needs so many bad requests, so that one request that fails on an idle API wakes nobody.

https://sre.google/workbook/alerting-on-slos/#low-traffic-services-and-error-budget-alerting
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """A pace at which a budget goes, and what is done about it."""

    role: Literal["fast", "slow", "ticket"]
    budget_percent: float
    """Of the month's budget, gone once the long window is full."""
    long_minutes: int
    short_minutes: int
    counted_minutes: int
    """The window in which there must be `FEWEST_BAD`.

    The short one of the fast alert, which undoes a deployment by itself: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
    """

    @property
    def factor(self) -> float:
        """How many times faster than allowed: 14.4, 6, 1."""
        return round(self.budget_percent / 100 * MONTH_DAYS * DAY_MINUTES / self.long_minutes, 4)

    @property
    def pages(self) -> bool:
        """Whether somebody is woken; else it waits for the morning."""
        return self.role != "ticket"


FAST = Burn(role="fast", budget_percent=2, long_minutes=60, short_minutes=5, counted_minutes=5)
SLOW = Burn(role="slow", budget_percent=5, long_minutes=360, short_minutes=30, counted_minutes=360)
TICKET = Burn(
    role="ticket",
    budget_percent=10,
    long_minutes=3 * DAY_MINUTES,
    short_minutes=360,
    counted_minutes=3 * DAY_MINUTES,
)
BURNS = (FAST, SLOW, TICKET)
TICKET_OF_A_DAY = Burn(
    role="ticket",
    budget_percent=10,
    long_minutes=DAY_MINUTES,
    short_minutes=120,
    counted_minutes=DAY_MINUTES,
)
"""The same share of the budget, for platforms that look back no further than a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What may be bad of all requests."""

    role: Literal["errors", "latency"]
    budget: float
    """The share of requests that may fail, or be slow."""

    def bad_share(self, burn: Burn) -> float:
        """The share of bad requests above which the budget goes too fast."""
        return min(round(burn.factor * self.budget, 6), MOST_BAD)

    def burn_rate(self, burn: Burn) -> float:
        """The same in budgets, for platforms that count in them."""
        return round(self.bad_share(burn) / self.budget, 4)

    def quantile(self, burn: Burn) -> float:
        """The same as a quantile: it lies above a duration just when more than that share takes longer."""
        return round(1 - self.bad_share(burn), 6)


def errors(slo: Slo) -> Objective:
    """Requests that fail with 5xx."""
    return Objective(role="errors", budget=round(1 - slo.availability_percent / 100, 8))


LATENCY = Objective(role="latency", budget=SLOW_SHARE)
"""Requests that are slower than `p95Milliseconds`: whatever the duration is, 5 of 100 may be."""
