"""How much a namespace may use, and one container of it: as asked for. Knows nothing of the SDK."""

from pydantic import Field

from infra.model import Model


class Quota(Model):
    """What all pods of the namespace may use together; left out, nothing is limited."""

    cpu_millicores: int | None = Field(default=None, ge=100)
    """Sum of the CPU limits."""
    memory_mib: int | None = Field(default=None, ge=128)
    """Sum of the memory limits."""
    storage_gib: int | None = Field(default=None, ge=1)
    """Sum of the claimed storage."""
    pods: int | None = Field(default=None, ge=1)
    """Number of pods."""


class ContainerLimits(Model):
    """What one container may use at most, and gets where it does not say; left out, nothing is limited."""

    cpu_millicores: int | None = Field(default=None, ge=100)
    """CPU of one container."""
    memory_mib: int | None = Field(default=None, ge=128)
    """Memory of one container."""
