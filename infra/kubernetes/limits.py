"""How much a namespace may use, and one container of it. Pure.

https://kubernetes.io/docs/concepts/policy/resource-quotas/,
https://kubernetes.io/docs/concepts/policy/limit-range/
"""

from pulumi_kubernetes.core import v1 as core

from infra.kubernetes.quota import ContainerLimits, Quota


def resource_quota(quota: Quota) -> core.ResourceQuotaSpecArgs | None:
    """The quota; None where there is none."""
    hard = {
        "limits.cpu": quota.cpu_millicores and f"{quota.cpu_millicores}m",
        "limits.memory": quota.memory_mib and f"{quota.memory_mib}Mi",
        "requests.storage": quota.storage_gib and f"{quota.storage_gib}Gi",
        "pods": quota.pods and str(quota.pods),
    }
    given = {resource: str(most) for resource, most in hard.items() if most}
    return core.ResourceQuotaSpecArgs(hard=given) if given else None


def limit_range(limits: ContainerLimits) -> core.LimitRangeSpecArgs | None:
    """The range of every container; None where there is none."""
    most = {
        "cpu": limits.cpu_millicores and f"{limits.cpu_millicores}m",
        "memory": limits.memory_mib and f"{limits.memory_mib}Mi",
    }
    given = {resource: str(amount) for resource, amount in most.items() if amount}
    if not given:
        return None
    item = core.LimitRangeItemArgs(type="Container", max=given, default=given, default_request=given)
    return core.LimitRangeSpecArgs(limits=[item])
