"""One objective, from which every platform's alerts follow. Knows no platform."""

from pydantic import Field

from infra.model import Model


class Slo(Model):
    """What users of the public workloads may expect."""

    availability_percent: float = Field(default=99.9, ge=90, lt=100)
    """Share of requests that must not fail with 5xx."""
    p95_milliseconds: int = Field(default=1000, ge=1, le=60000)
    """What 95 of 100 requests stay under."""
