"""What one service runs, hardened: the container and what it may use. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_docker as docker

from infra.swarm.files import Mounted
from infra.swarm.names import STACK_LABEL

MIB = 1024 * 1024
NANOS_A_MILLICORE = 1_000_000
PRIVATE_MODE = 0o400
READABLE_MODE = 0o444
LOGGED_LABELS = (STACK_LABEL, "com.docker.swarm.service.name", "com.docker.swarm.task.name")
"""Labels of a container that each of its lines carries: whoever reads the files knows whose they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """How a container is asked how it is: https://docs.docker.com/reference/dockerfile/#healthcheck."""

    command: tuple[str, ...]
    interval_seconds: int = 10
    timeout_seconds: int = 5
    retries: int = 3
    start_seconds: int = 60
    """Failures within that time do not count."""

    @property
    def notice_seconds(self) -> int:
        """How long it takes at most until a container that fails is known to."""
        return self.retries * (self.interval_seconds + self.timeout_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One container, in what it needs."""

    image: pulumi.Input[str]
    entry_point: tuple[str, ...] = ()
    """Replaces the image's; empty keeps it."""
    arguments: tuple[str, ...] = ()
    """Replace the image's command; empty keeps it."""
    environment: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    user: str
    capabilities: tuple[str, ...] = ()
    """All others are dropped."""
    scratch: tuple[str, ...] = ("/tmp",)  # noqa: S108  in the container
    """Folders in memory; nothing else can be written to but volumes."""
    volumes: Mapping[str, str] = field(default_factory=dict[str, str])
    """Folders by the name of the volume, which the node makes and nothing here removes."""
    host_paths: Mapping[str, str] = field(default_factory=dict[str, str])
    """Folders of the node by where they are seen, to be read only."""
    secrets: Sequence[Mounted] = ()
    configs: Sequence[Mounted] = ()
    check: Check | None = None
    millicores: int
    memory_mib: int
    reserved_millicores: int
    reserved_mib: int
    stop_seconds: int = 30


def container_spec(namespace: str, program: Program) -> docker.ServiceTaskSpecContainerSpecArgs:
    """The container: a root file system that is read only, one user, no capability that is not named."""
    return docker.ServiceTaskSpecContainerSpecArgs(
        image=program.image,
        commands=list(program.entry_point) or None,
        args=list(program.arguments) or None,
        env=dict(program.environment),
        user=program.user,
        read_only=True,
        init=True,
        cap_drops=["ALL"],
        cap_adds=[f"CAP_{name}" for name in program.capabilities] or None,
        labels=[docker.ServiceTaskSpecContainerSpecLabelArgs(label=STACK_LABEL, value=namespace)],
        mounts=mounts(namespace, program),
        secrets=[secret(mounted, program.user) for mounted in program.secrets] or None,
        configs=[config(mounted) for mounted in program.configs] or None,
        healthcheck=healthcheck(program.check) if program.check else None,
        stop_grace_period=f"{program.stop_seconds}s",
    )


def mounts(namespace: str, program: Program) -> list[docker.ServiceTaskSpecContainerSpecMountArgs]:
    """Scratch, volumes and folders of the node."""
    mount = docker.ServiceTaskSpecContainerSpecMountArgs
    return [
        *(mount(type="tmpfs", target=target) for target in program.scratch),
        *(
            mount(type="volume", source=f"{namespace}_{name}", target=target)
            for name, target in program.volumes.items()
        ),
        *(
            mount(type="bind", source=source, target=target, read_only=True)
            for target, source in program.host_paths.items()
        ),
    ]


def secret(mounted: Mounted, user: str) -> docker.ServiceTaskSpecContainerSpecSecretArgs:
    """A secret that its one user alone can read."""
    user_id, _, group_id = user.partition(":")
    return docker.ServiceTaskSpecContainerSpecSecretArgs(
        secret_id=mounted.id,
        secret_name=mounted.name,
        file_name=mounted.path,
        file_uid=user_id,
        file_gid=group_id,
        file_mode=PRIVATE_MODE,
    )


def config(mounted: Mounted) -> docker.ServiceTaskSpecContainerSpecConfigArgs:
    """A config at its path."""
    return docker.ServiceTaskSpecContainerSpecConfigArgs(
        config_id=mounted.id, config_name=mounted.name, file_name=mounted.path, file_mode=READABLE_MODE
    )


def healthcheck(check: Check) -> docker.ServiceTaskSpecContainerSpecHealthcheckArgs:
    """Asked without a shell."""
    return docker.ServiceTaskSpecContainerSpecHealthcheckArgs(
        tests=["CMD", *check.command],
        interval=f"{check.interval_seconds}s",
        timeout=f"{check.timeout_seconds}s",
        retries=check.retries,
        start_period=f"{check.start_seconds}s",
    )


def resources(program: Program) -> docker.ServiceTaskSpecResourcesArgs:
    """What it may use, and what a node must have left for it."""
    return docker.ServiceTaskSpecResourcesArgs(
        limits=docker.ServiceTaskSpecResourcesLimitsArgs(
            nano_cpus=program.millicores * NANOS_A_MILLICORE, memory_bytes=program.memory_mib * MIB
        ),
        reservation=docker.ServiceTaskSpecResourcesReservationArgs(
            nano_cpus=program.reserved_millicores * NANOS_A_MILLICORE,
            memory_bytes=program.reserved_mib * MIB,
        ),
    )


def log_driver() -> docker.ServiceTaskSpecLogDriverArgs:
    """Files of a bounded size: https://docs.docker.com/engine/logging/drivers/json-file/."""
    return docker.ServiceTaskSpecLogDriverArgs(
        name="json-file", options={"max-size": "10m", "max-file": "3", "labels": ",".join(LOGGED_LABELS)}
    )
