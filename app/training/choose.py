"""`python -m app.training.choose` compares settings on the validation month. Never sees the test months."""

import sys
from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from app.training.data import arrivals, catalogue_of, flights_file, read_rows
from app.training.fit import Split, fit, probabilities, split_by_time
from app.training.scores import auc

ALIKE = 0.001
"""Differences of the AUC that another month would turn round."""


class Candidate(NamedTuple):
    """Settings that are tried."""

    max_depth: int
    min_child_weight: int
    eta: float


CANDIDATES = tuple(Candidate(*each) for each in product((3, 4, 6, 8), (5, 20, 100), (0.05, 0.1)))


class Outcome(NamedTuple):
    """What came of it."""

    candidate: Candidate
    auc: float
    trees: int

    @property
    def leaves(self) -> int:
        """How many there can be, which is what the file's size and an answer's time follow."""
        return self.trees * 2**self.candidate.max_depth


def outcome(candidate: Candidate, split: Split) -> Outcome:
    """Trained on the training months, measured on the validation month."""
    booster = fit(split, candidate._asdict())
    score = auc(split.validation.delayed, probabilities(booster, split.validation))
    return Outcome(candidate, score, booster.num_boosted_rounds())


def chosen(outcomes: Sequence[Outcome]) -> Outcome:
    """The smallest of those that are as good as the best."""
    best = max(each.auc for each in outcomes)
    return min((each for each in outcomes if each.auc > best - ALIKE), key=lambda each: each.leaves)


def main() -> None:
    """A line for each candidate, the best first, and the choice."""
    seen = arrivals(read_rows(flights_file()))
    split = split_by_time(seen, catalogue_of(seen))
    outcomes = [outcome(candidate, split) for candidate in CANDIDATES]
    for each in sorted(outcomes, key=lambda each: -each.auc):
        sys.stdout.write(f"AUC {each.auc:.5f}, {each.trees} trees: {each.candidate}\n")
    sys.stdout.write(f"Chosen: {chosen(outcomes).candidate}\n")


if __name__ == "__main__":
    main()
