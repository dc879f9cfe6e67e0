"""The Google APIs that a stack needs. Knows nothing of what they are needed for."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

FIRST = "serviceusage"
"""Enables the others, so it comes before them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApisArgs:
    """Which are enabled, and where."""

    project: str
    names: Sequence[str]
    """Their services' names, without `.googleapis.com`."""


class Apis(pulumi.ComponentResource):
    """Enabled before anything else is made, and left enabled: others of the project may need them."""

    def __init__(self, name: str, args: ApisArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:gcp:Apis", name, None, opts)
        self._name, self._project = name, args.project
        first = self._enable(FIRST, [])
        for api in args.names:
            self._enable(api, [first])
        self.register_outputs({})

    def _enable(self, api: str, after: list[pulumi.Resource]) -> pulumi.Resource:
        return gcp.projects.Service(
            f"{self._name}-{api}",
            project=self._project,
            service=f"{api}.googleapis.com",
            disable_on_destroy=False,
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )
