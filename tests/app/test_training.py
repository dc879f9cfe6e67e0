import hashlib
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from app.model.predictor import ARTEFACT, MODEL_FILE, Predictor
from app.training.__main__ import main
from app.training.choose import CANDIDATES, Candidate, Outcome, chosen
from app.training.data import arrivals
from app.training.fit import PARAMETERS, Sample, always_the_mean, mean_by_carrier_and_hour, split_by_time
from app.training.scores import auc, best_threshold, calibration, precision_and_recall, scores

ROW = {
    "year": "2013",
    "month": "1",
    "day": "31",
    "sched_dep_time": "1545",
    "arr_delay": "14",
    "carrier": "UA",
    "origin": "EWR",
    "dest": "IAH",
    "distance": "1400",
}
SAME_MODEL = 0.002
"""What scores may differ by on another kind of processor."""


def card_scores(folder: Path) -> dict[str, tuple[float, ...]]:
    table = (folder / "MODEL_CARD.md").read_text()
    rows = re.findall(r"^\| ([a-z ]+) \| (0\.\d+) \| (0\.\d+) \| (0\.\d+) \|$", table, flags=re.MULTILINE)
    return {name: tuple(float(number) for number in numbers) for name, *numbers in rows}


@pytest.mark.no_cover  # the smaller training below runs the same lines
@pytest.mark.long
def test_training_again_gives_the_committed_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["train", "--into", str(tmp_path)])
    assert main() == 0
    model = (tmp_path / MODEL_FILE).read_bytes()
    if model == (ARTEFACT / MODEL_FILE).read_bytes():
        for file in ("manifest.json", "MODEL_CARD.md", "calibration.svg"):
            assert (tmp_path / file).read_text() == (ARTEFACT / file).read_text(), file
    assert card_scores(tmp_path).keys() == card_scores(ARTEFACT).keys()
    for name, committed in card_scores(ARTEFACT).items():
        assert card_scores(tmp_path)[name] == pytest.approx(committed, abs=SAME_MODEL), name
    assert hashlib.sha256(model).hexdigest() in capsys.readouterr().out
    assert Predictor.load(tmp_path).manifest.catalogue == Predictor.load().manifest.catalogue


def test_training_that_gives_another_model_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / MODEL_FILE).write_bytes(b"another")
    monkeypatch.setattr(sys, "argv", ["train", "--into", str(tmp_path)])

    def read_some(_: Path) -> list[dict[str, str]]:
        return [
            ROW | {"month": str(month), "day": str(day), "arr_delay": str(day % 3 * 10)}
            for month in range(1, 13)
            for day in range(1, 29)
        ]

    monkeypatch.setattr("app.training.__main__.read_rows", read_some)
    assert main() == 1
    assert (
        "It was ae448ac86c4e8e4dec645729708ef41873ae79c6dff84eff73360989487f08e5." in capsys.readouterr().out
    )


def test_the_committed_model_beats_both_baselines() -> None:
    found = card_scores(ARTEFACT)
    model_auc, model_log_loss, model_brier = found["the model"]
    for name in ("always the mean", "mean by carrier and hour"):
        baseline_auc, baseline_log_loss, baseline_brier = found[name]
        assert model_auc > baseline_auc
        assert model_log_loss < baseline_log_loss
        assert model_brier < baseline_brier


def test_the_smallest_of_the_settings_that_are_as_good_as_the_best_is_chosen() -> None:
    best = Outcome(Candidate(8, 100, 0.05), 0.6766, trees=124)
    small = Outcome(Candidate(4, 100, 0.1), 0.6763, trees=186)
    worse = Outcome(Candidate(3, 5, 0.1), 0.6738, trees=10)
    assert chosen([worse, best, small]) is small


def test_the_models_settings_are_among_those_that_were_compared() -> None:
    assert Candidate(**{name: PARAMETERS[name] for name in Candidate._fields}) in CANDIDATES


@pytest.mark.parametrize(("minutes", "delayed"), [("-3", False), ("14", False), ("15", True), ("120", True)])
def test_fifteen_minutes_late_is_delayed(minutes: str, *, delayed: bool) -> None:
    (arrival,) = arrivals([ROW | {"arr_delay": minutes}])
    assert arrival.delayed is delayed
    assert arrival.flight.scheduled_departure.isoformat() == "2013-01-31T15:45:00"


@pytest.mark.parametrize("missing", ["", "NA"])
def test_what_never_arrived_is_left_out(missing: str) -> None:
    assert arrivals([ROW | {"arr_delay": missing}]) == []


def test_the_model_is_measured_on_months_after_those_it_learns_from() -> None:
    seen = arrivals([ROW | {"month": str(month), "day": "1"} for month in range(1, 13)])
    split = split_by_time(seen, Predictor.load().manifest.catalogue)
    assert [len(part.delayed) for part in (split.training, split.validation, split.test)] == [9, 1, 2]


def test_the_baselines_are_means_of_the_training_months_only() -> None:
    # Carrier 0 at 10:00 was late half of the time, carrier 1 always; carrier 2 never flew.
    rows = np.array([[0, 0, 0, 1, 600, 1], [0, 0, 0, 1, 610, 1], [1, 0, 0, 1, 600, 1]], np.float32)
    training = Sample(rows, np.array([0.0, 1.0, 1.0]))
    later = Sample(np.array([[0, 0, 0, 1, 659, 1], [2, 0, 0, 1, 600, 1]], np.float32), np.array([0.0, 0.0]))
    assert always_the_mean(training, later) == pytest.approx([2 / 3, 2 / 3])
    assert mean_by_carrier_and_hour(training, later) == pytest.approx([0.5, 2 / 3])


def test_scores_of_a_known_case() -> None:
    delayed = np.array([0.0, 0.0, 1.0, 1.0])
    found = scores(delayed, np.array([0.1, 0.4, 0.35, 0.8]))
    assert found.auc == 0.75
    assert found.brier == pytest.approx((0.01 + 0.16 + 0.4225 + 0.04) / 4)
    assert found.log_loss == pytest.approx(0.4723, abs=1e-4)
    assert auc(delayed, np.full(4, 0.5)) == 0.5


def test_calibration_pairs_what_was_said_with_what_happened() -> None:
    bins = calibration(np.array([0.0, 1.0, 1.0, 1.0]), np.array([0.1, 0.3, 0.9, 0.7]), bins=2)
    assert [tuple(round(x, 6) for x in b) for b in bins] == [(0.2, 0.5), (0.8, 1.0)]


def test_the_threshold_has_the_best_f1() -> None:
    delayed = np.array([0.0, 0.0, 1.0, 1.0])
    probability = np.array([0.1, 0.3, 0.4, 0.9])
    threshold = best_threshold(delayed, probability)
    assert 0.3 < threshold <= 0.4
    assert precision_and_recall(delayed, probability, threshold) == (1.0, 1.0)
