"""Fits the model and the baselines it has to beat. Knows the split by time, not where anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import numpy as np
import xgboost
from numpy.typing import NDArray

from app.model.flights import FEATURE_TYPES, FEATURES, Catalogue
from app.training.data import Arrival
from app.training.scores import Values

LAST_TRAINING_MONTH = 9
VALIDATION_MONTH = 10

PARAMETERS: dict[str, Any] = {
    "objective": "binary:logistic",
    # Months differ in how many flights are late; which ones are the likelier to be is what carries over.
    "eval_metric": "auc",
    "tree_method": "hist",
    "max_depth": 4,
    "eta": 0.1,
    "min_child_weight": 100,
    "max_cat_to_onehot": 4,
    "seed": 2013,
    # One thread adds numbers up in one order, so the same data give the same file.
    "nthread": 1,
}
MAX_ROUNDS = 400
PATIENCE_ROUNDS = 40


class Sample(NamedTuple):
    """Features of some flights, and 1 for each that was delayed."""

    features: NDArray[np.float32]
    delayed: Values


@dataclass(frozen=True, slots=True)
class Split:
    """Flights by when they left: the model never sees the future of what it is measured on."""

    training: Sample
    validation: Sample
    test: Sample


def split_by_time(arrivals: Sequence[Arrival], catalogue: Catalogue) -> Split:
    """January to September, October, November and December."""
    features = np.array([catalogue.features(flight) for flight, _ in arrivals], dtype=np.float32)
    delayed = np.array([late for _, late in arrivals], dtype=np.float64)
    months = np.array([flight.scheduled_departure.month for flight, _ in arrivals])

    def part(chosen: NDArray[np.bool_]) -> Sample:
        return Sample(features[chosen], delayed[chosen])

    return Split(
        training=part(months <= LAST_TRAINING_MONTH),
        validation=part(months == VALIDATION_MONTH),
        test=part(months > VALIDATION_MONTH),
    )


def _matrix(sample: Sample) -> xgboost.DMatrix:
    return xgboost.DMatrix(
        sample.features,
        label=sample.delayed,
        feature_names=list(FEATURES),
        feature_types=list(FEATURE_TYPES),
        enable_categorical=True,
        nthread=1,
    )


def fit(split: Split, instead: Mapping[str, float] | None = None) -> xgboost.Booster:
    """Trees until the validation month stops improving, without those grown in vain.

    `instead` names parameters to try in the place of the chosen ones.
    """
    booster = xgboost.train(
        PARAMETERS | dict(instead or {}),
        _matrix(split.training),
        num_boost_round=MAX_ROUNDS,
        evals=[(_matrix(split.validation), "validation")],
        early_stopping_rounds=PATIENCE_ROUNDS,
        verbose_eval=False,
    )
    kept = booster[: booster.best_iteration + 1]
    # What early stopping noted would otherwise be part of the file.
    kept.set_attr(best_iteration=None, best_score=None)
    return kept


def probabilities(booster: xgboost.Booster, sample: Sample) -> Values:
    """What the model says about each flight."""
    return np.asarray(cast("Any", booster).inplace_predict(sample.features), dtype=np.float64)


def always_the_mean(training: Sample, sample: Sample) -> Values:
    """The first baseline: the training months' share of delays, whatever the flight."""
    return np.full(len(sample.delayed), training.delayed.mean())


def mean_by_carrier_and_hour(training: Sample, sample: Sample) -> Values:
    """The second baseline: the share of delays of this carrier in this hour; the mean where it never flew."""

    def groups(of: Sample) -> NDArray[np.int64]:
        carrier = of.features[:, FEATURES.index("carrier")]
        hour = of.features[:, FEATURES.index("minute_of_day")] // 60
        return (carrier * 24 + hour).astype(np.int64)

    size = int(max(groups(training).max(), groups(sample).max())) + 1
    flights = np.bincount(groups(training), minlength=size)
    late = np.bincount(groups(training), weights=training.delayed, minlength=size)
    shares = np.where(flights > 0, late / np.maximum(flights, 1), training.delayed.mean())
    return shares[groups(sample)]
