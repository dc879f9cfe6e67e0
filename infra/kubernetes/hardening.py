"""What Pod Security "restricted" asks of every pod and container. Pure.

https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from pulumi_kubernetes.core import v1 as core


def pod_security(
    user_id: int, group_id: int, volumes_group_id: int | None = None
) -> core.PodSecurityContextArgs:
    """A pod that runs as this user; its volumes belong to `volumes_group_id`, or else to the group."""
    return core.PodSecurityContextArgs(
        run_as_non_root=True,
        run_as_user=user_id,
        run_as_group=group_id,
        fs_group=volumes_group_id or group_id,
        # Large volumes are not walked through file by file at each start.
        fs_group_change_policy="OnRootMismatch" if volumes_group_id is None else None,
        seccomp_profile=core.SeccompProfileArgs(type="RuntimeDefault"),
    )


def container_security() -> core.SecurityContextArgs:
    """A container that writes to its volumes only, and gains nothing."""
    return core.SecurityContextArgs(
        allow_privilege_escalation=False,
        read_only_root_filesystem=True,
        capabilities=core.CapabilitiesArgs(drop=["ALL"]),
    )


def scratch(name: str, path: str) -> tuple[core.VolumeArgs, core.VolumeMountArgs]:
    """An empty folder at `path` that lives as long as the pod."""
    return (
        core.VolumeArgs(name=name, empty_dir=core.EmptyDirVolumeSourceArgs()),
        core.VolumeMountArgs(name=name, mount_path=path),
    )


def claimed(claim_name: str, path: str) -> tuple[core.VolumeArgs, core.VolumeMountArgs]:
    """A PersistentVolumeClaim at `path`, of which a pod has one."""
    source = core.PersistentVolumeClaimVolumeSourceArgs(claim_name=claim_name)
    return (
        core.VolumeArgs(name="data", persistent_volume_claim=source),
        core.VolumeMountArgs(name="data", mount_path=path),
    )


def configured(config_map: str, path: str) -> tuple[core.VolumeArgs, core.VolumeMountArgs]:
    """The files of a ConfigMap at `path`, of which a pod has one."""
    source = core.ConfigMapVolumeSourceArgs(name=config_map)
    return (
        core.VolumeArgs(name="configuration", config_map=source),
        core.VolumeMountArgs(name="configuration", mount_path=path, read_only=True),
    )
