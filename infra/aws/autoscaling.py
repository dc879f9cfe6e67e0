"""How many tasks of a service run."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.aws.load_balancer import LoadBalancer
from infra.slo import Slo
from infra.workload import Scaling

DEFAULT_MAX_REPLICAS = 10
COOLDOWN_SECONDS = 300
MILLISECONDS_A_MINUTE = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoscalingArgs:
    """What is scaled, and how."""

    scaling: Scaling
    cluster_name: pulumi.Input[str]
    service_name: pulumi.Input[str]
    load_balancer: LoadBalancer | None
    """Counts the requests; None for a workload that the internet may not call."""
    slo: Slo


class Autoscaling(pulumi.ComponentResource):
    """Holds CPU, memory and, where a concurrency is set, the requests of one task at their targets."""

    def __init__(self, name: str, args: AutoscalingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:aws:Autoscaling", name, None, opts)
        scaling = args.scaling
        target = aws.appautoscaling.Target(
            name,
            service_namespace="ecs",
            scalable_dimension="ecs:service:DesiredCount",
            resource_id=pulumi.Output.concat("service/", args.cluster_name, "/", args.service_name),
            min_capacity=scaling.min_replicas,
            max_capacity=scaling.max_replicas or max(DEFAULT_MAX_REPLICAS, scaling.min_replicas),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self._track(f"{name}-cpu", target, "ECSServiceAverageCPUUtilization", scaling.cpu_percent)
        if scaling.memory_percent:
            self._track(
                f"{name}-memory", target, "ECSServiceAverageMemoryUtilization", scaling.memory_percent
            )
        requests = requests_a_minute(scaling, args.slo)
        if args.load_balancer and requests:
            label = request_label(args.load_balancer)
            self._track(f"{name}-requests", target, "ALBRequestCountPerTarget", requests, label)
        self.register_outputs({})

    def _track(
        self,
        name: str,
        target: aws.appautoscaling.Target,
        metric: str,
        value: int,
        resource_label: pulumi.Input[str] | None = None,
    ) -> None:
        aws.appautoscaling.Policy(
            name,
            policy_type="TargetTrackingScaling",
            resource_id=target.resource_id,
            scalable_dimension=target.scalable_dimension,
            service_namespace=target.service_namespace,
            target_tracking_scaling_policy_configuration=target_tracking(metric, value, resource_label),
            opts=pulumi.ResourceOptions(parent=self),
        )


def requests_a_minute(scaling: Scaling, slo: Slo) -> int | None:
    """How many requests keep `concurrency` of them in work at once, where it is set.

    Little's law, with the objective's p95 for the mean: that is shorter, so fewer are in work than allowed.
    """
    if "concurrency" not in scaling.model_fields_set:
        return None
    return max(1, scaling.concurrency * MILLISECONDS_A_MINUTE // slo.p95_milliseconds)


def request_label(load_balancer: LoadBalancer) -> pulumi.Output[str]:
    """The load balancer and its targets, as Application Auto Scaling writes them."""
    dimensions = load_balancer.dimensions
    return pulumi.Output.concat(dimensions["LoadBalancer"], "/", dimensions["TargetGroup"])


def target_tracking(
    metric: str, value: int, resource_label: pulumi.Input[str] | None = None
) -> aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs:
    """Keeps the average of a metric at `value`, and waits five minutes between two steps."""
    return aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs(
        predefined_metric_specification=aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs(
            predefined_metric_type=metric, resource_label=resource_label
        ),
        target_value=value,
        scale_out_cooldown=COOLDOWN_SECONDS,
        scale_in_cooldown=COOLDOWN_SECONDS,
    )
