"""Makes predictions: asks the cache, else the model, and keeps the answer. Knows no HTTP."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import uuid4

from prometheus_client import CollectorRegistry, Counter, Histogram

from app.model.batching import BatchingModel
from app.model.flights import Flight
from app.model.predictor import Predictor
from app.predictions.cache import Cache
from app.predictions.prediction import Prediction
from app.predictions.store import Kept, PredictionStore

INFERENCE_SECONDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1)


class PredictionMetrics:
    """What Prometheus is told about predictions. Its labels are looked up once, not with every request."""

    def __init__(self, registry: CollectorRegistry, model_type: str) -> None:
        predictions = Counter(
            "predictions_total", "Predictions made and kept", ["model_type", "result"], registry=registry
        )
        self._delayed = predictions.labels(model_type, "delayed")
        self._on_time = predictions.labels(model_type, "on_time")
        self.inference_seconds = Histogram(
            "model_inference_duration_seconds",
            "From asking the model to its answer",
            ["model_type"],
            buckets=INFERENCE_SECONDS,
            registry=registry,
        ).labels(model_type)
        lookups = Counter(
            "prediction_cache_lookups_total", "Inputs looked up in the cache", ["result"], registry=registry
        )
        self.cache_hits = lookups.labels("hit")
        self.cache_misses = lookups.labels("miss")

    def count(self, *, delayed: int, on_time: int) -> None:
        """So many predictions more."""
        self._delayed.inc(delayed)
        self._on_time.inc(on_time)


class Forecaster:
    """From flights to predictions that are kept."""

    def __init__(
        self, predictor: Predictor, cache: Cache, store: PredictionStore, metrics: PredictionMetrics
    ) -> None:
        self._manifest = predictor.manifest
        self._model = BatchingModel(predictor)
        self._cache = cache
        self._store = store
        self._metrics = metrics

    async def forecast(self, flights: Sequence[Flight], key: str | None) -> Kept:
        """Predictions in the order of `flights`, kept before they are returned.

        Raises StorageUnavailableError, or KeyReusedError for a `key` that came with other flights before.
        """
        keys = [self._cache_key(flight) for flight in flights]
        known = await self._probabilities(dict(zip(keys, flights, strict=True)))
        now = datetime.now(UTC)
        made = [self._prediction(flight, known[k], now) for k, flight in zip(keys, flights, strict=True)]
        kept = await self._store.keep(made, key)
        if not kept.replayed:
            delayed = sum(prediction.is_delayed for prediction in made)
            self._metrics.count(delayed=delayed, on_time=len(made) - delayed)
        return kept

    async def _probabilities(self, asked: Mapping[str, Flight]) -> Mapping[str, float]:
        remembered = await self._cache.get(list(asked))
        missing = {key: flight for key, flight in asked.items() if key not in remembered}
        self._metrics.cache_hits.inc(len(remembered))
        self._metrics.cache_misses.inc(len(missing))
        if not missing:
            return remembered
        inferred = dict(zip(missing, await self._infer(list(missing.values())), strict=True))
        await self._cache.put(inferred)
        return {**remembered, **inferred}

    async def _infer(self, flights: Sequence[Flight]) -> list[float]:
        started = time.perf_counter()
        found = await self._model.delay_probabilities(flights)
        self._metrics.inference_seconds.observe(time.perf_counter() - started)
        return found

    def _prediction(self, flight: Flight, probability: float, now: datetime) -> Prediction:
        delayed = probability >= self._manifest.threshold
        return Prediction(uuid4(), now, flight, probability, delayed, self._manifest.model_version)

    def _cache_key(self, flight: Flight) -> str:
        """Of what the model sees, so that the same weekday and minute of another week is the same input."""
        features = self._manifest.catalogue.features(flight)
        return f"delay:{self._manifest.model_version}:{','.join(f'{n:g}' for n in features)}"
