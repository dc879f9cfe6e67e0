"""The objective in Cloud Monitoring's words: what is measured, and when its budgets go too fast. Pure.

https://cloud.google.com/stackdriver/docs/solutions/slo-monitoring/sli-metrics/cloud-run,
https://cloud.google.com/stackdriver/docs/solutions/slo-monitoring/alerting-on-budget-burn-rate
"""

import math

import pulumi
from pulumi_gcp import monitoring

from infra.gcp.alerts import Alert, above, aggregation, condition, of_service
from infra.observability.burn_rate import (
    FAST,
    FEWEST_BAD,
    LATENCY,
    SLOW,
    TICKET_OF_A_DAY,
    Burn,
    Objective,
    errors,
)
from infra.slo import Slo

BURNS = (FAST, SLOW, TICKET_OF_A_DAY)
"""A burn rate looks back 24 hours at most, a condition that counts 25:
https://cloud.google.com/stackdriver/docs/solutions/slo-monitoring/alerting-on-budget-burn-rate#alert-lookbacks,
https://cloud.google.com/monitoring/quotas
"""
FAILED = 'metric.labels.response_code_class="5xx"'


def objectives(slo: Slo) -> tuple[Objective, Objective]:
    """What fails, and what is slow."""
    return errors(slo), LATENCY


def indicator(
    objective: Objective, service_name: pulumi.Input[str], slo: Slo
) -> monitoring.SloRequestBasedSliArgs:
    """Good requests among all."""
    if objective.role == "errors":
        return monitoring.SloRequestBasedSliArgs(
            good_total_ratio=monitoring.SloRequestBasedSliGoodTotalRatioArgs(
                total_service_filter=of_service(service_name, "request_count"),
                bad_service_filter=of_service(service_name, "request_count", FAILED),
            )
        )
    return monitoring.SloRequestBasedSliArgs(
        distribution_cut=monitoring.SloRequestBasedSliDistributionCutArgs(
            distribution_filter=of_service(service_name, "request_latencies"),
            range=monitoring.SloRequestBasedSliDistributionCutRangeArgs(max=slo.p95_milliseconds),
        )
    )


def goal(objective: Objective) -> float:
    """The share of requests that must be good."""
    return round(1 - objective.budget, 8)


def burn_alert(
    objective: Objective, burn: Burn, slo_name: pulumi.Input[str], service_name: pulumi.Input[str], slo: Slo
) -> Alert:
    """The budget goes too fast over both windows, and enough requests are bad."""
    rate = objective.burn_rate(burn)
    return Alert(
        role=f"{objective.role}-{burn.role}",
        title=f"{'too many 5xx' if objective.role == 'errors' else 'slow answers'}, {burn.role}",
        severity="CRITICAL" if burn.pages else "WARNING",
        conditions=[
            *(
                condition(f"burn rate over {minutes} minutes", burning(slo_name, minutes, rate))
                for minutes in (burn.long_minutes, burn.short_minutes)
            ),
            condition(
                f"requests within {burn.counted_minutes} minutes", enough(objective, burn, service_name)
            ),
        ],
        advice=(
            f"Objective: {promise(objective, slo)}. {burn.budget_percent:g} % of the month's allowance went"
            f" within {burn.long_minutes // 60} h, and it still goes as fast. See the revision's logs."
        ),
    )


def promise(objective: Objective, slo: Slo) -> str:
    """What users may expect."""
    if objective.role == "errors":
        return f"{slo.availability_percent:g} % of requests do not fail"
    return f"95 of 100 requests take less than {slo.p95_milliseconds} ms"


def burn_rate_of(slo_name: str, minutes: int) -> str:
    """https://cloud.google.com/stackdriver/docs/solutions/slo-monitoring/api/timeseries-selectors."""
    return f'select_slo_burn_rate("{slo_name}", "{minutes * 60}s")'


def burning(
    slo_name: pulumi.Input[str], minutes: int, rate: float
) -> monitoring.AlertPolicyConditionConditionThresholdArgs:
    """Faster than so many budgets a month, over one window."""
    return monitoring.AlertPolicyConditionConditionThresholdArgs(
        filter=pulumi.Output.from_input(slo_name).apply(lambda name: burn_rate_of(name, minutes)),
        comparison="COMPARISON_GT",
        threshold_value=rate,
        duration="0s",
    )


def enough(
    objective: Objective, burn: Burn, service_name: pulumi.Input[str]
) -> monitoring.AlertPolicyConditionConditionThresholdArgs:
    """So many requests are bad that it is no chance; slow ones are not counted, but are a share of all."""
    if objective.role == "errors":
        counted, fewest = of_service(service_name, "request_count", FAILED), FEWEST_BAD
    else:
        counted = of_service(service_name, "request_count")
        fewest = math.ceil(FEWEST_BAD / objective.bad_share(burn))
    return above(
        counted,
        # There is no "at least" among the comparisons.
        fewest - 1,
        aggregation(burn.counted_minutes * 60, "ALIGN_DELTA", "REDUCE_SUM"),
        seconds=0,
    )
