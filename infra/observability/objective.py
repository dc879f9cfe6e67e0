"""The objective in Prometheus's words: what is recorded of it, and its burn-rate alerts. Pure.

https://prometheus.io/docs/practices/rules/, https://prometheus.io/docs/practices/histograms/
"""

from infra.observability.alert import Rule, alert
from infra.observability.burn_rate import BURNS, FEWEST_BAD, LATENCY, Burn, Objective, errors
from infra.slo import Slo

RECORDED_SECONDS = 60
"""How often the rates below are recorded: sums over them count requests."""
REQUESTS = "workload:http_requests:rate5m"
ERRORS = "workload:http_errors:rate5m"
BUCKETS = "workload:http_request_duration_seconds_bucket:rate5m"
ERROR_RATIO = "workload:http_errors:ratio"
QUANTILE = "workload:http_request_duration_seconds:quantile"
RATE_MINUTES = 5
WINDOWS_MINUTES = sorted({minutes for burn in BURNS for minutes in (burn.long_minutes, burn.short_minutes)})
QUANTILES = {
    (minutes, LATENCY.quantile(burn)) for burn in BURNS for minutes in (burn.long_minutes, burn.short_minutes)
}
WORKLOAD = "on (namespace, workload)"


def recording_rules(namespace: str) -> list[Rule]:
    """Rates of each workload, and over each window what they come to.

    Long windows add up the recorded rates, a series a workload: three days of what each pod told would be
    more than Prometheus answers with: https://prometheus.io/docs/prometheus/latest/command-line/prometheus/
    """
    own = f'namespace="{namespace}"'
    requests = f"sum by (namespace, workload) (rate(http_requests_total{{{own}}}[5m]))"
    failed = f'sum by (namespace, workload) (rate(http_requests_total{{{own},status=~"5.."}}[5m]))'
    buckets = f"rate(http_request_duration_seconds_bucket{{{own}}}[5m])"
    return [
        _record(REQUESTS, requests),
        _record(ERRORS, f"{failed} or 0 * {REQUESTS}{{{own}}}"),
        _record(BUCKETS, f"sum by (namespace, workload, le) ({buckets})"),
        *(
            _record(
                ERROR_RATIO,
                f"{added_up(ERRORS, own, minutes)} / {added_up(REQUESTS, own, minutes)}",
                window=duration(minutes),
            )
            for minutes in WINDOWS_MINUTES
        ),
        *(
            _record(
                QUANTILE,
                f"histogram_quantile({quantile:g}, {added_up(BUCKETS, own, minutes)})",
                quantile=f"{quantile:g}",
                window=duration(minutes),
            )
            for minutes, quantile in sorted(QUANTILES)
        ),
    ]


def objective_alerts(slo: Slo, namespace: str) -> list[Rule]:
    """An alert for each pace, of failing and of slow requests."""
    own = f'namespace="{namespace}"'
    return [
        *(_failing(burn, errors(slo), own) for burn in BURNS),
        *(_waiting(burn, slo.p95_milliseconds / 1000, own) for burn in BURNS),
    ]


def added_up(series: str, own: str, minutes: int) -> str:
    """A recorded rate over a window; the shortest is what the rate itself looks back."""
    if minutes == RATE_MINUTES:
        return f"{series}{{{own}}}"
    return f"sum_over_time({series}{{{own}}}[{duration(minutes)}])"


def counted(series: str, own: str, minutes: int) -> str:
    """How many requests that were."""
    seconds = minutes * 60 if minutes == RATE_MINUTES else RECORDED_SECONDS
    return f"{seconds} * {added_up(series, own, minutes)}"


def duration(minutes: int) -> str:
    """https://prometheus.io/docs/prometheus/latest/querying/basics/#float-literals-and-time-durations."""
    for unit, length in (("d", 24 * 60), ("h", 60)):
        if minutes % length == 0:
            return f"{minutes // length}{unit}"
    return f"{minutes}m"


def _failing(burn: Burn, objective: Objective, own: str) -> Rule:
    share = objective.bad_share(burn)
    long, short = (
        f'{ERROR_RATIO}{{{own},window="{duration(minutes)}"}} > {share:g}'
        for minutes in (burn.long_minutes, burn.short_minutes)
    )
    enough = f"{counted(ERRORS, own, burn.counted_minutes)} >= {FEWEST_BAD}"
    return _burning(
        burn,
        "APIHighErrorRate",
        f"{long} and {WORKLOAD} {short} and {WORKLOAD} {enough}",
        summary="{{ $labels.workload }} fails too many requests",
        description=f"{{{{ $value | humanizePercentage }}}} of its requests failed, not {share:.2%},",
    )


def _waiting(burn: Burn, seconds: float, own: str) -> Rule:
    quantile, share = LATENCY.quantile(burn), LATENCY.bad_share(burn)
    long, short = (
        f'{QUANTILE}{{{own},quantile="{quantile:g}",window="{duration(minutes)}"}} > {seconds:g}'
        for minutes in (burn.long_minutes, burn.short_minutes)
    )
    enough = f"{share:g} * {counted(REQUESTS, own, burn.counted_minutes)} >= {FEWEST_BAD}"
    return _burning(
        burn,
        "APIHighLatency",
        f"{long} and {WORKLOAD} {short} and {WORKLOAD} {enough}",
        summary="{{ $labels.workload }} answers slowly",
        description=f"{share:.0%} of requests take {{{{ $value | humanizeDuration }}}}, not {seconds:g} s,",
    )


def _burning(burn: Burn, name: str, expression: str, *, summary: str, description: str) -> Rule:
    """At once: the two windows are the patience that other alerts have."""
    return alert(
        name,
        expression,
        severity="critical" if burn.pages else "warning",
        labels={"burn": burn.role},
        summary=summary,
        description=(
            f"{description} over {duration(burn.long_minutes)}, and still does over "
            f"{duration(burn.short_minutes)}: that uses {burn.budget_percent:g} % of a month's budget up."
        ),
    )


def _record(name: str, expression: str, **labels: str) -> Rule:
    return {"record": name, "expr": expression, **({"labels": labels} if labels else {})}
