"""Values that reach services by reference only."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretReference:
    """Where a service finds a secret."""

    secret_id: pulumi.Output[str]
    """What its service account may read."""
    version: pulumi.Output[str]
    """Pinned, so that a changed value makes a new revision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretsArgs:
    """What is kept, by name."""

    values: Mapping[str, pulumi.Input[str]]
    suffix: pulumi.Input[str]
    """Sets this stack's secrets apart from those of another in the same project."""


class Secrets(pulumi.ComponentResource):
    """Secret Manager secrets, one a name."""

    references: Mapping[str, SecretReference]

    def __init__(self, name: str, args: SecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:gcp:Secrets", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        self.references = {
            key: self._keep(f"{name}-{key}", pulumi.Output.concat(key, "-", args.suffix), value)
            for key, value in args.values.items()
        }
        self.register_outputs({})

    def _keep(self, name: str, secret_id: pulumi.Input[str], value: pulumi.Input[str]) -> SecretReference:
        replication = gcp.secretmanager.SecretReplicationArgs(
            auto=gcp.secretmanager.SecretReplicationAutoArgs()
        )
        secret = gcp.secretmanager.Secret(
            name, secret_id=secret_id, replication=replication, opts=self._child
        )
        version = gcp.secretmanager.SecretVersion(name, secret=secret.id, secret_data=value, opts=self._child)
        return SecretReference(secret_id=secret.secret_id, version=version.version)
