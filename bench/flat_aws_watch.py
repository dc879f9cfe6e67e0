"""How the flat program on AWS is watched: flow logs, a topic, the balancer's alarms, a dashboard."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_random as random
from flat_aws_ground import REGION, account_id, balancer, cluster, opts, provider, targets, vpc

ELB = "AWS/ApplicationELB"

flow_logs = aws.cloudwatch.LogGroup("network-flows", retention_in_days=30, opts=opts)
flow_role = aws.iam.Role(
    "network-flows",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    ),
    opts=opts,
)
flow_writing = aws.iam.RolePolicy(
    "network-flows",
    role=flow_role.id,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                    "Resource": [pulumi.Output.concat(flow_logs.arn, ":*")],
                },
                {"Effect": "Allow", "Action": ["logs:DescribeLogGroups"], "Resource": ["*"]},
            ],
        }
    ),
    opts=opts,
)
aws.ec2.FlowLog(
    "network-flows",
    vpc_id=vpc.id,
    traffic_type="ALL",
    log_destination_type="cloud-watch-logs",
    log_destination=flow_logs.arn,
    iam_role_arn=flow_role.arn,
    max_aggregation_interval=600,
    tags={"Name": "network-flows"},
    opts=pulumi.ResourceOptions(provider=provider, depends_on=[flow_writing]),
)

key = aws.kms.Key(
    "alarms-key",
    description="What alarms say",
    enable_key_rotation=True,
    deletion_window_in_days=30,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                },
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudwatch.amazonaws.com"},
                    "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                    "Resource": "*",
                    "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
                },
            ],
        }
    ),
    opts=opts,
)
topic = aws.sns.Topic("alarms", kms_master_key_id=key.id, opts=opts)
topic_policy = aws.sns.TopicPolicy(
    "alarms",
    arn=topic.arn,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudwatch.amazonaws.com"},
                    "Action": ["sns:Publish"],
                    "Resource": topic.arn,
                    "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
                }
            ],
        }
    ),
    opts=opts,
)

random_provider = random.Provider("random")


def drawn(name: str) -> random.RandomString:
    return random.RandomString(
        f"{name}-suffix",
        length=8,
        upper=False,
        special=False,
        opts=pulumi.ResourceOptions(provider=random_provider),
    )


PACES = {
    "fast": (14.4, "p50", 3600, 300, 300),
    "slow": (6, "p70", 21600, 1800, 21600),
    "ticket": (1, "p95", 259200, 21600, 259200),
}
"""Factor, percentile, long and short window, and that in which ten requests must be bad."""
to_targets = {"LoadBalancer": balancer.arn_suffix, "TargetGroup": targets.arn_suffix}
to_balancer = {"LoadBalancer": balancer.arn_suffix}
alarms_suffix = drawn("api-alarms")
windows: dict[str, pulumi.Output[str]] = {}


def asked(
    metrics: Mapping[str, tuple[str, str]], seconds: int, dimensions: Mapping[str, pulumi.Input[str]]
) -> list[aws.cloudwatch.MetricAlarmMetricQueryArgs]:
    return [
        aws.cloudwatch.MetricAlarmMetricQueryArgs(
            id=query,
            metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
                namespace=ELB, metric_name=metric, dimensions=dimensions, stat=statistic, period=seconds
            ),
        )
        for query, (metric, statistic) in metrics.items()
    ]


for pace, (factor, percentile, long, short, counted) in PACES.items():
    share = 1 - float(percentile[1:]) / 100
    failed = "(FILL(theirs, 0) + FILL(ours, 0))"
    percent = f"100 * {failed} / (FILL(requests, 0) + FILL(ours, 0))"
    for window, seconds in (("long", long), ("short", short)):
        few = seconds == counted
        for role, expression, guard, threshold, metrics, dimensions in (
            (
                "errors",
                percent,
                failed,
                round(factor / 10, 2),
                {
                    "requests": ("RequestCount", "Sum"),
                    "theirs": ("HTTPCode_Target_5XX_Count", "Sum"),
                    "ours": ("HTTPCode_ELB_5XX_Count", "Sum"),
                },
                to_balancer,
            ),
            (
                "latency",
                "seconds",
                f"{share:g} * FILL(requests, 0)",
                1,
                {
                    "seconds": ("TargetResponseTime", percentile),
                    **({"requests": ("RequestCount", "Sum")} if few else {}),
                },
                to_targets,
            ),
        ):
            name = f"api-{role}-{pace}-{window}"
            windows[name] = aws.cloudwatch.MetricAlarm(
                name,
                alarm_description=f"{role}: the budget goes {factor} times too fast over {seconds} s",
                metric_queries=[
                    aws.cloudwatch.MetricAlarmMetricQueryArgs(
                        id="found",
                        expression=f"IF({guard} >= 10, {expression}, 0)" if few else expression,
                        label=role,
                        return_data=True,
                    ),
                    *asked(metrics, seconds, dimensions),
                ],
                comparison_operator="GreaterThanThreshold",
                threshold=threshold,
                evaluation_periods=1,
                treat_missing_data="notBreaching",
                opts=opts,
            ).name
    for role in ("errors", "latency"):
        both = f"api-{role}-{pace}"
        aws.cloudwatch.CompositeAlarm(
            both,
            alarm_name=pulumi.Output.concat(f"{both}-", alarms_suffix.result),
            alarm_description=f"{role}: the budget goes {factor} times too fast",
            alarm_rule=pulumi.Output.format(
                'ALARM("{0}") AND ALARM("{1}")', windows[f"{both}-long"], windows[f"{both}-short"]
            ),
            alarm_actions=[topic_policy.arn],
            ok_actions=[topic_policy.arn],
            opts=opts,
        )
aws.cloudwatch.MetricAlarm(
    "api-unhealthy",
    alarm_description="A task does not answer the load balancer's checks",
    namespace=ELB,
    metric_name="UnHealthyHostCount",
    statistic="Maximum",
    dimensions={"LoadBalancer": balancer.arn_suffix, "TargetGroup": targets.arn_suffix},
    comparison_operator="GreaterThanThreshold",
    threshold=0,
    period=300,
    evaluation_periods=3,
    treat_missing_data="notBreaching",
    alarm_actions=[topic_policy.arn],
    ok_actions=[topic_policy.arn],
    opts=opts,
)

suffix = drawn("dashboard")


def draw(services: Mapping[str, pulumi.Output[str]]) -> None:
    of_balancer = ["LoadBalancer", balancer.arn_suffix]
    of_targets = [*of_balancer, "TargetGroup", targets.arn_suffix]
    failures = ("HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count")
    graphs: dict[str, list[Any]] = {
        "api: requests": [[ELB, "RequestCount", *of_balancer, {"stat": "Sum"}]],
        "api: 5xx": [[ELB, failure, *of_balancer, {"stat": "Sum"}] for failure in failures],
        "api: seconds": [
            [ELB, "TargetResponseTime", *of_targets, {"stat": stat}] for stat in ("p50", "p95", "p99")
        ],
    }
    for name, service in services.items():
        graphs[f"{name}: tasks, percent"] = [
            ["AWS/ECS", metric, "ClusterName", cluster.name, "ServiceName", service]
            for metric in ("CPUUtilization", "MemoryUtilization")
        ]
    widgets = [
        {
            "type": "metric",
            "x": place % 3 * 8,
            "y": place // 3 * 6,
            "width": 8,
            "height": 6,
            "properties": {"title": title, "region": REGION, "period": 60, "metrics": metrics},
        }
        for place, (title, metrics) in enumerate(graphs.items())
    ]
    aws.cloudwatch.Dashboard(
        "dashboard",
        dashboard_name=pulumi.Output.concat("airfield-production-", suffix.result),
        dashboard_body=pulumi.Output.json_dumps({"widgets": widgets}),
        opts=opts,
    )
