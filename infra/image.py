"""A container image: named, or built here. Knows no platform."""

from dataclasses import dataclass
from typing import Self

import pulumi


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image that a workload can run."""

    reference: pulumi.Input[str]
    """What a platform pulls: `ghcr.io/acme/airfield@sha256:…`."""
    repository: str
    """The reference without tag and digest, known before anything is built."""

    @classmethod
    def named(cls, reference: str) -> Self:
        """An image that exists."""
        return cls(reference=reference, repository=repository(reference))


def repository(reference: str) -> str:
    """`registry:5000/team/api:1.2@sha256:…` → `registry:5000/team/api`."""
    name, _, _ = reference.partition("@")
    folder, slash, last = name.rpartition("/")
    return f"{folder}{slash}{last.partition(':')[0]}"
