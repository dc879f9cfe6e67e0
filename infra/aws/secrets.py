"""Values that reach tasks by reference only."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretReference:
    """Where a task finds a secret."""

    arn: pulumi.Output[str]
    """What its execution role may read."""
    value_from: pulumi.Output[str]
    """The arn with the version, so that a changed value makes new tasks.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretsArgs:
    """What is kept, by name."""

    values: Mapping[str, pulumi.Input[str]]


class Secrets(pulumi.ComponentResource):
    """Secrets Manager secrets, one a name."""

    references: Mapping[str, SecretReference]

    def __init__(self, name: str, args: SecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:aws:Secrets", name, None, opts)
        self.references = {key: self._keep(name, key, value) for key, value in args.values.items()}
        self.register_outputs({})

    def _keep(self, name: str, key: str, value: pulumi.Input[str]) -> SecretReference:
        child = pulumi.ResourceOptions(parent=self)
        secret = aws.secretsmanager.Secret(f"{name}-{key}", opts=child)
        version = aws.secretsmanager.SecretVersion(
            f"{name}-{key}", secret_id=secret.id, secret_string=value, opts=child
        )
        return SecretReference(
            arn=secret.arn, value_from=pulumi.Output.concat(secret.arn, ":::", version.version_id)
        )
