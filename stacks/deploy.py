"""The one place where a platform is chosen, and its SDK with it."""

from collections.abc import Mapping
from typing import assert_never

import pulumi

from infra.endpoint import Endpoint
from stacks.checks import lost
from stacks.stack_file import Settings


def deploy(settings: Settings, secrets: Mapping[str, pulumi.Output[str]]) -> Endpoint:
    """Declares what a stack file asks for, on its target, and tells what the target loses of it."""
    for loss in lost(settings):
        pulumi.log.warn(str(loss))
    match settings.target:
        case "aws":
            from stacks.aws import deploy_to_aws as deploy_to
        case "eks":
            from stacks.eks import deploy_to_eks as deploy_to
        case "gcp":
            from stacks.gcp import deploy_to_gcp as deploy_to
        case "kubernetes":
            from stacks.kubernetes import deploy_to_kubernetes as deploy_to
        case "swarm":
            from stacks.swarm import deploy_to_swarm as deploy_to
        case _:
            assert_never(settings.target)
    return deploy_to(settings, secrets)
