"""Reads the thresholds of Prometheus' alerting rules, wherever a platform keeps them. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from tools.compare.facts import number

_LIMIT = re.compile(r"([<>]=?|==) *(bool *)?(\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w.])")


def thresholds(document: Mapping[str, Any]) -> Iterator[str]:
    """As in `APIHighErrorRate fast > 0.0144 and >= 10`; an alert that compares two series has none."""
    for group in document["groups"]:
        for rule in group["rules"]:
            if "alert" in rule:
                name = " ".join([rule["alert"], *filter(None, [rule["labels"].get("burn")])])
                limits = {f"{sign} {number(float(value))}" for sign, _, value in _LIMIT.findall(rule["expr"])}
                yield f"{name} {' and '.join(sorted(limits))}".rstrip()


def thresholds_of_files(files: Mapping[str, str]) -> Iterator[str]:
    """Those of each of its files of rules."""
    for name, text in sorted(files.items()):
        if name.startswith("prometheus") and "rules" in name:
            yield from thresholds(yaml.safe_load(text))


def retention_days(files: Mapping[str, str]) -> int | None:
    """How long Loki keeps logs, if its configuration is among the files."""
    for name, text in files.items():
        if "loki" in name:
            period = yaml.safe_load(text).get("limits_config", {}).get("retention_period")
            return int(str(period).removesuffix("h")) // 24 if period else None
    return None
