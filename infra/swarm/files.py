"""Files that a Swarm gives to containers: its secrets and its configs."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_docker as docker

from infra.swarm.names import STACK_LABEL, content_name, encoded

SECRETS_PATH = "/run/secrets"
"""https://docs.docker.com/engine/swarm/secrets/"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mounted:
    """A secret or config in a container."""

    id: pulumi.Input[str]
    name: pulumi.Input[str]
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretsArgs:
    """What secrets are made of."""

    namespace: str
    values: Mapping[str, pulumi.Input[str]]
    """By name, as containers find them below SECRETS_PATH."""


class Secrets(pulumi.ComponentResource):
    """Secrets of the Swarm. None ever changes: a new value is a new secret, and its users are rolled."""

    mounted: Mapping[str, Mounted]
    """By name."""

    def __init__(self, name: str, args: SecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:swarm:Secrets", name, None, opts)
        mounted: dict[str, Mounted] = {}
        for key, given in args.values.items():
            value = pulumi.Output.secret(given)
            secret = docker.Secret(
                f"{name}-{key.lower().replace('_', '-')}",
                # Eight digits of a hash tell nothing of the value, so the name may be read.
                name=pulumi.Output.unsecret(
                    value.apply(lambda text, key=key: content_name(args.namespace, key, text))
                ),
                data=value.apply(encoded),
                labels=[docker.SecretLabelArgs(label=STACK_LABEL, value=args.namespace)],
                opts=pulumi.ResourceOptions(parent=self),
            )
            mounted[key] = Mounted(id=secret.id, name=secret.name, path=f"{SECRETS_PATH}/{key}")
        self.mounted = mounted
        self.register_outputs({})


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigsArgs:
    """What configs are made of."""

    namespace: str
    files: Mapping[str, str]
    """Text by path in the container."""


class Configs(pulumi.ComponentResource):
    """Configs of one service. As with secrets, another text is another config."""

    mounted: tuple[Mounted, ...]

    def __init__(self, name: str, args: ConfigsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("airfield:swarm:Configs", name, None, opts)
        mounted: list[Mounted] = []
        for path, text in args.files.items():
            role = path.strip("/").replace("/", "-").replace(".", "-")
            config = docker.ServiceConfig(
                f"{name}-{role}",
                name=content_name(args.namespace, f"{name}-{role}", text),
                data=encoded(text),
                labels=[docker.ServiceConfigLabelArgs(label=STACK_LABEL, value=args.namespace)],
                opts=pulumi.ResourceOptions(parent=self),
            )
            mounted.append(Mounted(id=config.id, name=config.name, path=path))
        self.mounted = tuple(mounted)
        self.register_outputs({})
