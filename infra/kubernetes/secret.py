"""Where the values of Secrets come from: made here, made by somebody else, or fetched from a store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import pulumi
import pulumi_kubernetes as k8s
import pulumi_random as random
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

Origin: TypeAlias = Literal["made", "existing", "external"]
PASSWORD_LENGTH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretSource:
    """Who provides the Secrets of a stack."""

    origin: Origin = "made"
    """made: here, with their values; existing: somebody else, so they are only named; external: a store."""
    store: str = ""
    """The ClusterSecretStore of External Secrets."""
    random: pulumi.ProviderResource | None = None
    """Draws the passwords of data stores, where the Secrets are made here."""
    protected: bool = False
    """Whether a drawn password may go."""

    def password(self, name: str, parent: pulumi.Resource) -> pulumi.Output[str]:
        """A password that fits into a URL; empty where whoever provides the Secrets chooses it."""
        if self.origin != "made":
            return pulumi.Output.from_input("")
        opts = pulumi.ResourceOptions(parent=parent, provider=self.random, protect=self.protected or None)
        return random.RandomPassword(
            f"{name}-password", length=PASSWORD_LENGTH, special=False, opts=opts
        ).result

    def declare(
        self,
        name: str,
        meta: ObjectMetaArgs,
        values: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions,
        kind: str = "Opaque",
    ) -> list[pulumi.Resource]:
        """The Secret that `meta` names, or what brings it about; nothing where it would be empty."""
        match self.origin:
            case "made" if values:
                return [k8s.core.v1.Secret(name, metadata=meta, string_data=values, type=kind, opts=opts)]
            case "external" if values:
                spec = external_secret(str(meta.namespace), str(meta.name), list(values), self.store, kind)
                return [
                    k8s.apiextensions.CustomResource(
                        name,
                        api_version="external-secrets.io/v1",
                        kind="ExternalSecret",
                        metadata=meta,
                        spec=spec,
                        opts=opts,
                    )
                ]
            case _:
                return []


def external_secret(namespace: str, name: str, keys: list[str], store: str, kind: str) -> dict[str, object]:
    """Fetches each key as a property of the entry `namespace/name` of a store.

    https://external-secrets.io/latest/api/externalsecret/
    """
    return {
        "refreshInterval": "1h",
        "secretStoreRef": {"kind": "ClusterSecretStore", "name": store},
        "target": {"name": name, "template": {"type": kind}},
        "data": [
            {"secretKey": key, "remoteRef": {"key": f"{namespace}/{name}", "property": key}} for key in keys
        ],
    }
