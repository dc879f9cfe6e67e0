"""How many tasks of a service run."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.workload import Scaling

DEFAULT_MAX_REPLICAS = 10
COOLDOWN_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoscalingArgs:
    """What is scaled, and how."""

    scaling: Scaling
    cluster_name: pulumi.Input[str]
    service_name: pulumi.Input[str]


class Autoscaling(pulumi.ComponentResource):
    """Holds the average use of CPU and memory at their targets."""

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
        self.register_outputs({})

    def _track(self, name: str, target: aws.appautoscaling.Target, metric: str, percent: int) -> None:
        aws.appautoscaling.Policy(
            name,
            policy_type="TargetTrackingScaling",
            resource_id=target.resource_id,
            scalable_dimension=target.scalable_dimension,
            service_namespace=target.service_namespace,
            target_tracking_scaling_policy_configuration=target_tracking(metric, percent),
            opts=pulumi.ResourceOptions(parent=self),
        )


def target_tracking(
    metric: str, percent: int
) -> aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs:
    """Keeps the average of a metric at `percent`, and waits five minutes between two steps."""
    return aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgs(
        predefined_metric_specification=aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs(
            predefined_metric_type=metric
        ),
        target_value=percent,
        scale_out_cooldown=COOLDOWN_SECONDS,
        scale_in_cooldown=COOLDOWN_SECONDS,
    )
