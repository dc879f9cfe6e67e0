"""The one PostgreSQL server of a stack, with the official image. Pure.

https://hub.docker.com/_/postgres
"""

from pulumi_kubernetes.apps.v1 import StatefulSetSpecArgs
from pulumi_kubernetes.core import v1 as core

from infra.datastores import PORT, Postgres
from infra.kubernetes.hardening import claimed, configured, container_security, pod_security, scratch
from infra.kubernetes.labels import pods_of
from infra.kubernetes.single_pod import asked, single_pod
from infra.pinned_images import POSTGRES
from infra.postgres_server import INITDB_ARGUMENTS, OWNER

USER_ID = 70
"""The user `postgres` of the image built on Alpine Linux."""
DATA_PATH = "/data"
"""Not where the image keeps data, since that place moved with version 18."""
STOP_SECONDS = 60
IS_READY = ("pg_isready", "--host=127.0.0.1", f"--username={OWNER}", f"--dbname={OWNER}")


def stateful_set(name: str, postgres: Postgres) -> StatefulSetSpecArgs:
    """One server, whose ConfigMap, Secret, Service and claim carry its name."""
    return single_pod(name, _pod(name, POSTGRES[postgres.version]))


def _pod(name: str, image: str) -> core.PodSpecArgs:
    mounted = [
        claimed(name, DATA_PATH),
        configured(name, "/docker-entrypoint-initdb.d"),
        scratch("tmp", "/tmp"),  # noqa: S108  the image's scratch
        scratch("socket", "/var/run/postgresql"),
    ]
    return core.PodSpecArgs(
        automount_service_account_token=False,
        enable_service_links=False,
        termination_grace_period_seconds=STOP_SECONDS,
        security_context=pod_security(USER_ID, USER_ID),
        node_selector={"kubernetes.io/os": "linux"},
        containers=[_container(name, image, [mount for _, mount in mounted])],
        volumes=[volume for volume, _ in mounted],
    )


def _container(name: str, image: str, mounts: list[core.VolumeMountArgs]) -> core.ContainerArgs:
    return core.ContainerArgs(
        name=name,
        image=image,
        args=["-c", "shared_buffers=256MB"],
        ports=[core.ContainerPortArgs(name="postgres", container_port=PORT["postgres"], protocol="TCP")],
        env=[
            core.EnvVarArgs(name="PGDATA", value=f"{DATA_PATH}/postgres"),
            core.EnvVarArgs(name="POSTGRES_INITDB_ARGS", value=INITDB_ARGUMENTS),
            core.EnvVarArgs(name="POSTGRES_USER", value="postgres"),
            password("POSTGRES_PASSWORD", name),
        ],
        resources=core.ResourceRequirementsArgs(
            requests={"cpu": "250m", "memory": "512Mi"}, limits={"cpu": "1000m", "memory": "1024Mi"}
        ),
        # While the image prepares the database, the server answers on its socket only.
        startup_probe=asked(IS_READY, period_seconds=5, failure_threshold=60),
        liveness_probe=asked(IS_READY, period_seconds=10, failure_threshold=6),
        readiness_probe=asked(IS_READY, period_seconds=5, failure_threshold=3),
        security_context=container_security(),
        volume_mounts=mounts,
    )


def password(variable: str, secret_name: str) -> core.EnvVarArgs:
    """The owner's password, as the Secret of the database keeps it."""
    reference = core.SecretKeySelectorArgs(name=secret_name, key="password")
    return core.EnvVarArgs(name=variable, value_from=core.EnvVarSourceArgs(secret_key_ref=reference))


def claim(storage_gib: int, storage_class: str | None) -> core.PersistentVolumeClaimSpecArgs:
    """A disk for one node; it grows in place where its storage class allows that."""
    return core.PersistentVolumeClaimSpecArgs(
        access_modes=["ReadWriteOnce"],
        storage_class_name=storage_class,
        resources=core.VolumeResourceRequirementsArgs(requests={"storage": f"{storage_gib}Gi"}),
    )


def cluster_service(name: str, port: int, port_name: str) -> core.ServiceSpecArgs:
    """Where the pods of `name` are met inside the cluster, on the port they listen on."""
    return core.ServiceSpecArgs(
        type="ClusterIP",
        selector=pods_of(name).match_labels,
        ports=[core.ServicePortArgs(name=port_name, port=port, target_port=port_name, protocol="TCP")],
    )
