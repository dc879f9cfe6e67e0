"""What the API answers when it is asked as documented. Knows promises, not how they are reported."""

import re
from http import HTTPStatus
from typing import cast
from uuid import uuid4

from tools.probe.visitor import FLIGHT, UnseenError, Visitor, answered, expect, records, status_is

REPEATS = 4
ROUNDS = 5
"""Of repeats; with several replicas behind one address a scrape meets one of them only."""
HITS = re.compile(r'^prediction_cache_lookups_total\{[^}]*result="hit"[^}]*\} ([0-9.e+]+)$', re.MULTILINE)


def alive(visitor: Visitor) -> str:
    """The process answers."""
    said = answered(visitor.get("/health"))
    expect(said.get("status") == "alive", f"/health says {said.get('status')!r} instead of 'alive'")
    return "/health says alive"


def ready(visitor: Visitor) -> str:
    """Requests may be sent, and what that depends on is up."""
    said = answered(visitor.get("/ready"))
    checks = said.get("checks")
    expect(
        isinstance(checks, dict) and len(cast("dict[str, object]", checks)),
        "/ready names nothing that it depends on",
    )
    states = cast("dict[str, object]", checks)
    down = sorted(name for name, state in states.items() if state != "up")
    expect(not down, f"/ready says that it is down: {', '.join(down)}")
    expect(said.get("status") == "ready", f"/ready says {said.get('status')!r} instead of 'ready'")
    return "/ready says ready, and of everything it depends on that it is up"


def predicts(visitor: Visitor) -> str:
    """A flight is answered with a probability."""
    said = visitor.prediction
    probability = said.get("delay_probability")
    sound = isinstance(probability, float) and 0 <= probability <= 1
    expect(sound, f"delay_probability is {probability!r}, which is no probability")
    for name in ("prediction_id", "is_delayed", "model_version"):
        expect(name in said, f"the answer has no {name}")
    return "POST /predict answers with a probability"


def keeps(visitor: Visitor) -> str:
    """What was answered is stored, and read back as it was."""
    said = visitor.prediction
    kept = answered(visitor.get(f"/predictions/{said.get('prediction_id')}"))
    differs = sorted(name for name, value in said.items() if kept.get(name) != value)
    differs += sorted(
        name for name, value in FLIGHT.items() if not str(kept.get(name, "")).startswith(str(value))
    )
    expect(not differs, f"what is read back differs in: {', '.join(differs)}")
    return "a prediction is read back by its id, as it was answered and asked"


def lists(visitor: Visitor) -> str:
    """What was stored is among the newest."""
    said = visitor.prediction
    asked = {name: FLIGHT[name] for name in ("carrier", "origin", "destination")}
    found = answered(visitor.get("/predictions", params={**asked, "limit": "100"}))
    items = records(found, "items")
    ids = [item.get("prediction_id") for item in items]
    expect(said.get("prediction_id") in ids, "the prediction is not among the newest hundred of its route")
    others = {key for item in items for key, value in asked.items() if item.get(key) != value}
    expect(not others, f"the page holds what was not asked for, by: {', '.join(sorted(others))}")
    return "GET /predictions finds it by its route"


def batches(visitor: Visitor) -> str:
    """Several flights are answered together, in their order."""
    destinations = ["LAX", "IAH"]
    flights = [{**FLIGHT, "destination": destination} for destination in destinations]
    made = records(answered(visitor.post("/predict/batch", json={"flights": flights})), "predictions")
    kept = [answered(visitor.get(f"/predictions/{one.get('prediction_id')}")) for one in made]
    found = [one.get("destination") for one in kept]
    expect(found == destinations, f"flights to {destinations} get predictions for {found}")
    return "POST /predict/batch answers each flight, in order"


def repeats_once(visitor: Visitor) -> str:
    """A request repeated with its key makes nothing twice."""
    key = {"Idempotency-Key": f"probe-{uuid4().hex}"}
    first = visitor.post("/predict", json=FLIGHT, headers=key)
    again = visitor.post("/predict", json=FLIGHT, headers=key)
    same = answered(first).get("prediction_id") == answered(again).get("prediction_id")
    expect(same, "a request that is repeated with its Idempotency-Key makes a second prediction")
    expect(again.headers.get("idempotency-replayed") == "true", "the repeat is not marked as one")
    other = visitor.post("/predict", json={**FLIGHT, "destination": "LAX"}, headers=key)
    status_is(other, HTTPStatus.UNPROCESSABLE_ENTITY)
    return "a repeat with the same Idempotency-Key gets the first answer; another request with it, 422"


def remembers(visitor: Visitor) -> str:
    """A repeated input is answered from the cache, and each answer is a prediction of its own.

    From outside only the sameness of the answers shows, unless /metrics is public too.
    """
    before = after = _hits(visitor)
    for _ in range(ROUNDS):
        said = [answered(visitor.post("/predict", json=FLIGHT)) for _ in range(REPEATS)]
        expect(len({one.get("delay_probability") for one in said}) == 1, "the same flight, two probabilities")
        ids = {one.get("prediction_id") for one in said}
        expect(len(ids) == len(said), "something before the API repeats its answers: two have one id")
        after = _hits(visitor)
        if before is None or after is None:
            raise UnseenError("a repeated flight is answered alike; whether by the cache only /metrics tells")
        if after > before:
            return "a repeated flight is answered alike, and /metrics counts a hit"
    expect(after, "/metrics counts no hit, however often a flight is repeated")
    raise UnseenError("/metrics counts hits, but not where these repeats went: there are several replicas")


def _hits(visitor: Visitor) -> float | None:
    response = visitor.get("/metrics")
    if response.status_code != HTTPStatus.OK:
        return None
    found = HITS.findall(response.text)
    return sum(map(float, found)) if found else None
