"""The production stack on AWS as one would write it by hand: resource after resource, no component."""

import json

import pulumi
import pulumi_aws as aws
from flat_aws_ground import (
    REGION,
    balancer,
    balancer_group,
    cluster,
    exec_logs,
    listener,
    namespace,
    opts,
    private_ids,
    provider,
    targets,
    vpc,
)
from flat_aws_watch import draw, topic_policy

IMAGE = "ghcr.io/acme/airfield@sha256:" + "0" * 64
CHECK = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=4)"
ASSUMED_BY_TASKS = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
EXEC_ACTIONS = [
    f"ssmmessages:{action}"
    for action in ("CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel")
]

services: dict[str, pulumi.Output[str]] = {}
count = pulumi.Config().get_int("count") or 1
for name in ["api", *(f"api-{number}" for number in range(2, count + 1))]:
    logs = aws.cloudwatch.LogGroup(name, retention_in_days=30, opts=opts)
    execution = aws.iam.Role(f"{name}-execution", assume_role_policy=json.dumps(ASSUMED_BY_TASKS), opts=opts)
    aws.iam.RolePolicy(
        f"{name}-execution",
        role=execution.name,
        policy=logs.arn.apply(
            lambda arn: json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                            "Resource": [f"{arn}:*"],
                        }
                    ],
                }
            )
        ),
        opts=opts,
    )
    task = aws.iam.Role(f"{name}-task", assume_role_policy=json.dumps(ASSUMED_BY_TASKS), opts=opts)
    aws.iam.RolePolicy(
        f"{name}-task",
        role=task.name,
        policy=exec_logs.arn.apply(
            lambda arn: json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {"Effect": "Allow", "Action": EXEC_ACTIONS, "Resource": ["*"]},
                        {"Effect": "Allow", "Action": ["logs:DescribeLogGroups"], "Resource": ["*"]},
                        {
                            "Effect": "Allow",
                            "Action": [
                                "logs:CreateLogStream",
                                "logs:DescribeLogStreams",
                                "logs:PutLogEvents",
                            ],
                            "Resource": [f"{arn}:*"],
                        },
                    ],
                }
            )
        ),
        opts=opts,
    )
    definition = aws.ecs.TaskDefinition(
        name,
        family=name,
        cpu="1024",
        memory="2048",
        network_mode="awsvpc",
        requires_compatibilities=["FARGATE"],
        execution_role_arn=execution.arn,
        task_role_arn=task.arn,
        volumes=[{"name": "tmp"}, {"name": "exec-state"}, {"name": "exec-logs"}],
        container_definitions=pulumi.Output.json_dumps(
            [
                {
                    "name": name,
                    "image": IMAGE,
                    "essential": True,
                    "portMappings": [{"containerPort": 8000, "protocol": "tcp"}],
                    "environment": [
                        {"name": "ENVIRONMENT", "value": "production"},
                        {"name": "LOG_LEVEL", "value": "INFO"},
                    ],
                    "secrets": [],
                    "logConfiguration": {
                        "logDriver": "awslogs",
                        "options": {
                            "awslogs-group": logs.name,
                            "awslogs-region": REGION,
                            "awslogs-stream-prefix": name,
                            "mode": "non-blocking",
                            "max-buffer-size": "25m",
                        },
                    },
                    "healthCheck": {
                        "command": ["CMD", "python", "-c", CHECK],
                        "interval": 30,
                        "timeout": 5,
                        "retries": 3,
                        "startPeriod": 60,
                    },
                    "user": "1000",
                    "readonlyRootFilesystem": True,
                    "mountPoints": [
                        {"sourceVolume": "tmp", "containerPath": "/tmp"},  # noqa: S108
                        {"sourceVolume": "exec-state", "containerPath": "/var/lib/amazon"},
                        {"sourceVolume": "exec-logs", "containerPath": "/var/log/amazon"},
                    ],
                    "linuxParameters": {"initProcessEnabled": True, "capabilities": {"drop": ["ALL"]}},
                    "stopTimeout": 40,
                }
            ]
        ),
        opts=opts,
    )
    group = aws.ec2.SecurityGroup(
        name, description=f"Tasks of {name}", vpc_id=vpc.id, tags={"Name": name}, opts=opts
    )
    aws.vpc.SecurityGroupEgressRule(
        f"{name}-to-internet-443",
        security_group_id=group.id,
        cidr_ipv4="0.0.0.0/0",
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        opts=opts,
    )
    if name == "api":
        aws.vpc.SecurityGroupIngressRule(
            "api-from-api-balancer",
            security_group_id=group.id,
            referenced_security_group_id=balancer_group.id,
            ip_protocol="tcp",
            from_port=8000,
            to_port=8000,
            opts=opts,
        )
        aws.vpc.SecurityGroupEgressRule(
            "api-balancer-to-api",
            security_group_id=balancer_group.id,
            referenced_security_group_id=group.id,
            ip_protocol="tcp",
            from_port=8000,
            to_port=8000,
            opts=opts,
        )
    discovery = aws.servicediscovery.Service(
        name,
        name=name,
        dns_config={"namespace_id": namespace.id, "dns_records": [{"type": "A", "ttl": 10}]},
        opts=opts,
    )
    service = aws.ecs.Service(
        name,
        cluster=cluster.arn,
        task_definition=definition.arn,
        launch_type="FARGATE",
        desired_count=2,
        deployment_minimum_healthy_percent=50,
        deployment_maximum_percent=200,
        deployment_circuit_breaker={"enable": True, "rollback": True},
        enable_execute_command=True,
        propagate_tags="SERVICE",
        wait_for_steady_state=True,
        network_configuration={
            "subnets": private_ids,
            "security_groups": [group.id],
            "assign_public_ip": False,
        },
        service_registries={"registry_arn": discovery.arn},
        health_check_grace_period_seconds=60 if name == "api" else None,
        load_balancers=[{"target_group_arn": targets.arn, "container_name": name, "container_port": 8000}]
        if name == "api"
        else None,
        opts=pulumi.ResourceOptions(
            provider=provider, depends_on=[listener], ignore_changes=["desiredCount"]
        ),
    )
    scaled = aws.appautoscaling.Target(
        name,
        service_namespace="ecs",
        scalable_dimension="ecs:service:DesiredCount",
        resource_id=pulumi.Output.concat("service/", cluster.name, "/", service.name),
        min_capacity=2,
        max_capacity=10,
        opts=opts,
    )
    for suffix, metric, percent in (
        ("cpu", "ECSServiceAverageCPUUtilization", 70),
        ("memory", "ECSServiceAverageMemoryUtilization", 80),
    ):
        aws.appautoscaling.Policy(
            f"{name}-{suffix}",
            policy_type="TargetTrackingScaling",
            service_namespace=scaled.service_namespace,
            scalable_dimension=scaled.scalable_dimension,
            resource_id=scaled.resource_id,
            target_tracking_scaling_policy_configuration={
                "predefined_metric_specification": {"predefined_metric_type": metric},
                "target_value": percent,
                "scale_in_cooldown": 300,
                "scale_out_cooldown": 300,
            },
            opts=opts,
        )
    if name == "api":
        aws.appautoscaling.Policy(
            "api-requests",
            policy_type="TargetTrackingScaling",
            service_namespace=scaled.service_namespace,
            scalable_dimension=scaled.scalable_dimension,
            resource_id=scaled.resource_id,
            target_tracking_scaling_policy_configuration={
                "predefined_metric_specification": {
                    "predefined_metric_type": "ALBRequestCountPerTarget",
                    "resource_label": pulumi.Output.concat(balancer.arn_suffix, "/", targets.arn_suffix),
                },
                "target_value": 4800,
                "scale_in_cooldown": 300,
                "scale_out_cooldown": 300,
            },
            opts=opts,
        )
    aws.cloudwatch.MetricAlarm(
        f"{name}-tasks-cpu",
        alarm_description="Tasks are busy although the autoscaler adds some",
        namespace="AWS/ECS",
        metric_name="CPUUtilization",
        statistic="Average",
        dimensions={"ClusterName": cluster.name, "ServiceName": service.name},
        comparison_operator="GreaterThanThreshold",
        threshold=90,
        period=300,
        evaluation_periods=3,
        treat_missing_data="notBreaching",
        alarm_actions=[topic_policy.arn],
        ok_actions=[topic_policy.arn],
        opts=opts,
    )
    services[name] = service.name
draw(services)
