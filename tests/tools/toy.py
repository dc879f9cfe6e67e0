"""A small project in a directory of its own, and the `airfield` command in it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tools.cli import main

PROGRAM = """
import pulumi
import pulumi_kubernetes as k8s

config = pulumi.Config()
block = config.get_object("kubernetes") or {}
files = config.get_int("files") or 3
mistakes = config.get("mistakes")
if mistakes:
    raise pulumi.RunError(mistakes)
if config.get("fault"):
    raise ValueError("a fault of the program")

provider = k8s.Provider("kubernetes", render_yaml_to_directory=block.get("renderTo"))
ours = pulumi.ResourceOptions(provider=provider)
namespace = k8s.core.v1.Namespace("hangar", metadata={"name": "hangar"}, opts=ours)
meta = {"namespace": namespace.metadata["name"]}
for number in range(files):
    name = f"file-{number}"
    k8s.core.v1.ConfigMap(name, metadata={**meta, "name": name}, data={"number": str(number)}, opts=ours)
pod = {"metadata": {"labels": {"app": "api"}}, "spec": {"containers": [{"name": "api", "image": "api:1"}]}}
deployment = k8s.apps.v1.Deployment(
    "api",
    metadata={**meta, "name": config.get("title") or "api"},
    spec={
        "replicas": config.get_int("replicas") or 2,
        "selector": {"matchLabels": {"app": config.get("selector") or "api"}},
        "template": pod,
    },
    opts=ours,
)
secrets = config.get_secret_object("secrets")
if secrets:
    k8s.core.v1.Secret("keys", metadata={**meta, "name": "keys"}, string_data=secrets, opts=ours)
    pulumi.export("key", secrets.apply(lambda values: values["KEY"]))
pulumi.export("url", pulumi.Output.concat("http://", deployment.metadata["name"]))
"""


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


INTERRUPTIBLE = """
import signal, sys
from tools.cli import main

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main())
"""
"""Also where the tests run in a shell's background, which has them ignore SIGINT and hand that on."""


@dataclass(frozen=True)
class Toy:
    """A project in a directory of its own."""

    root: Path
    capture: pytest.CaptureFixture[str]

    def stack(self, name: str = "dev", *, target: str = "kubernetes", **settings: object) -> Path:
        """Write a stack's file."""
        config: dict[str, object] = {"airfield:target": target}
        if target == "kubernetes":
            config["airfield:kubernetes"] = {"renderTo": f"build/{name}"}
        config |= {key if ":" in key else f"airfield:{key}": value for key, value in settings.items()}
        path = self.root / f"Pulumi.{name}.yaml"
        path.write_text(yaml.safe_dump({"config": config}), encoding="utf-8")
        return path

    def program(self, text: str) -> None:
        """Write another program."""
        (self.root / "__main__.py").write_text(text, encoding="utf-8")

    def airfield(self, *arguments: str) -> Said:
        """Run a command in this process."""
        self.capture.readouterr()
        code = main(arguments)
        captured = self.capture.readouterr()
        return Said(code, captured.out, captured.err)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command in a process of its own, which may be killed."""
        return subprocess.Popen(
            [sys.executable, "-c", INTERRUPTIBLE, *arguments],
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        )

    def refused_manifests(self) -> str:
        """What the schemas of Kubernetes say against those of a stack; nothing where they take them all."""
        manifests = sorted(map(str, self.root.glob("build/**/*.yaml")))
        assert len(manifests) > 8
        validate = Path(sys.executable).with_name("kubernetes-validate")
        checked = subprocess.run(
            [validate, "--strict", *manifests], capture_output=True, text=True, check=False
        )
        return checked.stdout + checked.stderr if checked.returncode else ""

    def files(self, directory: str = "build") -> dict[str, str]:
        """Every file below a directory, by its path from there."""
        base = self.root / directory
        return {
            str(path.relative_to(base)): path.read_text(encoding="utf-8")
            for path in sorted(base.rglob("*"))
            if path.is_file()
        }
