"""What two stacks come to on every platform: production as committed, and one of which all is another."""

from typing import Any

from infra.portability import Target

NO_STORE = "none: the stack makes none"
ONE_POD = "none: nothing limits the requests of one pod: limit them in the server"
ONE_TASK = "none: nothing limits the requests of one task: limit them in the server"
TEN_SECONDS = "none: Cloud Run ends an instance 10 s after it was told to stop"
NO_STORES = {
    "database": NO_STORE,
    "database_availability": NO_STORE,
    "database_backup": NO_STORE,
    "database_encryption": NO_STORE,
    "cache": NO_STORE,
    "cache_availability": NO_STORE,
    "cache_encryption": NO_STORE,
}
PRODUCTION_ANYWHERE = {
    "cpu": "1000 millicores",
    "memory": "2048 MiB",
    "replicas": "2 to 10",
    "concurrency": ONE_POD,
    "request_timeout": "300 s without a byte",
    "drain": "30 s",
    "start_up": "60 s",
    "liveness": "30 s",
    "readiness": "15 s",
    "exposure": "public: https://api.example.com",
    "secrets": "none: it names none",
}
PRODUCTION: dict[Target, dict[str, str]] = {
    "aws": {
        "concurrency": "none: tasks are added at 4800 requests a minute each",
        "drain": "40 s",
        "liveness": "90 s",
        "readiness": "30 s",
    },
    "eks": {},
    "gcp": {
        "replicas": "2 to 100",
        "concurrency": "80 requests at once",
        "request_timeout": "300 s",
        "drain": TEN_SECONDS,
        "readiness": "none: /ready is asked until it has started",
    },
    "kubernetes": {},
    "swarm": {
        "replicas": "2, which nothing scales",
        "concurrency": ONE_TASK,
        "request_timeout": "300 s until a response begins",
        "drain": "35 s",
        "readiness": "1 s",
    },
}
"""What differs from that."""
PRODUCTION_SHARED: dict[Target, dict[str, str]] = {
    "aws": {
        "logs_kept": "30 days",
        "alerts": (
            "api-errors-fast > 1.44, api-errors-slow > 0.6, api-errors-ticket > 0.1, api-latency-fast > 1,"
            " api-latency-slow > 1, api-latency-ticket > 1, api-tasks-cpu > 90, api-unhealthy > 0"
        ),
    },
    "eks": {
        "logs_kept": "none declared: its add-on sends them to CloudWatch",
        "alerts": "none: nothing watches",
    },
    "gcp": {
        "logs_kept": "30 days",
        "alerts": (
            "api-errors-fast > 14.4 and 9, api-errors-slow > 6 and 9, api-errors-ticket > 3 and 9,"
            " api-errors: 99.9 % of requests do not fail, api-instances > 99,"
            " api-latency-fast > 10 and 19, api-latency-slow > 33 and 6, api-latency-ticket > 3 and 66,"
            " api-latency: 95 of 100 requests take less than 1000 ms, api-uptime > 1"
        ),
    },
    "kubernetes": {
        "logs_kept": "none declared: the nodes keep the newest",
        "alerts": (
            "none: alerts follow it where kubernetes.monitoring is bundled or operator; by default none do"
        ),
    },
    "swarm": {
        "logs_kept": "15 days",
        "alerts": (
            "APIHighErrorRate fast > 0.0144 and >= 10, APIHighErrorRate slow > 0.006 and >= 10,"
            " APIHighErrorRate ticket > 0.001 and >= 10, APIHighLatency fast > 1 and >= 10,"
            " APIHighLatency slow > 1 and >= 10, APIHighLatency ticket > 1 and >= 10,"
            " NodeDiskFull < 0.1, TargetDown == 0, TasksFalling < 300 and >= 2"
        ),
    },
}
OTHER: dict[str, Any] = {
    "airfield:environment": "staging",
    "airfield:image": "ghcr.io/acme/airfield:1",
    "airfield:domain": "www.example.org",
    "airfield:workloads": {
        "api": {
            "public": True,
            "cpuMillicores": 2100,
            "cpuRequestMillicores": 500,
            "memoryMib": 4200,
            "memoryRequestMib": 1024,
            "scaling": {"minReplicas": 3, "maxReplicas": 7, "concurrency": 40},
            "health": {"startSeconds": 120},
            "timeoutSeconds": 120,
            "drainSeconds": 90,
            "secrets": ["API_KEY"],
            "uses": ["postgres", "redis"],
        },
        "prices": {"port": 8001},
    },
    "airfield:postgres": {"version": 16, "storageGib": 50, "maxStorageGib": 200, "backupDays": 14},
    "airfield:redis": {"memoryMib": 1025, "replicas": 2},
    "airfield:slo": {"availabilityPercent": 99.5, "p95Milliseconds": 500},
    "airfield:aws": {"logRetentionDays": 90},
    "airfield:gcp": {"logRetentionDays": 90},
    "airfield:kubernetes": {"monitoring": "bundled", "retentionDays": 40, "edge": "gateway"},
    "airfield:swarm": {"retentionDays": 40},
    "airfield:secrets": {"API_KEY": "canary"},
    "gcp:project": "acme",
}
"""A stack of which every setting is another than production's."""
SET_ASIDE = {"cpu": "2100 millicores, 500 millicores set aside", "memory": "4200 MiB, 1024 MiB set aside"}
STORES_OF_AWS = {
    "database": "PostgreSQL 16, 50 GiB, grows to 200",
    "database_availability": "standby in another zone",
    "database_backup": "any second of 14 days",
    "database_encryption": "own KMS key",
    "cache": "Valkey 8.2, cache.t4g.small",
    "cache_availability": "2 copies, one takes over",
    "cache_encryption": "own KMS key, TLS",
}
OTHER_ANYWHERE = {
    **SET_ASIDE,
    "replicas": "3 to 7",
    "request_timeout": "120 s",
    "drain": "90 s",
    "start_up": "120 s",
    "exposure": "public: https://www.example.org",
    "logs_kept": "40 days",
}
OTHER_FACTS: dict[Target, dict[str, str]] = {
    "aws": {
        **STORES_OF_AWS,
        "cpu": "4000 millicores",
        "memory": "8192 MiB",
        "concurrency": "none: tasks are added at 4800 requests a minute each",
        "request_timeout": "120 s without a byte",
        "drain": "100 s",
        "secrets": "variables from Secrets Manager: API_KEY, DATABASE_URL, REDIS_URL",
        "logs_kept": "90 days",
    },
    "eks": {**STORES_OF_AWS, "secrets": "variables from a Secret: API_KEY, DATABASE_URL, REDIS_URL"},
    "gcp": {
        "cpu": "4000 millicores",
        "memory": "4200 MiB",
        "concurrency": "40 requests at once",
        "drain": TEN_SECONDS,
        "secrets": "variables from Secret Manager: API_KEY, DATABASE_URL, REDIS_URL",
        "database": "PostgreSQL 16, 50 GiB, grows to 200",
        "database_availability": "standby in another zone",
        "database_backup": "one a day, 14 days; any second of 7 days",
        "database_encryption": "Google's own keys",
        "cache": "Redis 7.2, 5 GiB",
        "cache_availability": "2 copies, one takes over",
        "cache_encryption": "Google's own keys, TLS",
        "logs_kept": "90 days",
    },
    "kubernetes": {
        "secrets": "variables from a Secret: API_KEY, DATABASE_URL, REDIS_URL",
        "database": "PostgreSQL 16.14, 50 GiB, does not grow",
        "database_availability": "none: one server, restarted elsewhere with its disk",
        "database_backup": "14 nightly dumps, in the cluster",
        "database_encryption": "none declared: as the storage class does it",
        "cache": "Redis 8.8.0, 1025 MiB",
        "cache_availability": "none: one server, whose append-only file outlives it",
        "cache_encryption": "none declared: as the storage class does it",
    },
    "swarm": {
        "replicas": "3, which nothing scales",
        "request_timeout": "120 s until a response begins",
        "drain": "95 s",
        "secrets": "files from Docker secrets: API_KEY, DATABASE_URL, REDIS_URL",
        "database": "PostgreSQL 16.14, as much as its node's disk holds",
        "database_availability": (
            "none: one server, on the node that has its volume; name an external one for standbys"
        ),
        "database_backup": "14 nightly dumps, on the same node",
        "database_encryption": "none: as the disk of its node is",
        "cache": "Redis 8.8.0, 1025 MiB",
        "cache_availability": "none: one server, whose append-only file outlives it",
        "cache_encryption": "none: as the disk of its node is",
    },
}
FIXED: dict[Target, set[str]] = {
    "aws": {"liveness", "readiness", "concurrency"},
    "eks": {"liveness", "readiness", "concurrency"},
    "gcp": {"liveness", "readiness", "drain"},
    "kubernetes": {"liveness", "readiness", "concurrency"},
    "swarm": {"liveness", "readiness", "concurrency"},
}
"""What no setting here changes: the probes' budgets are the same for every workload."""
