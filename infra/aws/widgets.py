"""How a CloudWatch dashboard is laid out. Pure; knows nothing of what it shows.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

WIDTH, HEIGHT, COLUMNS = 8, 6, 3
Metric = list[Any]
"""Namespace, name, then each dimension's name and value, then how it is drawn."""


@dataclass(frozen=True, slots=True)
class Graph:
    """What one widget shows."""

    title: str
    metrics: list[Metric]
    drawn: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What makes it other than lines over the time that is looked at."""


def widgets(graphs: Sequence[Graph], region: str) -> list[dict[str, Any]]:
    """Three in a row."""
    return [
        {
            "type": "metric",
            "x": place % COLUMNS * WIDTH,
            "y": place // COLUMNS * HEIGHT,
            "width": WIDTH,
            "height": HEIGHT,
            "properties": {
                "title": graph.title,
                "region": region,
                "period": 60,
                "metrics": graph.metrics,
                **graph.drawn,
            },
        }
        for place, graph in enumerate(graphs)
    ]
