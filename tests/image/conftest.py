"""What tests of images share: an engine, our Dockerfile built on it, containers that end with their test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.base_image import build_image
from tests.docker_engine import Engine, docker_engine
from tests.image.container import Container


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A real Docker engine, or a skip that says what to install."""
    with docker_engine() as engine:
        yield engine


@pytest.fixture(scope="session")
def api_image(engine: Engine) -> str:
    """The Dockerfile as it is, built on the Python of this machine."""
    build_image(engine, "airfield:test")
    return "airfield:test"


@pytest.fixture(scope="module")
def start(engine: Engine, api_image: str) -> Iterator[Callable[..., Container]]:
    """Starts a container of the image, locked in as strictly as any platform does, with no network at all."""
    with ExitStack() as containers:

        def start(*command: str, **environment: str) -> Container:
            container = Container.start(engine, api_image, *command, **environment)
            containers.callback(container.remove)
            return container

        yield start
