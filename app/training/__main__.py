"""`python -m app.training` trains the model and writes it where the API loads it. Knows only files."""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import xgboost

from app.model.flights import Catalogue
from app.model.predictor import ARTEFACT, MANIFEST_FILE, MODEL_FILE, Manifest
from app.training.card import Evaluation, calibration_plot, model_card
from app.training.data import arrivals, catalogue_of, flights_file, read_rows
from app.training.fit import (
    Sample,
    Split,
    always_the_mean,
    fit,
    mean_by_carrier_and_hour,
    probabilities,
    split_by_time,
)
from app.training.scores import best_threshold, calibration, precision_and_recall, scores


def _manifest(model: bytes, catalogue: Catalogue, threshold: float) -> Manifest:
    sha256 = hashlib.sha256(model).hexdigest()
    return Manifest(
        model_type="xgboost",
        model_version=f"nycflights13-{sha256[:12]}",
        sha256=sha256,
        threshold=threshold,
        catalogue=catalogue,
    )


def evaluate(booster: xgboost.Booster, split: Split, manifest: Manifest) -> Evaluation:
    """What the card says, all of it measured on the test months."""
    test = split.test
    predicted = probabilities(booster, test)
    parts: dict[str, Sample] = {
        "training": split.training,
        "validation": split.validation,
        "test": split.test,
    }
    precision, recall = precision_and_recall(test.delayed, predicted, manifest.threshold)
    return Evaluation(
        manifest=manifest,
        trees=booster.num_boosted_rounds(),
        flights={name: len(part.delayed) for name, part in parts.items()},
        delayed_share={name: float(part.delayed.mean()) for name, part in parts.items()},
        test_scores={
            "always the mean": scores(test.delayed, always_the_mean(split.training, test)),
            "mean by carrier and hour": scores(test.delayed, mean_by_carrier_and_hour(split.training, test)),
            "the model": scores(test.delayed, predicted),
        },
        precision=precision,
        recall=recall,
        calibration=calibration(test.delayed, predicted),
    )


def train(archive: Path, folder: Path) -> Evaluation:
    """Train on `archive` and write model, manifest, card and plot into `folder`."""
    seen = arrivals(read_rows(archive))
    catalogue = catalogue_of(seen)
    split = split_by_time(seen, catalogue)
    booster = fit(split)
    model = bytes(booster.save_raw("ubj"))
    threshold = best_threshold(split.validation.delayed, probabilities(booster, split.validation))
    manifest = _manifest(model, catalogue, threshold)
    evaluation = evaluate(booster, split, manifest)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL_FILE).write_bytes(model)
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest.model_dump(), indent=1) + "\n")
    (folder / "MODEL_CARD.md").write_text(model_card(evaluation))
    (folder / "calibration.svg").write_text(calibration_plot(evaluation.calibration))
    return evaluation


def main() -> int:
    """0 when the model is the one that was there before, or the first; 1 when it is another."""
    parser = argparse.ArgumentParser(prog="python -m app.training", description="Train the delay model.")
    parser.add_argument("--into", type=Path, default=ARTEFACT, help="the folder that is written to")
    folder: Path = parser.parse_args().into
    file = folder / MODEL_FILE
    before = hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else None
    evaluation = train(flights_file(), folder)
    for name, result in evaluation.test_scores.items():
        line = f"{name:25} AUC {result.auc:.4f}  log loss {result.log_loss:.4f}  Brier {result.brier:.4f}\n"
        sys.stdout.write(line)
    now = evaluation.manifest.sha256
    same = before in {None, now}
    sys.stdout.write(f"SHA-256 {now}{', as before' if before == now else ''}\n")
    if not same:
        sys.stdout.write(
            f"It was {before}.\n"
            f"On one thread XGBoost {xgboost.__version__} repeats a file bit by bit on the same processor;\n"
            "another may round differently in the last digit. Scores that differ by under 0.002 are the\n"
            "same model; anything else is a change of data or code, and wants a look at the card's diff.\n"
        )
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
