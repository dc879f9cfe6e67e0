"""Where logs and traces are kept, and how long. Pure.

https://grafana.com/docs/loki/latest/configure/, https://grafana.com/docs/tempo/latest/configuration/
"""

LOKI_PORT = 3100
TEMPO_PORT = 3200
OTLP_PORT = 4318
"""Where traces are taken over HTTP: https://opentelemetry.io/docs/specs/otlp/#otlphttp-default-port"""


def loki_configuration(path: str, retention_days: int) -> dict[str, object]:
    """One process that keeps logs below `path`."""
    schema = {
        "from": "2024-01-01",
        "store": "tsdb",
        "object_store": "filesystem",
        "schema": "v13",
        "index": {"prefix": "index_", "period": "24h"},
    }
    return {
        "auth_enabled": False,
        "server": {"http_listen_port": LOKI_PORT},
        "common": {
            "path_prefix": path,
            "replication_factor": 1,
            "instance_addr": "127.0.0.1",
            "ring": {"kvstore": {"store": "inmemory"}},
        },
        "schema_config": {"configs": [schema]},
        "storage_config": {"filesystem": {"directory": f"{path}/chunks"}},
        "limits_config": {"retention_period": f"{retention_days * 24}h"},
        "compactor": {
            "working_directory": f"{path}/compactor",
            "retention_enabled": True,
            "delete_request_store": "filesystem",
        },
        "analytics": {"reporting_enabled": False},
    }


def tempo_configuration(path: str, retention_days: int) -> dict[str, object]:
    """One process that takes traces over OTLP and keeps them below `path`."""
    return {
        "server": {"http_listen_port": TEMPO_PORT},
        "distributor": {"receivers": {"otlp": {"protocols": {"http": {"endpoint": f"0.0.0.0:{OTLP_PORT}"}}}}},
        "storage": {
            "trace": {
                "backend": "local",
                "local": {"path": f"{path}/blocks"},
                "wal": {"path": f"{path}/wal"},
            }
        },
        "compactor": {"compaction": {"block_retention": f"{retention_days * 24}h"}},
        "usage_report": {"reporting_enabled": False},
    }
