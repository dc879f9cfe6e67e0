"""Which changed property makes each platform replace a resource. Every entry says where it is written.

Only the types that the stacks declare are here; a type that is missing is always updated in place.
"""

from collections.abc import Mapping

REPLACED_BY: Mapping[str, tuple[str, ...]] = {
    # https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/
    "pulumi:providers:kubernetes": ("renderYamlToDirectory", "cluster", "context", "kubeconfig", "namespace"),
    # https://cloud.google.com/sql/docs/postgres/instance-settings
    "gcp:sql/databaseInstance:DatabaseInstance": ("name", "region", "settings.diskType"),
    # https://cloud.google.com/memorystore/docs/redis/redis-tiers
    "gcp:redis/instance:Instance": (
        "authorizedNetwork",
        "connectMode",
        "region",
        "tier",
        "transitEncryptionMode",
    ),
}
