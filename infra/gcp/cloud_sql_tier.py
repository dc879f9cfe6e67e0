"""Which machines Cloud SQL runs PostgreSQL on. Pure."""

from math import ceil

EDITION = "ENTERPRISE"
"""The edition of custom machines. ENTERPRISE_PLUS starts at 2 CPUs with 16 GiB, and from PostgreSQL 16 on it
is what one gets without a word: https://cloud.google.com/sql/docs/postgres/editions-intro
"""
MAX_LOG_DAYS = 7
"""How far back the edition restores to any second.

https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr
"""
MAX_CPUS = 96
MIN_MEMORY_MIB = 3840
MEMORY_STEP_MIB = 256
LEAST_MEMORY_MIB_A_CPU = 922
MOST_MEMORY_MIB_A_CPU = 6656
MAX_MEMORY_MIB = MAX_CPUS * MOST_MEMORY_MIB_A_CPU
"""One CPU or an even number of them, and 0.9 to 6.5 GiB for each in steps of 256 MiB, at least 3.75 GiB.

https://cloud.google.com/sql/docs/postgres/machine-series-overview
"""


def cloud_sql_tier(cpus: int, memory_mib: int) -> str:
    """The smallest machine with so many CPUs and so much memory: `db-custom-2-4096`."""
    enough = max(cpus, ceil(memory_mib / MOST_MEMORY_MIB_A_CPU))
    sold_cpus = enough if enough == 1 else enough + enough % 2
    least_mib = max(memory_mib, MIN_MEMORY_MIB, sold_cpus * LEAST_MEMORY_MIB_A_CPU)
    sold_mib = ceil(least_mib / MEMORY_STEP_MIB) * MEMORY_STEP_MIB
    return f"db-custom-{sold_cpus}-{sold_mib}"
