"""How long what a stack writes is kept. Knows no workload."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRetentionArgs:
    """Whose logs are kept, and how long."""

    project: str
    region: str
    days: int
    service_names: Sequence[pulumi.Input[str]]
    suffix: pulumi.Input[str]
    """Sets this stack's bucket apart from that of another in the same project."""


class LogRetention(pulumi.ComponentResource):
    """A log bucket of the stack's own: the project's default one belongs to others too."""

    def __init__(self, name: str, args: LogRetentionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:gcp:LogRetention", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        bucket = gcp.logging.ProjectBucketConfig(
            name,
            project=args.project,
            location=args.region,
            bucket_id=pulumi.Output.concat("airfield-", args.suffix),
            retention_days=args.days,
            opts=child,
        )
        gcp.logging.ProjectSink(
            name,
            destination=pulumi.Output.concat("logging.googleapis.com/", bucket.id),
            filter=pulumi.Output.all(*args.service_names).apply(of_services),
            opts=child,
        )
        self.register_outputs({})


def of_services(service_names: Sequence[str]) -> str:
    """https://cloud.google.com/logging/docs/view/logging-query-language."""
    any_of = " OR ".join(f'"{service_name}"' for service_name in sorted(service_names))
    return f'resource.type="cloud_run_revision" AND resource.labels.service_name=({any_of})'
