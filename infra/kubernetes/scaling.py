"""How many pods of a workload run, and how many may be away at once. Pure."""

from pulumi_kubernetes.autoscaling import v2 as autoscaling
from pulumi_kubernetes.policy.v1 import PodDisruptionBudgetSpecArgs

from infra.kubernetes.labels import pods_of
from infra.workload import Scaling

DEFAULT_MAX_REPLICAS = 10


def horizontal_pod_autoscaler(name: str, scaling: Scaling) -> autoscaling.HorizontalPodAutoscalerSpecArgs:
    """Doubles, or adds four pods, in 15 s; gives a tenth back a minute after five quiet minutes."""
    return autoscaling.HorizontalPodAutoscalerSpecArgs(
        scale_target_ref=autoscaling.CrossVersionObjectReferenceArgs(
            api_version="apps/v1", kind="Deployment", name=name
        ),
        min_replicas=scaling.min_replicas,
        max_replicas=scaling.max_replicas or max(DEFAULT_MAX_REPLICAS, scaling.min_replicas),
        metrics=[
            utilization("cpu", scaling.cpu_percent),
            *([utilization("memory", scaling.memory_percent)] if scaling.memory_percent else []),
        ],
        behavior=autoscaling.HorizontalPodAutoscalerBehaviorArgs(
            scale_up=autoscaling.HPAScalingRulesArgs(
                stabilization_window_seconds=0,
                select_policy="Max",
                policies=[
                    autoscaling.HPAScalingPolicyArgs(type="Percent", value=100, period_seconds=15),
                    autoscaling.HPAScalingPolicyArgs(type="Pods", value=4, period_seconds=15),
                ],
            ),
            scale_down=autoscaling.HPAScalingRulesArgs(
                stabilization_window_seconds=300,
                policies=[autoscaling.HPAScalingPolicyArgs(type="Percent", value=10, period_seconds=60)],
            ),
        ),
    )


def utilization(resource: str, percent: int) -> autoscaling.MetricSpecArgs:
    """An average over all pods, in percent of their requests."""
    return autoscaling.MetricSpecArgs(
        type="Resource",
        resource=autoscaling.ResourceMetricSourceArgs(
            name=resource,
            target=autoscaling.MetricTargetArgs(type="Utilization", average_utilization=percent),
        ),
    )


def pod_disruption_budget(name: str) -> PodDisruptionBudgetSpecArgs:
    """One pod at a time; counted as absent rather than as present, it never blocks a drain for ever."""
    return PodDisruptionBudgetSpecArgs(
        max_unavailable=1, selector=pods_of(name), unhealthy_pod_eviction_policy="AlwaysAllow"
    )
