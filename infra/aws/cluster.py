"""Where the stack's services run, and the names by which they find each other."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

NAMESPACE = "airfield.internal"
"""Of the stack's own VPC, so that two stacks do not meet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterArgs:
    """What a cluster is made of."""

    vpc_id: pulumi.Input[str]
    log_retention_days: int


class Cluster(pulumi.ComponentResource):
    """An ECS cluster with Container Insights and logged exec sessions, and a private DNS namespace."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    exec_log_group_arn: pulumi.Output[str]
    namespace_id: pulumi.Output[str]

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:aws:Cluster", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        exec_logs = aws.cloudwatch.LogGroup(
            f"{name}-exec", retention_in_days=args.log_retention_days, opts=child
        )
        cluster = aws.ecs.Cluster(
            name,
            settings=[aws.ecs.ClusterSettingArgs(name="containerInsights", value="enabled")],
            configuration=exec_logging(exec_logs.name),
            opts=child,
        )
        namespace = aws.servicediscovery.PrivateDnsNamespace(
            f"{name}-names", name=NAMESPACE, vpc=args.vpc_id, opts=child
        )
        self.name, self.arn = cluster.name, cluster.arn
        self.exec_log_group_arn = exec_logs.arn
        self.namespace_id = namespace.id
        self.register_outputs({"name": self.name})


def exec_logging(log_group_name: pulumi.Input[str]) -> aws.ecs.ClusterConfigurationArgs:
    """Writes what is typed in exec sessions to a log group."""
    return aws.ecs.ClusterConfigurationArgs(
        execute_command_configuration=aws.ecs.ClusterConfigurationExecuteCommandConfigurationArgs(
            logging="OVERRIDE",
            log_configuration=aws.ecs.ClusterConfigurationExecuteCommandConfigurationLogConfigurationArgs(
                cloud_watch_log_group_name=log_group_name
            ),
        )
    )


def url_in_namespace(name: str, port: int) -> str:
    """Where the workloads of a stack call each other."""
    return f"http://{name}.{NAMESPACE}:{port}"
