"""Which pairs of CPU and memory Cloud Run accepts. Pure."""

from dataclasses import dataclass
from math import ceil

from infra.workload import Workload

MEMORY_MIB_BY_CPU: dict[int, tuple[int, int]] = {
    1: (512, 4096),
    2: (512, 8192),
    4: (2048, 16384),
    6: (4096, 24576),
    8: (4096, 32768),
}
"""From and to how much memory goes with a number of CPUs in the second-generation environment.

Less than one CPU would need the first generation and one request at a time.
"""
CPU_SOURCE = "https://cloud.google.com/run/docs/configuring/services/cpu"
MEMORY_SOURCE = "https://cloud.google.com/run/docs/configuring/services/memory-limits"
MAX_CPU_MILLICORES = 8000
MAX_MEMORY_MIB = 32768


@dataclass(frozen=True, slots=True)
class CloudRunSize:
    """A pair that Cloud Run accepts."""

    cpu: int
    memory_mib: int


def cloud_run_size(workload: Workload) -> CloudRunSize:
    """The smallest pair that holds what the workload asks for, which is no more than the limits above."""
    cpu = ceil(workload.cpu_millicores / 1000)
    return next(
        CloudRunSize(sold_cpu, max(least_mib, workload.memory_mib))
        for sold_cpu, (least_mib, most_mib) in MEMORY_MIB_BY_CPU.items()
        if sold_cpu >= cpu and most_mib >= workload.memory_mib
    )


def rounding(name: str, workload: Workload) -> str | None:
    """What an operator is told when a workload gets more than it asked for; None when it does not."""
    size = cloud_run_size(workload)
    if (size.cpu * 1000, size.memory_mib) == (workload.cpu_millicores, workload.memory_mib):
        return None
    asked = f"{workload.cpu_millicores} millicores with {workload.memory_mib} MiB"
    given = f"{size.cpu * 1000} millicores with {size.memory_mib} MiB"
    return f"airfield:workloads.{name}: Cloud Run does not accept {asked}; rounded up to {given}"
