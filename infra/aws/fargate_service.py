"""One workload on ECS Fargate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.autoscaling import Autoscaling, AutoscalingArgs
from infra.aws.cluster import Cluster
from infra.aws.fargate_size import fargate_size, rounding
from infra.aws.load_balancer import LoadBalancer
from infra.aws.policies import ASSUMED_BY_TASKS, exec_policy, execution_policy
from infra.aws.secrets import SecretReference
from infra.aws.security_group import SecurityGroup
from infra.aws.task_definition import WRITABLE_PATHS, ContainerArgs, container_definitions
from infra.datastores import PORT
from infra.image import Image
from infra.slo import Slo
from infra.workload import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class FargateServiceArgs:
    """What a service is made of."""

    workload: Workload
    image: Image
    environment: Mapping[str, pulumi.Input[str]]
    secrets: Mapping[str, SecretReference]
    """By the variable's name."""
    cluster: Cluster
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    """Private subnets."""
    load_balancer: LoadBalancer | None
    """None for a workload that the internet may not call."""
    log_retention_days: int
    region: str
    slo: Slo
    rollback_alarm_name: pulumi.Input[str] | None
    """Rolls a deployment back; None for a workload that the internet may not call."""
    stores: Mapping[str, SecurityGroup]
    """The stack's own data stores, by name."""


class FargateService(pulumi.ComponentResource):
    """Tasks in private subnets, replaced one by one, rolled back when the new ones fail."""

    security_group: SecurityGroup
    dimensions: Mapping[str, pulumi.Output[str]]
    """By which CloudWatch knows it."""

    def __init__(
        self, name: str, args: FargateServiceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("airfield:aws:FargateService", name, None, opts)
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        told = rounding(name, args.workload)
        if told:
            pulumi.log.warn(told, resource=self)
        self.security_group = self._security_group()
        service = aws.ecs.Service(
            name,
            cluster=args.cluster.arn,
            task_definition=self._task_definition().arn,
            launch_type="FARGATE",
            desired_count=args.workload.scaling.min_replicas,
            deployment_minimum_healthy_percent=50,
            deployment_maximum_percent=200,
            deployment_circuit_breaker=aws.ecs.ServiceDeploymentCircuitBreakerArgs(
                enable=True, rollback=True
            ),
            alarms=rolls_back(args.rollback_alarm_name),
            enable_execute_command=True,
            health_check_grace_period_seconds=grace_period_seconds(args),
            load_balancers=target(name, args),
            network_configuration=aws.ecs.ServiceNetworkConfigurationArgs(
                subnets=args.subnet_ids, security_groups=[self.security_group.id], assign_public_ip=False
            ),
            propagate_tags="SERVICE",
            service_registries=aws.ecs.ServiceServiceRegistriesArgs(registry_arn=self._registration().arn),
            wait_for_steady_state=True,
            opts=pulumi.ResourceOptions(
                parent=self,
                # A target group without a listener takes no tasks; a task without its paths does not start.
                depends_on=[self.security_group, *([args.load_balancer] if args.load_balancer else [])],
                # The autoscaler owns the count once the service exists.
                ignore_changes=["desiredCount"],
            ),
        )
        Autoscaling(
            name,
            AutoscalingArgs(
                scaling=args.workload.scaling,
                cluster_name=args.cluster.name,
                service_name=service.name,
                load_balancer=args.load_balancer,
                slo=args.slo,
            ),
            opts=self._child,
        )
        self.dimensions = {"ClusterName": args.cluster.name, "ServiceName": service.name}
        self.register_outputs({"name": service.name})

    def _security_group(self) -> SecurityGroup:
        args = self._args
        group = SecurityGroup(self._name, args.vpc_id, f"Tasks of {self._name}", opts=self._child)
        # Images, logs and secrets come from AWS's public addresses, and an API calls others.
        group.allow_to_anywhere(443)
        for store in sorted(args.workload.uses):
            if store in args.stores:
                group.allow_to(args.stores[store], PORT[store])
            else:
                group.allow_to_anywhere(PORT[store])
        if args.load_balancer:
            args.load_balancer.security_group.allow_to(group, args.workload.port)
        return group

    def _task_definition(self) -> aws.ecs.TaskDefinition:
        name, args = self._name, self._args
        size = fargate_size(args.workload)
        logs = aws.cloudwatch.LogGroup(name, retention_in_days=args.log_retention_days, opts=self._child)
        containers = container_definitions(
            name,
            ContainerArgs(
                workload=args.workload,
                image=args.image.reference,
                environment=args.environment,
                secrets=args.secrets,
                log_group_name=logs.name,
                region=args.region,
            ),
        )
        start = execution_policy(
            log_group_arn=logs.arn,
            secret_arns=[args.secrets[key].arn for key in sorted(args.secrets)],
            repository=args.image.repository,
        )
        return aws.ecs.TaskDefinition(
            name,
            family=name,
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu=str(size.cpu_units),
            memory=str(size.memory_mib),
            execution_role_arn=self._role("execution", start),
            task_role_arn=self._role("task", exec_policy(args.cluster.exec_log_group_arn)),
            container_definitions=pulumi.Output.json_dumps(containers),
            volumes=[aws.ecs.TaskDefinitionVolumeArgs(name=volume) for volume in WRITABLE_PATHS],
            opts=self._child,
        )

    def _role(self, role: str, policy: pulumi.Output[str]) -> pulumi.Output[str]:
        name = f"{self._name}-{role}"
        made = aws.iam.Role(name, assume_role_policy=ASSUMED_BY_TASKS, opts=self._child)
        granted = aws.iam.RolePolicy(name, role=made.id, policy=policy, opts=self._child)
        # Whoever takes the role's ARN waits until the role may do something.
        return pulumi.Output.all(made.arn, granted.id).apply(lambda arn_and_policy: arn_and_policy[0])

    def _registration(self) -> aws.servicediscovery.Service:
        return aws.servicediscovery.Service(
            self._name,
            name=self._name,
            dns_config=aws.servicediscovery.ServiceDnsConfigArgs(
                namespace_id=self._args.cluster.namespace_id,
                dns_records=[aws.servicediscovery.ServiceDnsConfigDnsRecordArgs(type="A", ttl=10)],
            ),
            opts=self._child,
        )


def target(name: str, args: FargateServiceArgs) -> list[aws.ecs.ServiceLoadBalancerArgs] | None:
    """The load balancer's way to the tasks of a public workload."""
    if args.load_balancer is None:
        return None
    return [
        aws.ecs.ServiceLoadBalancerArgs(
            target_group_arn=args.load_balancer.target_group_arn,
            container_name=name,
            container_port=args.workload.port,
        )
    ]


def rolls_back(alarm_name: pulumi.Input[str] | None) -> aws.ecs.ServiceAlarmsArgs | None:
    """Ends a deployment that starts well and then fails its users, and brings the last one back."""
    if alarm_name is None:
        return None
    return aws.ecs.ServiceAlarmsArgs(enable=True, rollback=True, alarm_names=[alarm_name])


def grace_period_seconds(args: FargateServiceArgs) -> int | None:
    """How long a new task may fail the load balancer's checks."""
    return args.workload.health.start_seconds if args.load_balancer else None
