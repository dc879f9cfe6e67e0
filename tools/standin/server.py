"""Starts a stand-in for each package that the program may use. Knows nothing of stacks."""

from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
from pulumi.runtime.proto.provider_pb2_grpc import add_ResourceProviderServicer_to_server

from tools.standin.aws import Aws
from tools.standin.docker import Docker, DockerBuild
from tools.standin.gcp import Gcp
from tools.standin.kubernetes import Kubernetes
from tools.standin.provider import StandIn
from tools.standin.random import Random

_MAX_MESSAGE_OCTETS = 400 * 1024 * 1024


def standins(*, root: Path, render: bool, seed: bytes) -> Sequence[StandIn]:
    """Every stand-in there is. A further package is one more line."""
    return (
        Aws(),
        Docker(),
        DockerBuild(),
        Gcp(),
        Kubernetes(root=root, render=render),
        Random(seed=seed),
    )


@contextmanager
def serving(providers: Sequence[StandIn]) -> Generator[str]:
    """Serve them on ports of this machine: `aws:40001,gcp:40002`, as PULUMI_DEBUG_PROVIDERS takes it."""
    servers = [_server(provider) for provider in providers]
    try:
        yield ",".join(
            f"{provider.package}:{port}" for provider, (_, port) in zip(providers, servers, strict=True)
        )
    finally:
        for server, _ in servers:
            server.stop(grace=None)


def _server(provider: StandIn) -> tuple[grpc.Server, int]:
    octets = [("grpc.max_receive_message_length", _MAX_MESSAGE_OCTETS)]
    server = grpc.server(ThreadPoolExecutor(max_workers=4), options=octets)
    add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port
