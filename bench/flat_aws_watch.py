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

aws.cloudwatch.MetricAlarm(
    "api-errors",
    alarm_description="1.44 % of requests fail; 99.9 % must not",
    metric_queries=[
        {
            "id": "rate",
            "expression": "100 * (FILL(theirs, 0) + FILL(ours, 0)) / (FILL(requests, 0) + FILL(ours, 0))",
            "label": "5xx, percent",
            "return_data": True,
        },
        *(
            aws.cloudwatch.MetricAlarmMetricQueryArgs(
                id=query,
                metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
                    namespace=ELB,
                    metric_name=metric,
                    dimensions={"LoadBalancer": balancer.arn_suffix},
                    stat="Sum",
                    period=300,
                ),
            )
            for query, metric in (
                ("requests", "RequestCount"),
                ("theirs", "HTTPCode_Target_5XX_Count"),
                ("ours", "HTTPCode_ELB_5XX_Count"),
            )
        ),
    ],
    comparison_operator="GreaterThanThreshold",
    threshold=1.44,
    evaluation_periods=3,
    datapoints_to_alarm=2,
    treat_missing_data="notBreaching",
    alarm_actions=[topic_policy.arn],
    ok_actions=[topic_policy.arn],
    opts=opts,
)
aws.cloudwatch.MetricAlarm(
    "api-latency",
    alarm_description="5 in 100 requests take longer than 1000 ms",
    namespace=ELB,
    metric_name="TargetResponseTime",
    dimensions={"LoadBalancer": balancer.arn_suffix, "TargetGroup": targets.arn_suffix},
    extended_statistic="p95",
    comparison_operator="GreaterThanThreshold",
    threshold=1,
    period=300,
    evaluation_periods=3,
    evaluate_low_sample_count_percentiles="ignore",
    treat_missing_data="notBreaching",
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

random_provider = random.Provider("random")
suffix = random.RandomString(
    "dashboard-suffix",
    length=8,
    upper=False,
    special=False,
    opts=pulumi.ResourceOptions(provider=random_provider),
)


def draw(services: Mapping[str, pulumi.Output[str]]) -> None:
    to_balancer = ["LoadBalancer", balancer.arn_suffix]
    to_targets = [*to_balancer, "TargetGroup", targets.arn_suffix]
    failures = ("HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count")
    graphs: dict[str, list[Any]] = {
        "api: requests": [[ELB, "RequestCount", *to_balancer, {"stat": "Sum"}]],
        "api: 5xx": [[ELB, failure, *to_balancer, {"stat": "Sum"}] for failure in failures],
        "api: seconds": [
            [ELB, "TargetResponseTime", *to_targets, {"stat": stat}] for stat in ("p50", "p95", "p99")
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
