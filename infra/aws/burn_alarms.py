"""When users suffer more than the objective allows: alarms on how fast its budgets go."""

from collections.abc import Iterator
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from infra.aws.burn_expressions import NAMESPACE, Dimensions, Metric, Question, question
from infra.observability.burn_rate import BURNS, FAST, LATENCY, Burn, Objective, errors
from infra.slo import Slo


@dataclass(frozen=True, slots=True, kw_only=True)
class BurnAlarmsArgs:
    """What is watched."""

    balancer: Dimensions
    slo: Slo
    topic_arn: pulumi.Input[str]


class BurnAlarms(pulumi.ComponentResource):
    """For each pace an alarm that rings when both its windows do; those tell nobody by themselves."""

    rollback_alarm_name: pulumi.Output[str]
    """Rings within minutes of a deployment that fails its users.

    ECS is told of a metric alarm, since its page says nothing of composite ones:
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
    """

    def __init__(self, name: str, args: BurnAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:aws:BurnAlarms", name, None, opts)
        self._args, self._child = args, pulumi.ResourceOptions(parent=self)
        # Composite alarms get no name of their own from Pulumi.
        suffix = random.RandomString(
            f"{name}-alarms-suffix", length=8, upper=False, special=False, opts=self._child
        )
        for objective, burn in pairs(args.slo):
            pace = f"{name}-{objective.role}-{burn.role}"
            long, short = (
                aws.cloudwatch.MetricAlarm(
                    f"{pace}-{window}",
                    window_alarm(question(objective, burn, minutes, args.slo, args.balancer), minutes),
                    opts=self._child,
                ).name
                for window, minutes in (("long", burn.long_minutes), ("short", burn.short_minutes))
            )
            if (objective.role, burn) == ("errors", FAST):
                self.rollback_alarm_name = short
            self._both(pace, suffix.result, objective, burn, (long, short))
        self.register_outputs({})

    def _both(
        self,
        pace: str,
        suffix: pulumi.Output[str],
        objective: Objective,
        burn: Burn,
        windows: tuple[pulumi.Output[str], pulumi.Output[str]],
    ) -> None:
        aws.cloudwatch.CompositeAlarm(
            pace,
            alarm_name=pulumi.Output.concat(pace, "-", suffix),
            alarm_description=meaning(objective, burn, self._args.slo),
            alarm_rule=pulumi.Output.format('ALARM("{0}") AND ALARM("{1}")', *windows),
            alarm_actions=[self._args.topic_arn],
            ok_actions=[self._args.topic_arn],
            opts=self._child,
        )


def pairs(slo: Slo) -> Iterator[tuple[Objective, Burn]]:
    """Every objective with every pace."""
    return ((objective, burn) for objective in (errors(slo), LATENCY) for burn in BURNS)


def meaning(objective: Objective, burn: Burn, slo: Slo) -> str:
    """What has happened, for whoever is told."""
    promise = (
        f"{slo.availability_percent:g} % of requests must not fail"
        if objective.role == "errors"
        else f"95 of 100 requests must take less than {slo.p95_milliseconds} ms"
    )
    when = "Look now" if burn.pages else "Look within days"
    return (
        f"{when}: {promise}, and {burn.budget_percent:g} % of the month's allowance went within"
        f" {burn.long_minutes // 60} h. It still goes as fast."
    )


def window_alarm(asked: Question, minutes: int) -> aws.cloudwatch.MetricAlarmArgs:
    """One window as one period, which slides: a period of an hour or more may be seven days long.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html,
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
    """
    found = aws.cloudwatch.MetricAlarmMetricQueryArgs(
        id="found", expression=asked.expression, label=asked.unit, return_data=True
    )
    return aws.cloudwatch.MetricAlarmArgs(
        alarm_description=f"Over {minutes} minutes more than {asked.threshold:g} {asked.unit}",
        metric_queries=[found, *(query(key, metric, minutes) for key, metric in asked.metrics.items())],
        comparison_operator="GreaterThanThreshold",
        threshold=asked.threshold,
        evaluation_periods=1,
        treat_missing_data="notBreaching",
    )


def query(key: str, metric: Metric, minutes: int) -> aws.cloudwatch.MetricAlarmMetricQueryArgs:
    """One of the metrics that an expression names."""
    return aws.cloudwatch.MetricAlarmMetricQueryArgs(
        id=key,
        metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
            namespace=NAMESPACE,
            metric_name=metric.name,
            dimensions=metric.dimensions,
            stat=metric.statistic,
            period=minutes * 60,
        ),
    )
