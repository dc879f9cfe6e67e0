"""One Redis server of the official image: what it keeps, and how much. Knows no platform.

https://redis.io/docs/latest/operate/oss_and_stack/management/config/
"""

from infra.datastores import PORT, Redis


def redis_configuration(redis: Redis, password_path: str) -> str:
    """Loses a second of writes at most, and its oldest keys once it is full; the password is in a file."""
    lines = {
        "port": PORT["redis"],
        "dir": "/data",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory": f"{redis.memory_mib}mb",
        "maxmemory-policy": "allkeys-lru",
        "include": password_path,
    }
    return "".join(f"{key} {value}\n" for key, value in lines.items())
