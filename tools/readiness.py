"""What a real deployment needs of this machine. Looks, and changes nothing.

https://www.pulumi.com/docs/iac/concepts/state-and-backends/, https://www.pulumi.com/docs/iac/concepts/secrets/
"""

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import cast

import yaml
from semver import VersionInfo

from tools.deployment import Deployment
from tools.engine.release import engine_version
from tools.project import Settings, read_stack

_INSTALL = "curl -fsSL https://get.pulumi.com | sh"
_PACKAGES: Mapping[str, tuple[str, ...]] = {
    "aws": ("aws",),
    "eks": ("aws", "kubernetes"),
    "gcp": ("gcp",),
    "kubernetes": ("kubernetes",),
    "swarm": ("docker",),
}
_ANSWER_SECONDS = 20
_PASSPHRASE = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is needed."""

    what: str
    mend: str = ""
    """The command that brings it about; empty where it is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where things are looked for."""

    environment: Mapping[str, str]
    home: Path

    @classmethod
    def here(cls) -> "Machine":
        """This one."""
        return cls(environment=os.environ, home=Path.home())

    @property
    def pulumi_home(self) -> Path:
        """Where the CLI keeps plugins and credentials."""
        return Path(self.environment.get("PULUMI_HOME") or self.home / ".pulumi")

    def program(self, name: str) -> Path | None:
        """A program on PATH."""
        found = shutil.which(name, path=self.environment.get("PATH", ""))
        return Path(found) if found else None

    def has_any(self, *names: str) -> bool:
        """Whether one of the variables is set."""
        return any(self.environment.get(name) for name in names)


def findings(deployment: Deployment, machine: Machine) -> Iterator[Finding]:
    """Everything that the stack needs to be deployed for good, there or not."""
    settings = read_stack(deployment.project, deployment.stack)
    if deployment.render_to:
        yield Finding(what=f"nothing but this command: its manifests are written to {deployment.render_to}")
        yield from _key(settings, machine, local=False)
        return
    yield _engine(machine)
    yield _language_host(machine)
    yield from _plugins(deployment, settings, machine)
    yield from _credentials(deployment, settings, machine)
    backend = _backend(machine)
    yield (
        Finding(what=f"logged in to {backend}")
        if backend
        else Finding(what="no backend keeps the state", mend="pulumi login, or pulumi login --local")
    )
    yield from _key(settings, machine, local="://" in backend and not backend.startswith("http"))


def _engine(machine: Machine) -> Finding:
    wanted, found = engine_version(), machine.program("pulumi")
    if not found:
        return Finding(what=f"the Pulumi CLI {wanted} or newer is not on PATH", mend=_INSTALL)
    try:
        said = subprocess.check_output([found, "version"], text=True, env=dict(machine.environment)).strip()
        old = VersionInfo.parse(said.removeprefix("v")) < VersionInfo.parse(wanted)
    except (OSError, subprocess.CalledProcessError, ValueError):
        return Finding(what=f"{found} does not say its version", mend=_INSTALL)
    if old:
        return Finding(what=f"the Pulumi CLI is {said}, and {wanted} is needed", mend=_INSTALL)
    return Finding(what=f"the Pulumi CLI {said}")


def _language_host(machine: Machine) -> Finding:
    name = "pulumi-language-python"
    cli = machine.program("pulumi")
    if machine.program(name) or (cli and cli.resolve().with_name(name).exists()):
        return Finding(what=f"the language host {name}")
    return Finding(what=f"the language host {name} is neither on PATH nor beside the CLI", mend=_INSTALL)


def _plugins(deployment: Deployment, settings: Settings, machine: Machine) -> Iterator[Finding]:
    packages = _PACKAGES.get(deployment.target or "", ())
    config = cast("Settings", settings.get("config") or {})
    if f"{deployment.project.name}:build" in config:
        packages = (*packages, "docker-build")
    for package in packages:
        version = metadata.version(f"pulumi-{package}")
        if (machine.pulumi_home / "plugins" / f"resource-{package}-v{version}").exists():
            yield Finding(what=f"the provider {package} {version}")
        else:
            mend = f"pulumi plugin install resource {package} v{version}"
            yield Finding(what=f"the provider {package} {version} is not installed", mend=mend)


def _credentials(deployment: Deployment, settings: Settings, machine: Machine) -> Iterator[Finding]:
    packages = _PACKAGES.get(deployment.target or "", ())
    if "aws" in packages:
        yield _aws(machine)
    if "gcp" in packages:
        yield _gcp(machine)
    if deployment.target == "kubernetes":
        config = cast("Settings", settings.get("config") or {})
        yield _kubernetes(machine, str(config.get("kubernetes:context") or ""))
    if deployment.target == "swarm":
        config = cast("Settings", settings.get("config") or {})
        yield _swarm(machine, str(config.get("docker:host") or ""))


def _aws(machine: Machine) -> Finding:
    variables = (
        "AWS_ACCESS_KEY_ID",
        "AWS_PROFILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    )
    files = (machine.home / ".aws" / name for name in ("credentials", "config"))
    if machine.has_any(*variables) or any(path.is_file() for path in files):
        return Finding(what="credentials for AWS")
    return Finding(what="no credentials for AWS", mend="aws configure sso, or export AWS_PROFILE=…")


def _gcp(machine: Machine) -> Finding:
    default = machine.home / ".config" / "gcloud" / "application_default_credentials.json"
    if machine.has_any("GOOGLE_CREDENTIALS", "GOOGLE_APPLICATION_CREDENTIALS") or default.is_file():
        return Finding(what="credentials for Google Cloud")
    return Finding(what="no credentials for Google Cloud", mend="gcloud auth application-default login")


def _kubernetes(machine: Machine, context: str) -> Finding:
    named = machine.environment.get("KUBECONFIG") or str(machine.home / ".kube" / "config")
    known: set[str] = set()
    current = ""
    for path in filter(Path.is_file, map(Path, named.split(os.pathsep))):
        loaded = cast("Settings", yaml.safe_load(path.read_text(encoding="utf-8")) or {})
        contexts = cast("list[Mapping[str, str]]", loaded.get("contexts") or [])
        known.update(entry["name"] for entry in contexts)
        current = current or str(loaded.get("current-context") or "")
    if (context or current) in known:
        return Finding(what=f"the context {context or current} of {named}")
    if context:
        return Finding(what=f"no context {context} in {named}", mend="kubectl config get-contexts")
    return Finding(what=f"no current context in {named}", mend="kubectl config use-context NAME")


def _swarm(machine: Machine, host: str) -> Finding:
    """Asks the engine that the provider would talk to."""
    where = host or machine.environment.get("DOCKER_HOST") or "this machine's Docker engine"
    command = ["docker", *(["--host", host] if host else []), "info", "--format", "{{json .Swarm}}"]
    docker = machine.program("docker")
    if not docker:
        return Finding(
            what=f"no docker on PATH to ask {where}", mend="https://docs.docker.com/engine/install/"
        )
    try:
        said = subprocess.run(
            [docker, *command[1:]],
            capture_output=True,
            text=True,
            env=dict(machine.environment),
            timeout=_ANSWER_SECONDS,
            check=True,
        ).stdout
        swarm = cast("Settings", json.loads(said))
    except (OSError, subprocess.SubprocessError, ValueError):
        return Finding(what=f"{where} does not answer", mend=shlex.join(command[:-2]))
    if swarm.get("LocalNodeState") != "active":
        return Finding(what=f"{where} is in no Swarm", mend="docker swarm init --advertise-addr ADDRESS")
    if not swarm.get("ControlAvailable"):
        return Finding(
            what=f"{where} is no manager of its Swarm", mend="pulumi config set docker:host ssh://MANAGER"
        )
    return Finding(what=f"{where}, a manager of its Swarm")


def _backend(machine: Machine) -> str:
    chosen = machine.environment.get("PULUMI_BACKEND_URL")
    if chosen or machine.has_any("PULUMI_ACCESS_TOKEN"):
        return chosen or "https://api.pulumi.com"
    try:
        stored = json.loads((machine.pulumi_home / "credentials.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(cast("Settings", stored).get("current") or "")


def _key(settings: Settings, machine: Machine, *, local: bool) -> Iterator[Finding]:
    if not settings.get("encryptionsalt") and (settings.get("secretsprovider") or not local):
        return
    if any(name in machine.environment for name in _PASSPHRASE):
        yield Finding(what="the passphrase of its secrets")
    else:
        yield Finding(what="no passphrase for its secrets", mend="export PULUMI_CONFIG_PASSPHRASE=…")
