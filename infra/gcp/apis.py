"""The Google APIs that a stack needs."""

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

NEEDED = ("compute", "iam", "run", "secretmanager")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApisArgs:
    """Where they are enabled."""

    project: str


class Apis(pulumi.ComponentResource):
    """Enabled before anything else is made, and left enabled: others of the project may need them."""

    def __init__(self, name: str, args: ApisArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:gcp:Apis", name, None, opts)
        for api in NEEDED:
            gcp.projects.Service(
                f"{name}-{api}",
                project=args.project,
                service=f"{api}.googleapis.com",
                disable_on_destroy=False,
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
