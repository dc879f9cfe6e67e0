"""Which sizes Fargate sells. Pure."""

from dataclasses import dataclass
from math import ceil

from infra.workload import Workload

CPU_UNITS_PER_CORE = 1024
MEMORY_MIB_BY_CPU_UNITS: dict[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
    8192: tuple(range(16384, 61440 + 1, 4096)),
    16384: tuple(range(32768, 122880 + 1, 8192)),
}
SOURCE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html"


@dataclass(frozen=True, slots=True)
class FargateSize:
    """A size that Fargate sells."""

    cpu_units: int
    memory_mib: int

    @property
    def cpu_millicores(self) -> int:
        """In the specification's unit."""
        return self.cpu_units * 1000 // CPU_UNITS_PER_CORE


def fargate_size(workload: Workload) -> FargateSize:
    """The smallest size that holds what the workload asks for.

    There always is one: the specification's upper limits are Fargate's.
    """
    cpu_units = ceil(workload.cpu_millicores * CPU_UNITS_PER_CORE / 1000)
    return next(
        FargateSize(sold_cpu_units, sold_memory_mib)
        for sold_cpu_units, memory_sizes_mib in MEMORY_MIB_BY_CPU_UNITS.items()
        for sold_memory_mib in memory_sizes_mib
        if sold_cpu_units >= cpu_units and sold_memory_mib >= workload.memory_mib
    )


def rounding(name: str, workload: Workload) -> str | None:
    """What an operator is told when a workload gets more than it asked for; None when it does not."""
    size = fargate_size(workload)
    if (size.cpu_millicores, size.memory_mib) == (workload.cpu_millicores, workload.memory_mib):
        return None
    asked = f"{workload.cpu_millicores} millicores with {workload.memory_mib} MiB"
    given = f"{size.cpu_millicores} millicores with {size.memory_mib} MiB"
    return f"airfield:workloads.{name}: Fargate does not sell {asked}; rounded up to {given}"
