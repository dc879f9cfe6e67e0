from itertools import product

import pytest

from infra.aws.fargate_size import MEMORY_MIB_BY_CPU_UNITS, fargate_size, rounding
from infra.workload import Workload

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html, in GiB
FOR_SALE_GIB = {
    256: [0.5, 1, 2],
    512: [1, 2, 3, 4],
    1024: [2, 3, 4, 5, 6, 7, 8],
    2048: [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
    4096: [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30],
    8192: [16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60],
    16384: [32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120],
}
FOR_SALE = sorted((units, int(gib * 1024)) for units, sizes in FOR_SALE_GIB.items() for gib in sizes)


def asking(cpu_millicores: int, memory_mib: int) -> Workload:
    return Workload(cpu_millicores=cpu_millicores, memory_mib=memory_mib)


def size(workload: Workload) -> tuple[int, int]:
    found = fargate_size(workload)
    return found.cpu_units, found.memory_mib


def test_the_sizes_are_those_that_aws_sells() -> None:
    assert [(units, mib) for units, sizes in MEMORY_MIB_BY_CPU_UNITS.items() for mib in sizes] == FOR_SALE


@pytest.mark.parametrize(("units", "mib"), FOR_SALE)
def test_a_size_that_is_sold_is_bought_as_it_is_and_nothing_is_said(units: int, mib: int) -> None:
    workload = asking(units * 1000 // 1024, mib)
    assert (size(workload), rounding("api", workload)) == ((units, mib), None)


@pytest.mark.parametrize(
    ("asked", "bought"),
    [
        ((100, 128), (256, 512)),
        ((250, 512), (256, 512)),
        ((250, 513), (256, 1024)),
        ((250, 2048), (256, 2048)),
        ((250, 2049), (512, 3072)),
        ((251, 512), (512, 1024)),
        ((500, 512), (512, 1024)),
        ((500, 4096), (512, 4096)),
        ((500, 4097), (1024, 5120)),
        ((501, 1024), (1024, 2048)),
        ((1000, 2048), (1024, 2048)),
        ((1000, 8193), (2048, 9216)),
        ((1001, 2048), (2048, 4096)),
        ((2000, 16385), (4096, 17408)),
        ((2001, 4096), (4096, 8192)),
        ((4000, 30721), (8192, 32768)),
        ((4001, 8192), (8192, 16384)),
        ((8000, 16385), (8192, 20480)),
        ((8000, 61441), (16384, 65536)),
        ((8001, 16384), (16384, 32768)),
        ((100, 122880), (16384, 122880)),
        ((16000, 122880), (16384, 122880)),
    ],
)
def test_what_is_not_sold_is_rounded_up(asked: tuple[int, int], bought: tuple[int, int]) -> None:
    assert size(asking(*asked)) == bought


def around(limits: set[int], lowest: int, highest: int) -> list[int]:
    near = {limit + step for limit in limits for step in (-1, 0, 1)}
    return sorted(value for value in near if lowest <= value <= highest)


def test_the_smallest_size_that_holds_is_bought_on_both_sides_of_every_boundary() -> None:
    millicores = around({units * 1000 // 1024 for units in FOR_SALE_GIB} | {100}, 100, 16000)
    memory = around({mib for _, mib in FOR_SALE} | {128}, 128, 122880)
    for cpu, mib in product(millicores, memory):
        holding = [(u, m) for u, m in FOR_SALE if u * 1000 >= cpu * 1024 and m >= mib]
        assert size(asking(cpu, mib)) == holding[0], (cpu, mib)


def test_rounding_up_is_told() -> None:
    assert rounding("api", asking(300, 700)) == (
        "airfield:workloads.api: Fargate does not sell 300 millicores with 700 MiB; "
        "rounded up to 500 millicores with 1024 MiB"
    )
