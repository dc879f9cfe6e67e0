"""Lays out the two programs that are compared: the project's own, and the flat one. Measures nothing."""

import shutil
from pathlib import Path
from typing import Literal

import yaml

ROOT = Path(__file__).parent.parent
Style = Literal["ours", "flat"]
TARGETS = ("aws", "gcp", "kubernetes")
"""EKS is AWS below and Kubernetes above, which are both here."""


def project(directory: Path, style: Style, target: str, count: int) -> Path:
    """A project whose stack `prod` runs `count` workloads on the platform."""
    directory.mkdir(parents=True)
    shutil.copy(ROOT / "Pulumi.yaml", directory)
    settings = yaml.safe_load((ROOT / "Pulumi.prod.yaml").read_text(encoding="utf-8"))
    config = settings["config"]
    config["airfield:target"] = target
    if style == "ours":
        workloads = config["airfield:workloads"]
        inner = {key: value for key, value in workloads["api"].items() if key != "public"}
        workloads.update({f"api-{number}": inner for number in range(2, count + 1)})
        shutil.copy(ROOT / "__main__.py", directory)
    else:
        config["airfield:count"] = count
        for path in (ROOT / "bench").glob(f"flat_{target}*.py"):
            shutil.copy(path, directory)
        (directory / f"flat_{target}.py").rename(directory / "__main__.py")
    (directory / "Pulumi.prod.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return directory
