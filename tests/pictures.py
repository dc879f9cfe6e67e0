"""Draws what README.md's example becomes on every platform; `make pictures` runs it."""

import re
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

import yaml

from infra.portability import Target
from tests.synth import ROOT, synthesise_config
from tools.declared import Graph
from tools.picture.drawing import Drawing
from tools.picture.mermaid import fenced
from tools.picture.reading import drawing
from tools.picture.svg import svg

TARGETS: tuple[Target, ...] = get_args(Target)
README = ROOT / "README.md"
START, END = "<!-- picture: made by `make pictures` -->\n", "<!-- /picture -->\n"


def example_config(target: Target) -> dict[str, Any]:
    """What README.md describes, with what it leaves open filled in."""
    text = README.read_text(encoding="utf-8").partition("## Describe it")[2]
    block = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert block
    config = cast("dict[str, Any]", yaml.safe_load(block[1])["config"])
    filled = {
        "airfield:target": target,
        "airfield:image": f"ghcr.io/acme/airfield@sha256:{'0' * 64}",
        "airfield:secrets": {"API_KEY": "canary"},
        "gcp:project": "acme",
    }
    return {**config, **filled}


@cache
def example(target: Target) -> Drawing:
    """Its picture."""
    return drawing(Graph(synthesise_config(example_config(target)).resources), "example", target)


def picture_file(target: Target) -> Path:
    """Where the picture is kept."""
    return ROOT / "docs" / "pictures" / f"{target}.svg"


def readme(text: str) -> str:
    """README.md with the picture as it is now: what stands beside would be too much for it."""
    before, found, rest = text.partition(START)
    assert found, "README.md has no place for the picture"
    return f"{before}{START}{fenced(example('aws'), beside=False)}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    for each in TARGETS:
        picture_file(each).parent.mkdir(exist_ok=True)
        picture_file(each).write_text(svg(example(each)), encoding="utf-8")
    README.write_text(readme(README.read_text(encoding="utf-8")), encoding="utf-8")
