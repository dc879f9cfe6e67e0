"""How large a secret may be, on each platform. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from infra.portability import Target

KIB = 1024


@dataclass(frozen=True, slots=True)
class SecretSize:
    """The most that fits."""

    octets: int
    where: str
    """What sets the limit, as in `Secret Manager`."""
    source: str


_VARIABLE = SecretSize(
    128 * KIB, "Linux, for one variable of a process,", "https://man7.org/linux/man-pages/man2/execve.2.html"
)
"""Narrower than a Secret of Kubernetes, and it only shows once the container starts."""
MAX_SECRET: Mapping[Target, SecretSize] = {
    "aws": SecretSize(
        64 * KIB,
        "Secrets Manager",
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html",
    ),
    "eks": _VARIABLE,
    "gcp": SecretSize(64 * KIB, "Secret Manager", "https://cloud.google.com/secret-manager/quotas"),
    "kubernetes": _VARIABLE,
    "swarm": SecretSize(500 * KIB, "Docker", "https://docs.docker.com/engine/swarm/secrets/"),
}
"""Of one secret."""
MAX_SECRETS_OF_WORKLOAD: Mapping[Target, SecretSize] = {
    target: SecretSize(
        KIB * KIB, "a Secret of Kubernetes", "https://kubernetes.io/docs/concepts/configuration/secret/"
    )
    for target in ("eks", "kubernetes")
}
"""Of all secrets of one workload, where one object holds them."""
