"""A prediction that was made. Pure values; knows no HTTP, SQL or model."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.model.flights import Flight


class Prediction(NamedTuple):
    """What was said about a flight, when and by which model."""

    id: UUID
    created_at: datetime
    """In UTC."""
    flight: Flight
    delay_probability: float
    is_delayed: bool
    model_version: str
