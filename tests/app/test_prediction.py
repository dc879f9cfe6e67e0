from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from app.model.flights import Flight
from app.model.predictor import Predictor
from app.predictions.schemas import FlightRequest


def test_a_prediction_says_how_likely_a_delay_is_by_which_model(
    sqlite_client: TestClient, flight: dict[str, Any]
) -> None:
    response = sqlite_client.post("/predict", json=flight)
    assert response.status_code == 200
    answer = response.json()
    manifest = Predictor.load().manifest
    assert answer.keys() == {"prediction_id", "is_delayed", "delay_probability", "model_version"}
    assert UUID(answer["prediction_id"])
    assert answer["model_version"] == manifest.model_version
    assert answer["is_delayed"] == (answer["delay_probability"] >= manifest.threshold)


def test_a_prediction_is_what_the_model_says(sqlite_client: TestClient, flight: dict[str, Any]) -> None:
    departure = FlightRequest.model_validate(flight).scheduled_departure
    (expected,) = Predictor.load().delay_probabilities([Flight("UA", "EWR", "IAH", departure, 1400)])
    assert sqlite_client.post("/predict", json=flight).json()["delay_probability"] == expected


def test_an_evening_flight_is_likelier_late_than_a_morning_one(
    sqlite_client: TestClient, flight: dict[str, Any]
) -> None:
    def probability(time: str) -> float:
        asked = flight | {"scheduled_departure": f"2026-07-01T{time}"}
        return sqlite_client.post("/predict", json=asked).json()["delay_probability"]

    assert probability("06:00") < probability("19:00")


def test_the_known_distance_is_taken_when_none_is_given(
    sqlite_client: TestClient, flight: dict[str, Any]
) -> None:
    without = sqlite_client.post("/predict", json=flight).json()
    given = sqlite_client.post("/predict", json=flight | {"distance_miles": 1400}).json()
    assert without["delay_probability"] == given["delay_probability"]


def test_a_pair_that_was_never_flown_needs_its_distance(
    sqlite_client: TestClient, flight: dict[str, Any]
) -> None:
    unseen = flight | {"origin": "LGA", "destination": "HNL"}
    refused = sqlite_client.post("/predict", json=unseen)
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["field"] == "body.distance_miles"
    assert "LGA to HNL" in error["message"]
    assert sqlite_client.post("/predict", json=unseen | {"distance_miles": 4983}).status_code == 200


@pytest.mark.parametrize(
    ("field", "code", "among_known"),
    [("carrier", "ZZ", "UA"), ("origin", "LAX", "JFK"), ("destination", "XXX", "LAX")],
)
def test_what_the_model_does_not_know_is_named_with_what_it_knows(
    sqlite_client: TestClient, flight: dict[str, Any], field: str, code: str, among_known: str
) -> None:
    response = sqlite_client.post("/predict", json=flight | {field: code})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    (error,) = response.json()["errors"]
    assert error["field"] == f"body.{field}"
    assert code in error["message"]
    assert among_known in error["known"]


def test_all_unknown_values_are_named_at_once(sqlite_client: TestClient, flight: dict[str, Any]) -> None:
    asked = flight | {"carrier": "ZZ", "destination": "XXX"}
    errors = sqlite_client.post("/predict", json=asked).json()["errors"]
    assert [error["field"] for error in errors] == ["body.carrier", "body.destination"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("scheduled_departure", "2026-07-04T17:30+02:00"),
        ("scheduled_departure", "2026-07-04T17:30Z"),
        ("scheduled_departure", 1783186200),
        ("scheduled_departure", "2026-02-30T17:30"),
        ("scheduled_departure", "soon"),
        ("distance_miles", 0),
        ("distance_miles", 1400.5),
        ("distance_miles", "1400"),
        ("distance_miles", 12_001),
        ("carrier", "ua"),
        ("carrier", None),
        ("origin", "EW"),
        ("weather", "fog"),
    ],
)
def test_a_value_of_the_wrong_form_is_refused_by_name(
    sqlite_client: TestClient, flight: dict[str, Any], field: str, value: object
) -> None:
    response = sqlite_client.post("/predict", json=flight | {field: value})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [f"body.{field}"]


def test_a_batch_is_answered_in_the_order_it_was_asked_in(client: TestClient, flight: dict[str, Any]) -> None:
    flights = [flight | {"carrier": c} for c in ("UA", "AA", "DL", "B6", "UA")]
    batch = client.post("/predict/batch", json={"flights": flights}).json()["predictions"]
    singly = [client.post("/predict", json=one).json() for one in flights]
    assert [p["delay_probability"] for p in batch] == [p["delay_probability"] for p in singly]
    assert len({p["prediction_id"] for p in batch}) == 5


def test_a_batch_of_a_thousand_is_answered_and_kept(client: TestClient, flight: dict[str, Any]) -> None:
    flights = [
        flight | {"scheduled_departure": f"2026-07-{1 + n % 28:02}T{n % 24:02}:{n % 60:02}"}
        for n in range(1000)
    ]
    response = client.post("/predict/batch", json={"flights": flights})
    assert response.status_code == 200
    last = response.json()["predictions"][-1]["prediction_id"]
    assert client.get(f"/predictions/{last}").status_code == 200


@pytest.mark.parametrize("size", [0, 1001])
def test_a_batch_has_one_to_a_thousand_flights(
    sqlite_client: TestClient, flight: dict[str, Any], size: int
) -> None:
    response = sqlite_client.post("/predict/batch", json={"flights": [flight] * size})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "body.flights"


def test_a_batch_with_one_unknown_value_is_refused_whole(client: TestClient, flight: dict[str, Any]) -> None:
    response = client.post("/predict/batch", json={"flights": [flight, flight | {"carrier": "ZZ"}]})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "body.flights.1.carrier"
    assert client.get("/predictions").json()["items"] == []
