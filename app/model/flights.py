"""A flight as the model sees it, and the airlines and airports it has learned. Knows no model and no HTTP."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

FEATURES = ("carrier", "origin", "destination", "day_of_week", "minute_of_day", "distance_miles")
"""In this order. All are known when a ticket is sold, none is learned at or after departure.

The month is left out on purpose: with one year of data and a split by time, a later month is one never seen.
"""
FEATURE_TYPES = ("c", "c", "c", "q", "q", "q")
"""Category or quantity, in XGBoost's letters."""


class Flight(NamedTuple):
    """One scheduled departure."""

    carrier: str
    """IATA code of the airline."""
    origin: str
    """IATA code of the airport."""
    destination: str
    """IATA code of the airport."""
    scheduled_departure: datetime
    """By the clock at the origin, without an offset."""
    distance_miles: int


class UnknownValue(NamedTuple):
    """Something that the model was never shown."""

    field: str
    message: str
    known: list[str] | None


class Catalogue(BaseModel):
    """What the model has learned to tell apart; a place in a list is the number that the model knows."""

    model_config = ConfigDict(frozen=True)

    carriers: tuple[str, ...]
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    distances_miles: Mapping[str, int]
    """By pair, as in `JFK-LAX`."""

    @cached_property
    def _numbers(self) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
        carriers, origins, destinations = (
            {code: number for number, code in enumerate(codes)}
            for codes in (self.carriers, self.origins, self.destinations)
        )
        return carriers, origins, destinations

    def distance_miles(self, origin: str, destination: str) -> int | None:
        """Between these two, if a flight between them was seen."""
        return self.distances_miles.get(f"{origin}-{destination}")

    def unknown(self, carrier: str, origin: str, destination: str) -> list[UnknownValue]:
        """Each of the three that the model was never shown, with what it was shown."""
        asked = (("carrier", carrier), ("origin", origin), ("destination", destination))
        known = (self.carriers, self.origins, self.destinations)
        return [
            UnknownValue(field, f"the model does not know {field} {code}", list(codes))
            for (field, code), codes, numbers in zip(asked, known, self._numbers, strict=True)
            if code not in numbers
        ]

    def features(self, flight: Flight) -> tuple[float, ...]:
        """The numbers of FEATURES. Raises KeyError for what `unknown` lists."""
        carriers, origins, destinations = self._numbers
        departure = flight.scheduled_departure
        return (
            carriers[flight.carrier],
            origins[flight.origin],
            destinations[flight.destination],
            departure.isoweekday(),
            departure.hour * 60 + departure.minute,
            flight.distance_miles,
        )
