"""The objective in CloudWatch's words: what a load balancer counts, as metric math. Pure.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html,
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infra.observability.burn_rate import FEWEST_BAD, LATENCY, Burn, Objective, errors
from infra.slo import Slo

NAMESPACE = "AWS/ApplicationELB"
COUNTED: Mapping[str, str] = {
    "requests": "RequestCount",
    "theirs": "HTTPCode_Target_5XX_Count",
    "ours": "HTTPCode_ELB_5XX_Count",
}
Dimensions = Mapping[str, pulumi.Input[str]]


def failures(suffix: str = "") -> str:
    """Those of the tasks, and those of the balancer; `suffix` ends the ids of the metrics."""
    return f"(FILL(theirs{suffix}, 0) + FILL(ours{suffix}, 0))"


def percent_failed(suffix: str = "") -> str:
    """Of all requests: `requests` leaves out those for which there was no target."""
    return f"100 * {failures(suffix)} / (FILL(requests{suffix}, 0) + FILL(ours{suffix}, 0))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One statistic of one metric."""

    name: str
    statistic: str
    dimensions: Dimensions


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An expression over metrics by their ids, and the value above which it is too much."""

    expression: str
    metrics: Mapping[str, Metric]
    threshold: float
    unit: str


def question(objective: Objective, burn: Burn, minutes: int, slo: Slo, balancer: Dimensions) -> Question:
    """Whether the budget goes too fast over a window, asked of those windows in which enough is bad."""
    guarded = minutes == burn.counted_minutes
    if objective.role == "errors":
        return failing(errors(slo).bad_share(burn), balancer, guarded=guarded)
    return waiting(burn, slo, balancer, guarded=guarded)


def failing(share: float, balancer: Dimensions, *, guarded: bool) -> Question:
    """The percentage of requests that failed."""
    percent = percent_failed()
    whole = {"LoadBalancer": balancer["LoadBalancer"]}
    return Question(
        expression=f"IF({failures()} >= {FEWEST_BAD}, {percent}, 0)" if guarded else percent,
        metrics={key: Metric(name=name, statistic="Sum", dimensions=whole) for key, name in COUNTED.items()},
        threshold=round(100 * share, 4),
        unit="percent of requests that failed",
    )


def waiting(burn: Burn, slo: Slo, balancer: Dimensions, *, guarded: bool) -> Question:
    """The time that the allowed share of requests takes longer than, as a percentile."""
    share = LATENCY.bad_share(burn)
    percentile = f"p{100 * LATENCY.quantile(burn):g}"
    slowest = {"seconds": Metric(name="TargetResponseTime", statistic=percentile, dimensions=balancer)}
    asked = {"requests": Metric(name="RequestCount", statistic="Sum", dimensions=balancer)}
    return Question(
        expression=f"IF({share:g} * FILL(requests, 0) >= {FEWEST_BAD}, seconds, 0)" if guarded else "seconds",
        metrics={**slowest, **(asked if guarded else {})},
        threshold=slo.p95_milliseconds / 1000,
        unit=f"seconds that {100 * share:g} of 100 requests exceed",
    )
