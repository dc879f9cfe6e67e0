"""One page on which the stack is seen at once. Declares nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from infra.aws.budget_graphs import budget_graphs
from infra.aws.widgets import Graph, widgets
from infra.slo import Slo


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardArgs:
    """What is drawn."""

    environment: str
    region: str
    slo: Slo
    balancers: Mapping[str, Mapping[str, pulumi.Input[str]]]
    """The dimensions of each public workload's load balancer."""
    services: Mapping[str, Mapping[str, pulumi.Input[str]]]
    """The dimensions of each workload's service."""
    database_identifier: pulumi.Input[str] | None
    cache_node_ids: Sequence[pulumi.Input[str]]


class Dashboard(pulumi.ComponentResource):
    """A CloudWatch dashboard; the suffix of its name lets several stacks share an account."""

    def __init__(self, name: str, args: DashboardArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:aws:Dashboard", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        suffix = random.RandomString(f"{name}-suffix", length=8, upper=False, special=False, opts=child)
        aws.cloudwatch.Dashboard(
            name,
            dashboard_name=pulumi.Output.concat(f"airfield-{args.environment}-", suffix.result),
            dashboard_body=pulumi.Output.json_dumps({"widgets": widgets(graphs(args), args.region)}),
            opts=child,
        )
        self.register_outputs({})


def graphs(args: DashboardArgs) -> list[Graph]:
    """First what users feel, then what runs, then what is stored."""
    return [
        *(
            graph
            for name, found in args.balancers.items()
            for graph in (*budget_graphs(name, found, args.slo), *balancer_graphs(name, found))
        ),
        *(service_graph(name, found) for name, found in args.services.items()),
        *(database_graphs(args.database_identifier) if args.database_identifier else ()),
        *(cache_graphs(args.cache_node_ids) if args.cache_node_ids else ()),
    ]


def balancer_graphs(name: str, balancer: Mapping[str, pulumi.Input[str]]) -> list[Graph]:
    """Requests, failures and how long the slowest take."""
    of_balancer = ["LoadBalancer", balancer["LoadBalancer"]]
    of_targets = [part for pair in balancer.items() for part in pair]
    elb = "AWS/ApplicationELB"
    return [
        Graph(f"{name}: requests", [[elb, "RequestCount", *of_balancer, {"stat": "Sum"}]]),
        Graph(
            f"{name}: 5xx",
            [
                [elb, metric, *of_balancer, {"stat": "Sum"}]
                for metric in ("HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count")
            ],
        ),
        Graph(
            f"{name}: seconds",
            [[elb, "TargetResponseTime", *of_targets, {"stat": stat}] for stat in ("p50", "p95", "p99")],
        ),
    ]


def service_graph(name: str, service: Mapping[str, pulumi.Input[str]]) -> Graph:
    """How busy the tasks are."""
    dimensions = [part for pair in service.items() for part in pair]
    return Graph(
        f"{name}: tasks, percent",
        [["AWS/ECS", metric, *dimensions] for metric in ("CPUUtilization", "MemoryUtilization")],
    )


def database_graphs(identifier: pulumi.Input[str]) -> list[Graph]:
    """What a database runs out of."""
    return [
        Graph(f"database: {title}", [["AWS/RDS", metric, "DBInstanceIdentifier", identifier]])
        for title, metric in (
            ("CPU, percent", "CPUUtilization"),
            ("connections", "DatabaseConnections"),
            ("free storage, octets", "FreeStorageSpace"),
        )
    ]


def cache_graphs(node_ids: Sequence[pulumi.Input[str]]) -> list[Graph]:
    """What a cache runs out of."""
    return [
        Graph(f"cache: {title}", [["AWS/ElastiCache", metric, "CacheClusterId", node] for node in node_ids])
        for title, metric in (
            ("memory, percent", "DatabaseMemoryUsagePercentage"),
            ("evictions", "Evictions"),
        )
    ]
