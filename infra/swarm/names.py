"""What things are called in a Swarm, so that `docker stack` knows them too. Pure."""

from base64 import b64encode
from hashlib import sha256

STACK_LABEL = "com.docker.stack.namespace"
"""By which `docker stack services`, `ps` and `rm` find what belongs together.

https://docs.docker.com/reference/cli/docker/stack/
"""
MAX_NAME_LENGTH = 64
"""Of a secret or a config: https://github.com/moby/swarmkit/blob/master/manager/controlapi/common.go"""
DIGITS = 8


def physical_name(namespace: str, name: str) -> str:
    """As `docker stack deploy` names a service or network: `airfield_api`."""
    return f"{namespace}_{name}"


def content_name(namespace: str, name: str, content: str) -> str:
    """The name of a secret or config, which cannot change: another content has another name."""
    readable = physical_name(namespace, name)[: MAX_NAME_LENGTH - DIGITS - 1]
    digest = sha256(f"{name}\n{content}".encode()).hexdigest()
    return f"{readable}-{digest[:DIGITS]}"


def encoded(content: str) -> str:
    """As the engine takes the content of a secret or config."""
    return b64encode(content.encode()).decode()
