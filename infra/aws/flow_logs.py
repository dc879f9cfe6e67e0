"""Who spoke to whom in a network."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.policies import allow, assumed_by, policy


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLogsArgs:
    """What flow logs are made of."""

    vpc_id: pulumi.Input[str]
    log_retention_days: int


class FlowLogs(pulumi.ComponentResource):
    """Every connection of a VPC, accepted or refused, in CloudWatch."""

    def __init__(self, name: str, args: FlowLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:aws:FlowLogs", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        logs = aws.cloudwatch.LogGroup(name, retention_in_days=args.log_retention_days, opts=child)
        role = aws.iam.Role(name, assume_role_policy=assumed_by("vpc-flow-logs.amazonaws.com"), opts=child)
        granted = aws.iam.RolePolicy(name, role=role.id, policy=writing(logs.arn), opts=child)
        aws.ec2.FlowLog(
            name,
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=logs.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=600,
            tags={"Name": name},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[granted]),
        )
        self.register_outputs({})


def writing(log_group_arn: pulumi.Input[str]) -> pulumi.Output[str]:
    """What the role needs to write to its group.

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
    """
    return policy(
        allow(
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            pulumi.Output.concat(log_group_arn, ":*"),
        ),
        # This action knows no resource.
        allow(["logs:DescribeLogGroups"], "*"),
    )
