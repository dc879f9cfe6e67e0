from itertools import product

import pytest

from infra.gcp.cloud_run_size import MAX_CPU_MILLICORES, MAX_MEMORY_MIB, cloud_run_size, rounding
from infra.workload import Workload

# https://docs.cloud.google.com/run/docs/configuring/services/cpu; the second generation starts at 512 MiB
ACCEPTED = {1: (512, 4096), 2: (512, 8192), 4: (2048, 16384), 6: (4096, 24576), 8: (4096, 32768)}


def asking(cpu_millicores: int, memory_mib: int) -> Workload:
    return Workload(cpu_millicores=cpu_millicores, memory_mib=memory_mib)


def size(workload: Workload) -> tuple[int, int]:
    found = cloud_run_size(workload)
    return found.cpu, found.memory_mib


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ((100, 128), (1, 512)),
        ((1000, 512), (1, 512)),
        ((1000, 513), (1, 513)),
        ((1000, 4096), (1, 4096)),
        ((1000, 4097), (2, 4097)),
        ((1001, 512), (2, 512)),
        ((2000, 8192), (2, 8192)),
        ((2000, 8193), (4, 8193)),
        ((2001, 512), (4, 2048)),
        ((3000, 1024), (4, 2048)),
        ((4000, 16385), (6, 16385)),
        ((4001, 4095), (6, 4096)),
        ((6000, 24577), (8, 24577)),
        ((6001, 512), (8, 4096)),
        ((8000, 32768), (8, 32768)),
    ],
)
def test_the_smallest_pair_that_holds_is_asked_for(asked: tuple[int, int], given: tuple[int, int]) -> None:
    assert size(asking(*asked)) == given


def test_every_pair_is_one_that_cloud_run_accepts_and_no_fewer_cpus_would_do() -> None:
    for millicores, mib in product(range(100, 8001, 150), range(128, 32769, 333)):
        cpu, memory = size(asking(millicores, mib))
        least, most = ACCEPTED[cpu]
        assert least <= memory <= most
        assert (cpu * 1000, memory) >= (millicores, mib)
        assert not any(c < cpu and c * 1000 >= millicores and mib <= top for c, (_, top) in ACCEPTED.items())


def test_the_limits_of_a_stack_file_are_those_of_the_largest_pair() -> None:
    assert (MAX_CPU_MILLICORES, MAX_MEMORY_MIB) == (8000, 32768)


@pytest.mark.parametrize("asked", [(1000, 512), (1000, 2048), (2000, 777), (8000, 32768)])
def test_nothing_is_said_of_a_pair_that_is_accepted(asked: tuple[int, int]) -> None:
    assert rounding("api", asking(*asked)) is None


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ((500, 512), "1000 millicores with 512 MiB"),
        ((1000, 256), "1000 millicores with 512 MiB"),
        ((3000, 2048), "4000 millicores with 2048 MiB"),
    ],
)
def test_rounding_up_is_told(asked: tuple[int, int], given: str) -> None:
    assert rounding("api", asking(*asked)) == (
        f"airfield:workloads.api: Cloud Run does not accept {asked[0]} millicores with {asked[1]} MiB; "
        f"rounded up to {given}"
    )
