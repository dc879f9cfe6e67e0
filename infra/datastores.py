"""Postgres and Redis: what is asked for, not how it is provided. Knows no platform."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from infra.model import Model


class Postgres(Model):
    """One PostgreSQL database that workloads reach through DATABASE_URL."""

    external: bool = False
    """Run by somebody else: its URL is the secret DATABASE_URL."""
    version: Annotated[Literal["15", "16", "17", "18"], BeforeValidator(str)] = "17"
    """Major version."""
    storage_gib: int = Field(default=20, ge=20, le=16384)
    """Storage at the start."""
    max_storage_gib: int = Field(default=100, ge=20, le=65536)
    """Storage that it may grow to."""
    highly_available: bool = True
    """A standby in another zone takes over by itself."""
    backup_days: int = Field(default=7, ge=1, le=35)
    """Days that it can be restored to."""

    def contradictions(self) -> Iterator[str]:
        """A disk that is larger at the start than it may become."""
        if self.storage_gib > self.max_storage_gib:
            yield f"storageGib ({self.storage_gib}) must not exceed maxStorageGib ({self.max_storage_gib})"


class Redis(Model):
    """One Redis that workloads reach through REDIS_URL."""

    external: bool = False
    """Run by somebody else: its URL is the secret REDIS_URL."""
    memory_mib: int = Field(default=512, ge=256, le=65536)
    """Memory for data."""
    replicas: int = Field(default=1, ge=0, le=5)
    """Copies beside the primary."""


URL_VARIABLE = {"postgres": "DATABASE_URL", "redis": "REDIS_URL"}
"""The variable through which a workload finds each data store, and the secret of an external one."""

PORT = {"postgres": 5432, "redis": 6379}
"""Where each data store listens."""
