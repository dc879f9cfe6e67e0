"""The one Redis server of a stack, with the official image. Pure.

https://redis.io/docs/latest/operate/oss_and_stack/management/config/
"""

from pulumi_kubernetes.apps.v1 import StatefulSetSpecArgs
from pulumi_kubernetes.core import v1 as core

from infra.datastores import PORT, Redis
from infra.kubernetes.hardening import claimed, configured, container_security, pod_security, scratch
from infra.kubernetes.single_pod import asked, single_pod
from infra.pinned_images import REDIS
from infra.redis_server import redis_configuration

USER_ID = 999
GROUP_ID = 1000
"""The user `redis` of the image built on Alpine Linux."""
CONFIGURATION_PATH = "/etc/redis"
PING = ("redis-cli", "-e", "ping")
START = """\
umask 077
printf 'requirepass %s\\n' "$REDISCLI_AUTH" > /tmp/password.conf
exec redis-server /etc/redis/redis.conf
"""
"""Puts the password into a file in memory, where no list of processes shows it."""


def configuration(redis: Redis) -> dict[str, str]:
    """The server's own file, and the password's beside it, which START writes."""
    return {"redis.conf": redis_configuration(redis, "/tmp/password.conf")}  # noqa: S108  in the pod


def storage_gib(redis: Redis) -> int:
    """Room for the append-only file, and for the new one while it is rewritten."""
    return 1 + redis.memory_mib * 3 // 1024


def stateful_set(name: str, redis: Redis, checksum: str) -> StatefulSetSpecArgs:
    """One server, whose ConfigMap, Secret, Service and claim carry its name."""
    return single_pod(name, _pod(name, redis), {"airfield/checksum": checksum})


def _pod(name: str, redis: Redis) -> core.PodSpecArgs:
    mounted = [claimed(name, "/data"), configured(name, CONFIGURATION_PATH)]
    memory = core.EmptyDirVolumeSourceArgs(medium="Memory", size_limit="1Mi")
    return core.PodSpecArgs(
        automount_service_account_token=False,
        enable_service_links=False,
        termination_grace_period_seconds=60,
        security_context=pod_security(USER_ID, GROUP_ID),
        node_selector={"kubernetes.io/os": "linux"},
        containers=[_container(name, redis, [*(mount for _, mount in mounted), scratch("tmp", "/tmp")[1]])],  # noqa: S108  scratch
        volumes=[*(volume for volume, _ in mounted), core.VolumeArgs(name="tmp", empty_dir=memory)],
    )


def _container(name: str, redis: Redis, mounts: list[core.VolumeMountArgs]) -> core.ContainerArgs:
    password = core.SecretKeySelectorArgs(name=name, key="password")
    return core.ContainerArgs(
        name=name,
        image=REDIS,
        command=["/bin/sh", "-euc", START],
        ports=[core.ContainerPortArgs(name="redis", container_port=PORT["redis"], protocol="TCP")],
        env=[
            core.EnvVarArgs(name="REDISCLI_AUTH", value_from=core.EnvVarSourceArgs(secret_key_ref=password))
        ],
        resources=core.ResourceRequirementsArgs(
            requests={"cpu": "100m", "memory": f"{redis.memory_mib}Mi"},
            # While the append-only file is rewritten, pages that change are there twice.
            limits={"cpu": "500m", "memory": f"{redis.memory_mib * 3 // 2 + 64}Mi"},
        ),
        startup_probe=asked(PING, period_seconds=5, failure_threshold=60),
        liveness_probe=asked(PING, period_seconds=10, failure_threshold=6),
        readiness_probe=asked(PING, period_seconds=5, failure_threshold=3),
        security_context=container_security(),
        volume_mounts=mounts,
    )
