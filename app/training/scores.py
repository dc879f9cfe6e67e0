"""How good probabilities are. Pure functions; knows no model."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

SMALLEST_PROBABILITY = 1e-9


class Scores(NamedTuple):
    """The three numbers of the model card."""

    auc: float
    """How often a delayed flight ranks above a punctual one; 0.5 is chance, higher is better."""
    log_loss: float
    """Lower is better."""
    brier: float
    """Mean squared error of the probability; lower is better."""


class Bin(NamedTuple):
    """A tenth of the flights, by predicted probability."""

    predicted: float
    observed: float


def auc(delayed: Values, probability: Values) -> float:
    """Area under the ROC curve, ties counted half."""
    _, inverse, counts = np.unique(probability, return_inverse=True, return_counts=True)
    mean_ranks = np.cumsum(counts) - (counts - 1) / 2
    positives = float(delayed.sum())
    negatives = len(delayed) - positives
    rank_sum = float(mean_ranks[inverse][delayed == 1].sum())
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def scores(delayed: Values, probability: Values) -> Scores:
    """Of these probabilities, given what happened (1 is delayed)."""
    clipped = np.clip(probability, SMALLEST_PROBABILITY, 1 - SMALLEST_PROBABILITY)
    likelihood = delayed * np.log(clipped) + (1 - delayed) * np.log(1 - clipped)
    return Scores(
        auc=auc(delayed, probability),
        log_loss=float(-likelihood.mean()),
        brier=float(((probability - delayed) ** 2).mean()),
    )


def calibration(delayed: Values, probability: Values, bins: int = 10) -> list[Bin]:
    """Mean prediction and share of delays in each of `bins` equal parts, lowest predictions first."""
    order = np.argsort(probability, kind="stable")
    return [
        Bin(float(probability[part].mean()), float(delayed[part].mean()))
        for part in np.array_split(order, bins)
    ]


def best_threshold(delayed: Values, probability: Values) -> float:
    """The probability, in whole percent, from which calling a flight delayed gives the highest F1."""
    candidates = [percent / 100 for percent in range(5, 96)]
    return max(candidates, key=lambda threshold: _f1(delayed, probability >= threshold))


def _f1(delayed: Values, called: NDArray[np.bool_]) -> float:
    right = float(delayed[called].sum())
    return 2 * right / (float(called.sum()) + float(delayed.sum()))


def precision_and_recall(delayed: Values, probability: Values, threshold: float) -> tuple[float, float]:
    """Of those called delayed, how many were; of those that were, how many were called so."""
    called = probability >= threshold
    right = float(delayed[called].sum())
    return right / max(float(called.sum()), 1), right / float(delayed.sum())
