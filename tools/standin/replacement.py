"""Which changed property makes a provider replace a resource, or itself. Knows no manifest."""

from collections.abc import Mapping

from tools.standin.replacement_aws import AWS_REPLACED_BY
from tools.standin.replacement_gcp import GCP_REPLACED_BY

REPLACED_BY: Mapping[str, tuple[str, ...]] = {
    **AWS_REPLACED_BY,
    **GCP_REPLACED_BY,
    # https://github.com/kreuzwerker/terraform-provider-docker/tree/master/internal/provider (ForceNew)
    "docker:index/network:Network": (
        "attachable",
        "driver",
        "internal",
        "ipamConfigs",
        "labels",
        "name",
        "options",
    ),
    "docker:index/secret:Secret": ("data", "labels", "name"),
    "docker:index/service:Service": ("auth", "name", "taskSpec.containerSpec.hosts"),
    "docker:index/serviceConfig:ServiceConfig": ("data", "labels", "name"),
    # A regional resource is another one elsewhere; the few global ones stay, which is not told apart here.
    # https://hashicorp.github.io/terraform-provider-aws/enhanced-region-support/
    "pulumi:providers:aws": ("region",),
    # https://github.com/pulumi/pulumi-kubernetes/blob/v4.34.0/provider/pkg/provider/provider.go (DiffConfig)
    "pulumi:providers:kubernetes": ("cluster", "context", "kubeconfig", "namespace", "renderYamlToDirectory"),
}
