"""What is left of an error budget, and how fast it goes, as graphs of CloudWatch. Pure."""

from collections.abc import Mapping

import pulumi

from infra.aws.burn_expressions import COUNTED, NAMESPACE, percent_failed
from infra.aws.widgets import Graph, Metric
from infra.observability.burn_rate import BURNS, LATENCY, MONTH_DAYS, errors
from infra.slo import Slo

Balancer = Mapping[str, pulumi.Input[str]]
MONTH = {"view": "singleValue", "setPeriodToTimeRange": True, "start": f"-P{MONTH_DAYS}D"}
WINDOWS_SECONDS = {f"{burn.long_minutes // 60}h": burn.long_minutes * 60 for burn in BURNS}


def budget_graphs(name: str, balancer: Balancer, slo: Slo) -> list[Graph]:
    """At a burn rate of 1 a budget lasts the month."""
    failed, slow = (
        [line for window in WINDOWS_SECONDS for line in lines(balancer, slo, window)]
        for lines in (failed_budgets, slow_budgets)
    )
    left = [*failed_budgets(balancer, slo), *slow_budgets(balancer, slo)]
    return [
        Graph(f"{name}: burn rate of errors", failed),
        Graph(f"{name}: burn rate of latency", slow),
        Graph(f"{name}: budgets left, percent", left, MONTH),
    ]


def failed_budgets(balancer: Balancer, slo: Slo, window: str = "") -> list[Metric]:
    """Errors over a window, in budgets; without one, what the time that is looked at left of a budget."""
    whole = {"LoadBalancer": balancer["LoadBalancer"]}
    counted = [hidden(metric, key, "Sum", whole, window) for key, metric in COUNTED.items()]
    budgets = f"{percent_failed(window)} / {100 * errors(slo).budget:g}"
    return [*counted, shown("errors", budgets, window)]


def slow_budgets(balancer: Balancer, slo: Slo, window: str = "") -> list[Metric]:
    """Slow requests likewise: the objective has its rank among all durations.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
    """
    quick = hidden("TargetResponseTime", "quick", f"PR(:{slo.p95_milliseconds / 1000:g})", balancer, window)
    return [quick, shown("latency", f"(100 - quick{window}) / {100 * LATENCY.budget:g}", window)]


def hidden(metric: str, key: str, statistic: str, dimensions: Balancer, window: str) -> Metric:
    """A metric that an expression names."""
    named = [part for pair in dimensions.items() for part in pair]
    period = {"period": WINDOWS_SECONDS[window]} if window else {}
    return [
        NAMESPACE,
        metric,
        *named,
        {"id": f"{key}{window}", "stat": statistic, "visible": False, **period},
    ]


def shown(key: str, budgets: str, window: str) -> Metric:
    """The expression itself."""
    if not window:
        return [{"expression": f"100 * (1 - {budgets})", "id": key, "label": key}]
    return [
        {"expression": budgets, "id": f"{key}{window}", "label": window, "period": WINDOWS_SECONDS[window]}
    ]
