"""A dump of the database every night, and the way back from one. Pure."""

from __future__ import annotations

import pulumi_kubernetes as k8s
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from infra.kubernetes.database_pods import USER_ID, password
from infra.kubernetes.hardening import claimed, container_security, pod_security, scratch
from infra.kubernetes.labels import labels
from infra.postgres_server import BACKUP, OWNER, RESTORE

BACKUPS_PATH = "/backups"
EVERY_NIGHT = "0 3 * * *"
NEVER = "0 0 31 2 *"
"""The 31st of February."""


def backup(name: str, host: str, image: str, backups_kept: int) -> k8s.batch.v1.CronJobSpecArgs:
    """Dumps the database of `host` every night, and keeps the newest."""
    return k8s.batch.v1.CronJobSpecArgs(
        schedule=EVERY_NIGHT,
        time_zone="Etc/UTC",
        concurrency_policy="Forbid",
        starting_deadline_seconds=3600,
        successful_jobs_history_limit=1,
        failed_jobs_history_limit=3,
        job_template=_job(name, host, image, f"BACKUPS_KEPT={backups_kept}\n{BACKUP}", retries=2),
    )


def restore(name: str, host: str, image: str) -> k8s.batch.v1.CronJobSpecArgs:
    """Never starts by itself: `kubectl create job --from=cronjob/…` starts it."""
    return k8s.batch.v1.CronJobSpecArgs(
        schedule=NEVER,
        suspend=True,
        concurrency_policy="Forbid",
        job_template=_job(name, host, image, RESTORE, retries=0),
    )


def _job(name: str, host: str, image: str, script: str, *, retries: int) -> k8s.batch.v1.JobTemplateSpecArgs:
    database_name = name.rpartition("-")[0]
    mounted = [claimed(f"{database_name}-backups", BACKUPS_PATH), scratch("tmp", "/tmp")]  # noqa: S108  scratch
    container = core.ContainerArgs(
        name=name,
        image=image,
        command=["/bin/sh", "-c", script],
        env=[
            core.EnvVarArgs(name="BACKUPS_PATH", value=BACKUPS_PATH),
            core.EnvVarArgs(name="PGHOST", value=host),
            core.EnvVarArgs(name="PGUSER", value=OWNER),
            core.EnvVarArgs(name="PGDATABASE", value=OWNER),
            password("PGPASSWORD", database_name),
        ],
        resources=core.ResourceRequirementsArgs(
            requests={"cpu": "100m", "memory": "128Mi"}, limits={"cpu": "500m", "memory": "512Mi"}
        ),
        security_context=container_security(),
        volume_mounts=[mount for _, mount in mounted],
    )
    pod = core.PodSpecArgs(
        automount_service_account_token=False,
        enable_service_links=False,
        restart_policy="Never",
        security_context=pod_security(USER_ID, USER_ID),
        node_selector={"kubernetes.io/os": "linux"},
        containers=[container],
        volumes=[volume for volume, _ in mounted],
    )
    template = core.PodTemplateSpecArgs(metadata=ObjectMetaArgs(labels=labels(name)), spec=pod)
    return k8s.batch.v1.JobTemplateSpecArgs(
        metadata=ObjectMetaArgs(labels=labels(name)),
        spec=k8s.batch.v1.JobSpecArgs(backoff_limit=retries, active_deadline_seconds=3600, template=template),
    )
